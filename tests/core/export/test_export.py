import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.data.examples import Example, Message
from core.data.split import DatasetSplit, read_split, write_split
from core.errors import ExportDiffers, FolderNotEmpty, NotForThisStrategy, RunNotFinished, TooFewExamples, UnknownName
from core.export import EXPORTERS, export_run
from core.export.adapter import AdapterTarget, copy_base, portable_base
from core.export.card import write_card
from core.export.merged import MergedTarget
from core.export.verify import NUM_PROMPTS, _prompts
from core.studio import Studio
from core.workspace import RunFolder, Workspace, read_json, write_json
from tests.helpers.trained import Trained


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Where exports go; the runs stay where they are."""
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what does not depend on loading the files back."""
    monkeypatch.setattr("core.export.verify", lambda *_: None)


def test_a_zip_holds_all_that_is_needed_elsewhere(workspace: Workspace, trained: Trained, unverified: None):
    made = export_run(workspace, trained.folder("lora"), "adapter", None)
    assert made.path.parent.is_relative_to(workspace.exports)
    assert made.bytes == made.path.stat().st_size
    assert len(made.sha256) == 64
    with zipfile.ZipFile(made.path) as archive:
        names = set(archive.namelist())
        config = json.loads(archive.read("adapter_config.json"))
        card = archive.read("README.md").decode()
        assert archive.read("use_it.py").decode() == made.how_to
        assert archive.testzip() is None
    weights = {"adapter_model.safetensors", "adapter_config.json"}
    words = {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}
    assert names == weights | words | {"README.md", "use_it.py"}
    assert config["base_model_name_or_path"] == trained.base.name
    status = trained.studio.run(trained.ids["lora"]).status
    for told in ("(loss)", "(perplexity)", "| lora_alpha | 32 |", f"kept: step {status.best_step}", "16 examples"):
        assert told in card
    assert str(trained.base) not in card


def test_a_base_is_named_as_others_know_it(tmp_path: Path, trained: Trained):
    assert portable_base("somebody/model") == "somebody/model"
    assert portable_base(str(trained.base)) == trained.base.name
    folder = tmp_path / "downloaded"
    folder.mkdir()
    for known, expected in (("somebody/model", "somebody/model"), ("/home/me/model", folder.name), (None, folder.name)):
        (folder / "config.json").write_text(json.dumps({"_name_or_path": known}), encoding="utf-8")
        assert portable_base(str(folder)) == expected


def test_the_starter_travels_with_its_adapter(tmp_path: Path):
    assert portable_base("starter") == "base"
    copy_base("starter", tmp_path / "base")
    names = {path.name for path in (tmp_path / "base").iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "chat_template.jinja"} <= names
    assert not [name for name in names if name.endswith(".py")]


def test_a_damaged_adapter_is_found_out_and_not_offered(
    workspace: Workspace, trained: Trained, monkeypatch: pytest.MonkeyPatch
):
    write = AdapterTarget.write

    def damaging(self: AdapterTarget, folder: Any, plan: Any, files: Path) -> None:
        write(self, folder, plan, files)
        path = files / "adapter_model.safetensors"
        weights = load_file(path)
        save_file({name: weight.flip(0) for name, weight in weights.items()}, path)

    monkeypatch.setattr(AdapterTarget, "write", damaging)
    with pytest.raises(ExportDiffers, match="questions"):
        export_run(workspace, trained.folder("lora"), "adapter", None)
    assert [path for path in workspace.exports.rglob("*") if path.is_file()] == []


def test_files_that_do_not_load_are_found_out_too(
    workspace: Workspace, trained: Trained, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    write = AdapterTarget.write

    def damaging(self: AdapterTarget, folder: Any, plan: Any, files: Path) -> None:
        write(self, folder, plan, files)
        (files / "adapter_model.safetensors").write_bytes(b"nonsense")

    monkeypatch.setattr(AdapterTarget, "write", damaging)
    with pytest.raises(ExportDiffers, match="do not load"):
        export_run(workspace, trained.folder("lora"), "adapter", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_whatever_fails_on_the_way_leaves_no_files(
    workspace: Workspace, trained: Trained, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr("core.export.adapter.write_card", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        export_run(workspace, trained.folder("lora"), "adapter", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_target_that_needs_another_strategy_is_refused_with_those_that_fit(workspace: Workspace, trained: Trained):
    with pytest.raises(NotForThisStrategy) as caught:
        export_run(workspace, trained.folder("full"), "adapter", None)
    assert caught.value.facts["choices"] == "merged"
    with pytest.raises(UnknownName) as unknown:
        export_run(workspace, trained.folder("lora"), "gold", None)
    assert unknown.value.facts["choices"] == ", ".join(EXPORTERS.names())
    assert list(workspace.exports.rglob("*")) == []


@pytest.mark.parametrize("strategy", ["prefix_tuning", "prompt_tuning", "p_tuning"])
def test_what_stands_before_a_conversation_cannot_be_merged(workspace: Workspace, trained: Trained, tmp_path, strategy):
    run = RunFolder(shutil.copytree(trained.folder("lora").path, tmp_path / "run"))
    write_json(run.plan, {**read_json(run.plan), "strategy": strategy, "options": {}})
    with pytest.raises(NotForThisStrategy) as caught:
        export_run(workspace, run, "merged", None)
    assert caught.value.facts["choices"] == "adapter"
    assert not workspace.exports.exists() or not any(workspace.exports.iterdir())


def test_nothing_of_the_persons_is_overwritten(workspace: Workspace, trained: Trained, tmp_path: Path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    for taken in (out, out / "mine.txt"):
        with pytest.raises(FolderNotEmpty):
            export_run(workspace, trained.folder("lora"), "adapter", taken)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_of_ones_own_gets_the_files_themselves(
    workspace: Workspace, trained: Trained, unverified: None, tmp_path: Path, exists: bool, monkeypatch
):
    monkeypatch.setattr(
        "core.export.merged.write_card", lambda *given: write_card(*given) or (given[2] / "sub").mkdir()
    )
    out = tmp_path / "deep" / "out"
    if exists:
        out.mkdir(parents=True)
    made = export_run(workspace, trained.folder("full"), "merged", out)
    assert made.path == out
    assert made.sha256 == ""
    assert made.bytes == sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    names = {path.name for path in out.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "README.md", "use_it.py"} <= names


def test_an_export_can_be_made_again(workspace: Workspace, trained: Trained, unverified: None):
    first = export_run(workspace, trained.folder("lora"), "adapter", None)
    again = export_run(workspace, trained.folder("lora"), "adapter", None)
    assert again.path == first.path
    assert again.path.exists()


def test_a_run_without_a_result_is_not_exported(studio: Studio, trained: Trained):
    folder = studio.workspace.run("empty")
    folder.path.mkdir()
    folder.plan.write_bytes(trained.folder("lora").plan.read_bytes())
    with pytest.raises(RunNotFinished):
        studio.export("empty", "adapter")


def on_bf16_base(trained: Trained, strategy: str, folder: Path) -> RunFolder:
    """A run as if it had been made on the same base kept in bfloat16."""
    from transformers import AutoModelForCausalLM

    shutil.copytree(trained.base, folder / "base")
    AutoModelForCausalLM.from_pretrained(trained.base, dtype=torch.bfloat16).save_pretrained(folder / "base")
    run = RunFolder(Path(shutil.copytree(trained.folder(strategy).path, folder / "run")))
    write_json(run.plan, {**read_json(run.plan), "base": str(folder / "base")})
    return run


def tuned_in_float32(run: RunFolder, base: Path) -> dict[str, torch.Tensor]:
    """Every weight of a tuned model by the book: a layer's own and, for LoRA, B A alpha / r on top."""
    if not (run.adapter / "adapter_config.json").exists():
        return load_file(run.adapter / "model.safetensors")
    weights = {name: weight.float() for name, weight in load_file(base / "model.safetensors").items()}
    config, learned = (
        read_json(run.adapter / "adapter_config.json"),
        load_file(run.adapter / "adapter_model.safetensors"),
    )
    for name in [name for name in learned if "lora_A" in name]:
        change = learned[name.replace("lora_A", "lora_B")] @ learned[name] * config["lora_alpha"] / config["r"]
        weights[name.removeprefix("base_model.model.").replace("lora_A.", "")] += change
    return weights


@pytest.mark.parametrize("strategy", ["lora", "full"])
def test_a_whole_model_is_kept_in_the_number_format_of_its_base(
    workspace: Workspace, trained: Trained, tmp_path: Path, strategy: str
):
    run = on_bf16_base(trained, strategy, tmp_path)
    assert export_run(workspace, run, "merged", tmp_path / "out").verified
    made, by_the_book = load_file(tmp_path / "out" / "model.safetensors"), tuned_in_float32(run, tmp_path / "base")
    assert {weight.dtype for weight in made.values()} == {torch.bfloat16}
    assert read_json(tmp_path / "out" / "config.json")["dtype"] == "bfloat16"
    assert set(made) == set(by_the_book)
    for name, weight in made.items():  # rounded once: at most half a step of bfloat16 away
        torch.testing.assert_close(weight.float(), by_the_book[name].float(), rtol=2**-8, atol=1e-6, msg=name)


def test_a_whole_model_that_was_damaged_is_found_out(
    workspace: Workspace, trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write = MergedTarget.write

    def damaging(self: MergedTarget, folder: Any, plan: Any, files: Path) -> None:
        write(self, folder, plan, files)
        shutil.copyfile(tmp_path / "base" / "model.safetensors", files / "model.safetensors")  # nothing was merged

    monkeypatch.setattr(MergedTarget, "write", damaging)
    with pytest.raises(ExportDiffers, match="questions"):
        export_run(workspace, on_bf16_base(trained, "lora", tmp_path), "merged", tmp_path / "out")


def with_split(folder: Path, train: list[str], validation: list[str]) -> RunFolder:
    """A run with these examples, each a word of roles: "ua" is a question and an answer."""
    roles = {"s": "system", "u": "user", "a": "assistant"}
    run = RunFolder(folder / "run")
    made = [
        tuple(
            Example(f"{part}:{number}", tuple(Message(roles[role], f"{part} {number}") for role in word))  # type: ignore[arg-type]
            for number, word in enumerate(words)
        )
        for part, words in (("train", train), ("validation", validation))
    ]
    write_split(DatasetSplit(*made), run.data)
    return run


@pytest.mark.parametrize(
    ("train", "validation", "asked"),
    [
        (["ua"], ["ua", "sua", "uaua"], ["validation 0", "validation 1", "validation 2"]),
        (["ua"], ["a", "u", "su", "aua", "ua"], ["validation 1", "validation 2", "validation 4"]),
        (["a", "ua"], ["a", "sa", "au"], ["train 1"]),
        (["ua", "ua", "ua", "ua", "ua"], [], ["train 0", "train 1", "train 2", "train 3"]),
    ],
)
def test_it_is_checked_on_examples_in_which_something_is_asked(
    tmp_path: Path, train: list[str], validation: list[str], asked: list[str]
):
    prompts = _prompts(with_split(tmp_path, train, validation))
    assert [prompt[-1]["content"] for prompt in prompts] == asked
    assert all(prompt[-1]["role"] == "user" for prompt in prompts)


def test_a_run_of_texts_is_checked_on_how_they_begin(tmp_path: Path):
    prompts = _prompts(with_split(tmp_path, ["a", "sa"], ["a"]))
    assert prompts == [[{"role": "user", "content": text}] for text in ("validation 0", "train 0")]


def test_a_run_without_a_question_and_a_text_cannot_be_checked_and_says_so(tmp_path: Path):
    with pytest.raises(TooFewExamples, match="run/data: 0 usable"):
        _prompts(with_split(tmp_path, ["s", "sa"], []))


def test_it_is_checked_on_questions_that_were_never_learned(trained: Trained):
    prompts = _prompts(trained.folder("lora"))
    held_back = {example.messages[0].content for example in read_split(trained.folder("lora").data).validation}
    assert len(prompts) == NUM_PROMPTS
    assert all(prompt[-1]["role"] == "user" and prompt[-1]["content"] in held_back for prompt in prompts)
