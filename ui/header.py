"""The slim header, and the six tabs as steps: what is done, what comes now, what is still missing."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from core.runs.store import RunView
from core.workspace import ASSETS
from ui.guard import Updates
from ui.markup import Markup, div, join, span, tag
from ui.quantities import duration, number, percent
from ui.words import Words

if TYPE_CHECKING:
    from core.hardware import Device

TABS = ("data", "plan", "train", "compare", "export", "runs")
STEPS_JS = """
const mark = () => {
  for (const [tab, step] of Object.entries(JSON.parse(props.value || '{}'))) {
    const button = document.getElementById('tab-' + tab + '-button');
    if (!button) continue;
    button.dataset.step = step.state;
    button.dataset.hint = step.hint;
    button.title = step.hint;
  }
};
watch('value', mark);
requestAnimationFrame(mark);
"""


@dataclass(frozen=True)
class Header:
    """The components above the tabs."""

    run: gr.Button
    device: gr.HTML
    steps: gr.HTML


def build_header(words: Words) -> Header:
    """Name, the run that goes, the machine, language, light or dark."""
    with gr.Row(elem_classes="header", equal_height=True):
        gr.HTML(_brand(words), elem_classes="brand-holder")
        run = gr.Button("", visible=False, elem_id="header-run", elem_classes="run-pill", min_width=0)
        device = gr.HTML("", elem_id="header-device", elem_classes="grow")
        gr.HTML(_switches(words), elem_classes="switches-holder")
    return Header(run, device, gr.HTML("{}", html_template="<i></i>", js_on_load=STEPS_JS, elem_classes="unseen"))


def _brand(words: Words) -> Markup:
    mark = Markup((ASSETS / "favicon.svg").read_text(encoding="utf-8"))
    return tag("h1", span("mark", mark, aria_hidden="true"), words("app.name"), class_="brand")


def _switches(words: Words) -> Markup:
    other = "zh" if words.language == "en" else "en"
    language = tag(
        "button",
        words("header.other_language"),
        type="button",
        id="header-language",
        class_="switch",
        onclick=f"tailor.switchLanguage('{other}')",
        lang=other,
    )
    theme = tag(
        "button",
        Markup(_THEME_ICON),
        type="button",
        id="header-theme",
        class_="switch icon",
        onclick="tailor.switchTheme()",
        aria_label=words("header.theme"),
        title=words("header.theme"),
    )
    return div("switches", language, theme)


_THEME_ICON = (
    '<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><circle cx="10" cy="10" r="7" fill="none" '
    'stroke="currentColor" stroke-width="1.6"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/></svg>'
)


def device_html(words: Words, device: "Device") -> Markup:
    """What trains here, and how much memory it has."""
    text = words("header.device", name=device.name, memory=number(device.memory_gib, 0))
    return tag("p", text, class_="device")


def run_update(words: Words, active: RunView | None) -> Any:
    """The run that goes: a dot, how far, how long still."""
    if active is None:
        return gr.Button(visible=False)
    left = duration(words, active.status.seconds_left)
    text = words("header.run", title=active.plan.title, share=percent(round(active.status.share_done, 2)), left=left)
    return gr.Button(text, visible=True)


@dataclass(frozen=True)
class Journey:
    """How far a page is: its data, the run it looks at, and how many runs there are."""

    dataset: str
    run: RunView | None
    num_runs: int

    @property
    def is_of_these_data(self) -> bool:
        """Whether the run learned from the data that are looked at now."""
        return self.run is not None and self.dataset in ("", self.run.plan.dataset)


def steps_json(words: Words, journey: Journey) -> str:
    """For each tab whether it is done, ready, or what it still needs."""
    result = _result_step(words, journey)
    steps = {
        "data": _step("done", words("step.done")) if journey.dataset else _step("ready", words("step.begin")),
        "plan": _plan_step(words, journey),
        "train": _train_step(words, journey),
        "compare": result or _step("missing", words("compare.missing")),
        "export": result or _step("missing", words("export.missing")),
        "runs": _step("ready", words.count("step.runs", journey.num_runs))
        if journey.num_runs
        else _step("missing", words("runs.missing")),
    }
    return json.dumps(steps, ensure_ascii=False)


def _plan_step(words: Words, journey: Journey) -> dict[str, str]:
    if not journey.dataset:
        return _step("missing", words("plan.missing"))
    return _step("done", words("step.done")) if journey.is_of_these_data else _step("ready", words("step.ready"))


def _train_step(words: Words, journey: Journey) -> dict[str, str]:
    if journey.run is None:
        return _step("missing", words("train.missing"))
    status = journey.run.status
    if not journey.is_of_these_data:
        return _step("ready", words("step.earlier"))
    if status.state != "finished":
        return _step("ready", words(f"state.{status.state}"))
    return _step("ready", words("step.little")) if status.learned_little else _step("done", words("step.done"))


def _result_step(words: Words, journey: Journey) -> dict[str, str] | None:
    if journey.run is None or not journey.run.has_result:
        return None
    return _step("ready", words("step.ready" if journey.is_of_these_data else "step.earlier"))


def _step(state: str, hint: str) -> dict[str, str]:
    return {"state": state, "hint": hint}


def header_updates(header: Header, words: Words, active: RunView | None, steps: str) -> Updates:
    """The header as it should be now."""
    return {header.run: run_update(words, active), header.steps: steps}


def footer_html(words: Words, place: str) -> Markup:
    """Where everything stays."""
    return join(tag("p", words("footer.stays", place=place), class_="note"))
