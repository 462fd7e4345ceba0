"""Every target for every strategy it is for: the files answer as the run does, in a process with nothing of ours."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from core.export import EXPORTERS, export_run, fits
from core.strategies import STRATEGIES
from core.strategies.base import Saved
from core.workspace import Workspace
from tests.helpers.plans import CPU
from tests.helpers.trained import Ways

QUESTION = "Where is parcel 3?"
PLAIN = """
import json, os, runpy, sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
folder, base, question = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(base or folder, dtype=torch.float32)
if base:
    from peft import PeftModel
    model = PeftModel.from_pretrained(model, folder)
inputs = tokenizer.apply_chat_template([{"role": "user", "content": question}], add_generation_prompt=True,
                                       return_tensors="pt", return_dict=True)
out = model.eval().generate(**inputs, max_new_tokens=30, do_sample=False)
print(json.dumps(tokenizer.decode(out[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True)))
os.chdir(folder)
runpy.run_path("use_it.py", run_name="__main__")
"""
HERE = [strategy.name for strategy in STRATEGIES if strategy.unavailable(CPU) is None]
CASES = [(target, strategy) for target in EXPORTERS for strategy in HERE if fits(target, strategy)]


def answers_elsewhere(folder: Path, base: str) -> list[str]:
    """What a fresh process says to the question, and all that the export's own script prints there."""
    command = [sys.executable, "-c", PLAIN, str(folder), base, QUESTION]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    first, _, rest = done.stdout.partition("\n")
    return [json.loads(first), rest]


@pytest.mark.parametrize("target", EXPORTERS, ids=lambda target: target.name)
def test_a_target_says_what_it_is(target):
    assert target.name.isidentifier()
    assert target.label
    assert target.help.endswith(".")
    assert set(target.takes) <= set(get_args(Saved))
    assert any(fits(target, strategy.name) for strategy in STRATEGIES)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.name)
def test_every_way_to_train_can_be_taken_home(strategy):
    assert any(fits(target, strategy.name) for target in EXPORTERS)


@pytest.mark.parametrize(("target", "strategy"), CASES, ids=lambda case: getattr(case, "name", case))
def test_the_files_answer_as_the_run_does(target, strategy: str, ways: Ways, tmp_path: Path, monkeypatch):
    from core.chat.conversation import Conversation
    from core.chat.settings import ChatSettings

    monkeypatch.setattr("core.export.verify", lambda *_: None)  # checked here by other means
    out = tmp_path / "out"
    made = export_run(Workspace(tmp_path / "workspace"), ways.folder(strategy), target.name, out)
    assert (made.target, made.path) == (target.name, out)
    for name in ("README.md", "use_it.py", "tokenizer.json", "chat_template.jinja"):
        assert (out / name).stat().st_size
    assert not [path for path in out.rglob("*") if path.suffix in (".bin", ".pt", ".pth")]

    def tuned(question: str, num_tokens: int) -> str:
        settings = ChatSettings(max_new_tokens=num_tokens)
        *_, last = ways.studio.ask(ways.ids[strategy], Conversation().asked(question), settings)
        return last.tuned

    shutil.copytree(ways.base, out / "path" / "to" / ways.base.name)  # where the script says to put it
    base = str(ways.base) if (out / "adapter_config.json").exists() else ""
    answer, printed = answers_elsewhere(out, base)
    assert answer.rstrip("\ufffd") == tuned(QUESTION, 30)  # the page leaves half a letter away
    assert printed.strip().rstrip("\ufffd") == tuned("Hello", 200).strip()
    lines = [line for line in made.how_to.splitlines() if line and not line.startswith("#")]
    assert len(lines) <= 10 and all(len(line) <= 120 for line in lines)
