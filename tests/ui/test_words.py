"""Every word in both languages, and no word anywhere else."""

import ast
import re
import string
from pathlib import Path
from typing import get_args

import pytest

from core import errors
from core.chat.settings import ChatSettings
from core.data.cleaners import CLEANERS
from core.data.formats import FORMATS
from core.data.rules import RULE_PRESETS
from core.data.samples import SAMPLES
from core.data.writers import WRITERS
from core.errors import (
    BrokenJson,
    ConversationTooLong,
    DeviceBusy,
    Diverged,
    EmptyFile,
    NotTrainingData,
    OptionRefused,
    RunNotFinished,
    RunNotResumable,
    StopTokenNotLearned,
    TailorError,
    TooLittleMemory,
)
from core.evaluation import FIGURES
from core.export import EXPORTERS
from core.knobs import knobs_of
from core.runs.status import ACTIVE, RESUMABLE, State
from core.strategies import STRATEGIES
from core.tasks import TASKS
from core.training.plan import Schedule
from core.training.presets import GOALS, PRESETS
from ui.words import LANGUAGES, PHRASE, is_chinese, read_locale, words_for

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "ui").rglob("*.py"))
ENGLISH, CHINESE = read_locale("en"), read_locale("zh")


def all_errors(parent=TailorError):
    for child in parent.__subclasses__():
        yield child
        yield from all_errors(child)


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def owned_by_core():
    """Key and English of everything core says to people."""
    for error in all_errors():
        if "template" in vars(error):
            yield f"error.{error.code}", error.template
    for table, prefix, parts in (
        (SAMPLES, "sample", ("label", "help")),
        (GOALS, "goal", ("label", "help")),
        (PRESETS, "preset", ("label", "why")),
        (STRATEGIES, "strategy", ("label", "summary", "when", "cost")),
        (TASKS, "task", ("label", "summary")),
        (FIGURES, "figure", ("label", "help")),
        (CLEANERS, "cleaner", ("label", "help")),
        (RULE_PRESETS, "rule_preset", ("label", "help")),
        (FORMATS, "format", ("label",)),
        (EXPORTERS, "export", ("label", "help")),
        (WRITERS, "writer", ("label", "help")),
    ):
        for entry in table:
            yield from ((f"{prefix}.{entry.name}.{part}", getattr(entry, part)) for part in parts)
    for entry in FORMATS:
        yield from ((f"slot.{entry.name}.{slot.name}", slot.label) for slot in entry.slots)
    for scope, options in [("knob", entry.options) for entry in (*STRATEGIES, *TASKS)] + [
        ("knob", Schedule),
        ("chat", ChatSettings),
    ]:
        for knob in knobs_of(options):
            yield f"{scope}.{knob.name}.label", knob.label
            yield f"{scope}.{knob.name}.help", knob.help
            if knob.unit:
                yield f"unit.{knob.unit}", knob.unit


def test_both_languages_have_the_same_page_words():
    core = {key for key, _ in owned_by_core()}
    page = {key for key in CHINESE if not key.startswith(PHRASE)} - core
    assert page == set(ENGLISH)


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_both_languages_fill_the_same_places(key):
    assert places(CHINESE[key]) == places(ENGLISH[key])


@pytest.mark.parametrize(("key", "english"), sorted(set(owned_by_core())))
def test_everything_core_says_is_translated(key, english):
    assert key in CHINESE, f"{key} has no Chinese in assets/locales/zh.json: {english}"
    assert is_chinese(CHINESE[key]) or CHINESE[key] == english
    if key.startswith("error."):
        assert places(CHINESE[key]) == places(english)


def test_every_translation_of_core_is_still_used():
    prefixes = (
        "error.",
        "knob.",
        "chat.",
        "sample.",
        "goal.",
        "preset.",
        "strategy.",
        "task.",
        "figure.",
        "cleaner.",
        "rule_preset.",
        "format.",
        "slot.",
        "unit.",
    )
    core = {key for key, _ in owned_by_core()}
    assert not {key for key in CHINESE if key.startswith(prefixes)} - core


def used_keys():
    """Every key the page asks for by a literal."""
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ("words", "count"):
                    yield node.args[0].value, name == "count"


def test_every_word_asked_for_is_there():
    for key, counted in used_keys():
        forms = [f"{key}.one", f"{key}.many"] if counted else [key]
        assert all(form in ENGLISH for form in forms), key


def test_states_have_names():
    for state in (*ACTIVE, *RESUMABLE, "finished"):
        assert f"state.{state}" in ENGLISH
        assert f"train.says.{state}" in ENGLISH or state == "running"


HTML_WORDS = re.compile(r"<[^>]*>|&\w+;")


def literals(module):
    """Strings of a module that are neither docstrings nor in a comment."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documented = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented:
            yield node


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_word_for_people_stands_in_the_code(module):
    """Two English words in a row, or a Chinese character, in a literal is a text that belongs in the locale files."""
    allowed = {"ACTIONS", "STEPS_JS", "_THEME_ICON", "FONTS", "MONO"}
    tree = ast.parse(module.read_text(encoding="utf-8"))
    code = {
        constant
        for node in tree.body
        if isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & allowed
        for constant in ast.walk(node)
    }
    lines = {node.lineno for node in code if hasattr(node, "lineno")}
    for node in literals(module):
        text = HTML_WORDS.sub(" ", node.value)
        is_text = re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", text) or re.search(r"^[A-Z][a-z]+[ .]", text)
        assert node.lineno in lines or not (is_text or is_chinese(text)) or "log" in text or "callback" in text, text


def test_one_and_many(english):
    assert english.count("data.next", 1) == "Plan with 1 example"
    assert english.count("data.next", 1200) == "Plan with 1,200 examples"


def test_an_error_is_said_in_the_language_of_the_page(english, chinese):
    error = EmptyFile(file="a.csv")
    assert english.error(error) == str(error)
    assert chinese.error(error).startswith("a.csv：文件是空的")


def test_what_core_puts_into_an_error_is_translated_too(chinese):
    broken = BrokenJson(file="a.json", line=3, column=7, found="'x'", expected="a comma or a closing bracket")
    assert chinese.error(broken) == "a.json 第 3 行第 7 列：读到的是'x'，需要的是逗号或右括号。请改正这一行，再上传。"
    refused = OptionRefused(name="epochs", found=900, expected="a number from 0.01 to 100")
    assert "需要的是0.01 到 100 的数" in chinese.error(refused)
    other = NotTrainingData(file="a.json", place="row 1", found="an object with 'foo' and 3 more")
    assert "第 1 行" in chinese.error(other) and "带 'foo' 等（另有 3 个）的对象" in chinese.error(other)


def test_who_has_the_device_is_said_in_chinese(chinese):
    assert "设备正忙：训练 20261124-shop。" in chinese.error(DeviceBusy(holder="the run 20261124-shop"))
    assert "设备正忙：“比较”里的一次回答。" in chinese.error(DeviceBusy(holder="an answer in Compare"))
    assert "设备正忙：另一项任务。" in chinese.error(DeviceBusy(holder="another task"))


def test_why_a_question_is_too_long_is_said_in_chinese(chinese):
    expected = "at most 12 after 500 tokens of conversation (this model reads 512)"
    for refused in (
        OptionRefused(name="max_new_tokens", found=64, expected=expected),
        ConversationTooLong(found=600, expected=512),
    ):
        said = chinese.error(refused)
        assert "512" in said and "conversation" not in said and "reads" not in said


@pytest.mark.parametrize("state", get_args(State))
def test_the_state_of_a_run_in_an_error_has_the_name_the_page_gives_it(chinese, state):
    assert chinese(f"state.{state}") in chinese.error(RunNotFinished(id="r", state=state))
    assert chinese(f"state.{state}") in chinese.error(RunNotResumable(id="r", reason=f"it is {state}"))


def test_rates_stay_readable(chinese):
    error = Diverged(step=7, found="nan", rate="2e-04", expected="6.7e-05")
    assert (
        chinese.error(error) == "第 7 步的损失失控了（nan），退回去放慢后也没有好转。请把学习率从 2e-04 降到 6.7e-05。"
    )


def test_quoted_places_of_a_template_are_filled(chinese):
    error = StopTokenNotLearned(found=3, rows=9, token="<|im_end|>", expected=157)
    assert "<|im_end|>" in chinese.error(error) and "{" not in chinese.error(error)


def test_a_failure_without_a_code_keeps_its_message(words):
    assert words.error_of("", {}, "out of luck") == "out of luck"


def test_every_error_can_be_said_in_every_language(words):
    facts = dict.fromkeys({name.split("!")[0] for _, text in owned_by_core() for name in places(text)}, "x")
    for error in all_errors(errors.TailorError):
        assert "{" not in words.error(error(**facts))


def test_a_language_is_read_once():
    assert words_for("zh") is words_for("zh")
    assert LANGUAGES[0] == "en"


def test_an_error_calls_an_option_by_its_plain_name_with_the_term_in_brackets(english, chinese):
    refused = OptionRefused(name="epochs", found=900, expected="a number from 0.01 to 100")
    assert english.error(refused).startswith("The option “How often each example is seen” (epochs) was given 900")
    assert chinese.error(refused).startswith("选项“每条例子看几遍”（epochs）的值是")
    little = TooLittleMemory(expected="9.0", found="4.0")
    assert "Lower “Longest example” (max_length) or “Examples at a time” (batch_size)." in english.error(little)
    assert "“例子的最大长度”（max_length）" in chinese.error(little)
    asked = OptionRefused(name="max_new_tokens", found=900, expected="at most 12")
    assert "“Longest answer” (max_new_tokens)" in english.error(asked)


def test_a_word_that_is_also_an_option_stays_a_word(words):
    assert words.error_of("", {}, "all epochs and seed r of 'seed'") == "all epochs and seed r of 'seed'"


@pytest.mark.parametrize(
    "fact",
    [
        "the end of the file at column 28",
        "an answer marked as unwanted",
        "a text in which only one side speaks",
        "a Zstandard archive",
        "a document that is damaged or too large to open",
        "an archive of 1001 files, 1000 at most are read",
        "damaged (no footer)",
        "JSONL, JSON, or a .zip or .gz of them",
        "'[1]' as a label",
    ],
)
def test_what_readers_say_is_said_in_chinese(fact: str):
    assert is_chinese(words_for("zh").phrase(fact))
