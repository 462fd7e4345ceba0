"""Start-up: arguments, and what is refused before anything is loaded."""

import socket
import subprocess
import sys
from pathlib import Path

import gradio as gr
import pytest

import app
from core.workspace import DEFAULT_WORKSPACE

ROOT = Path(__file__).resolve().parent.parent


def start(*arguments):
    return subprocess.run(
        [sys.executable, "app.py", "--no-browser", *arguments],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_defaults_stay_on_this_machine():
    given = app.read_arguments([])
    assert (given.host, given.port, given.workspace, given.auth) == ("127.0.0.1", 7860, DEFAULT_WORKSPACE, [])


@pytest.mark.parametrize(
    ("host", "here"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("my.host", False)]
)
def test_which_hosts_are_this_machine(host, here):
    assert app.is_this_machine(host) is here


def test_logins_are_read_and_may_hold_colons():
    assert app.logins(["anna:se:cret", "ben:x"]) == [("anna", "se:cret"), ("ben", "x")]


@pytest.mark.parametrize("wrong", ["anna", "anna:", ":x", ""])
def test_a_login_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="USER:PASSWORD"):
        app.logins([wrong])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "0.0.0.0"), "--auth"),
        (("--auth", "anna"), "USER:PASSWORD"),
        (("--workspace", "/proc/nowhere"), "--workspace"),
    ],
)
def test_a_mistake_ends_with_one_sentence_and_code_2(arguments, said):
    ended = start("--port", "0", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr and "Traceback" not in ended.stderr and ended.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = start("--port", str(taken.getsockname()[1]))
    assert ended.returncode == 2 and "--port" in ended.stderr and "Traceback" not in ended.stderr


def test_a_port_taken_between_the_look_and_the_launch_is_told_the_same_way():
    with gr.Blocks() as page, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        given = app.read_arguments(["--no-browser", "--port", str(port)])
        with pytest.raises(ValueError, match=rf"Port {port} on 127.0.0.1 cannot be used \(.+\)\. .*--port") as refused:
            app.launch(page, given, [])
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("platform", "options"), [("linux", [socket.SO_REUSEADDR]), ("win32", [])])
def test_on_windows_a_port_in_use_is_not_shared(monkeypatch, platform, options):
    """There SO_REUSEADDR would let the look succeed on a port that somebody listens on."""
    given = []

    class Probe(socket.socket):
        def setsockopt(self, level, option, value):
            given.append(option)

    monkeypatch.setattr(app.sys, "platform", platform)
    monkeypatch.setattr(app.socket, "socket", Probe)
    app.refuse_unsafe("127.0.0.1", 0, [])
    assert given == options
