import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from core.errors import ExportDiffers, FolderNotEmpty, NotForThisStrategy, RunNotFinished, UnknownName
from core.export import EXPORTERS, export_run
from core.export.adapter import AdapterTarget, copy_base, portable_base
from core.export.card import write_card
from core.export.verify import NUM_PROMPTS, _prompts
from core.studio import Studio
from core.workspace import Workspace
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
    for told in ("(loss)", "(perplexity)", "| lora_alpha | 32 |", f"kept: step {status.best_step}", "16 conversations"):
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


def test_it_is_checked_on_questions_that_were_never_learned(trained: Trained):
    from core.data.split import read_split

    prompts = _prompts(trained.folder("lora"))
    held_back = {example.messages[0].content for example in read_split(trained.folder("lora").data).validation}
    assert len(prompts) == NUM_PROMPTS
    assert all(prompt[-1]["role"] == "user" and prompt[-1]["content"] in held_back for prompt in prompts)
