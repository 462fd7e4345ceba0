import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil

from core.runs.status import Owner, RunStatus, read_status, write_status


def test_a_status_survives_its_file(tmp_path: Path):
    status = RunStatus("running", step=3, num_steps=6, best_loss=1.5, owner=Owner.current())
    write_status(tmp_path / "status.json", status)
    assert read_status(tmp_path / "status.json") == status
    assert status.is_active
    assert status.share_done == 0.5
    assert RunStatus("starting").share_done == 0.0


def test_a_run_whose_process_died_is_interrupted(tmp_path: Path):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = Owner(child.pid, psutil.Process(child.pid).create_time())
    write_status(tmp_path / "status.json", RunStatus("running", owner=owner))
    assert read_status(tmp_path / "status.json").state == "running"
    child.send_signal(signal.SIGKILL)
    time.sleep(0.2)  # dead, and nobody has waited for it: its number is still taken
    assert read_status(tmp_path / "status.json").state == "interrupted"
    child.wait()
    assert child.stdin
    child.stdin.close()
    assert read_status(tmp_path / "status.json").state == "interrupted"


def test_another_process_with_the_same_number_is_another(tmp_path: Path):
    earlier = replace(Owner.current(), started=Owner.current().started - 100)
    assert Owner.current().is_alive
    assert not earlier.is_alive
    write_status(tmp_path / "status.json", RunStatus("running", owner=earlier))
    assert read_status(tmp_path / "status.json").state == "interrupted"


def test_a_run_that_is_over_stays_as_it_was(tmp_path: Path):
    gone = Owner(os.getpid(), 0.0)
    for state in ("paused", "finished", "stopped", "failed"):
        write_status(tmp_path / "status.json", RunStatus(state, owner=gone))
        assert read_status(tmp_path / "status.json").state == state


def test_a_run_without_a_status_was_interrupted(tmp_path: Path):
    assert read_status(tmp_path / "none.json").state == "interrupted"


def test_a_run_whose_thread_ended_in_this_process_is_not_going():
    def owner_of(name: str) -> Owner:
        found: list[Owner] = []
        thread = threading.Thread(target=lambda: found.append(Owner.current()), name=name)
        thread.start()
        thread.join()
        return found[0]

    assert not owner_of("run 20260101-a").is_alive
    assert owner_of("AnyIO worker").is_alive  # it only began the run; the run's own thread is yet to speak


def test_little_was_learned_when_unseen_examples_are_hardly_easier():
    assert RunStatus("finished", first_validation_loss=3.0, best_loss=2.9).learned_little
    assert not RunStatus("finished", first_validation_loss=3.0, best_loss=2.0).learned_little
    assert not RunStatus("finished").learned_little
