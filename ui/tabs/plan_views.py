"""What the Plan tab says about a plan, as HTML. Pure: a check in, markup out."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ui.markup import Markup, div, span, tag
from ui.pieces import facts_html, section, with_term
from ui.quantities import duration, number, percent, times
from ui.words import Words

if TYPE_CHECKING:
    from core.hardware import Device
    from core.training.preflight import PlanCheck, Preview


def costs_html(words: Words, check: "PlanCheck", device: "Device") -> Markup:
    """What the plan does and costs, in plain words."""
    estimate, stats, plan = check.estimate, check.stats, check.plan
    parameters = estimate.parameters
    share = words(
        "plan.share",
        trainable=f"{parameters.trainable:,}",
        total=f"{parameters.total:,}",
        share=percent(parameters.share),
    )
    seen = words("plan.seen", rows=f"{stats.num_train:,}", times=times(estimate.times_seen))
    fraction = percent(plan.schedule.validation_fraction)
    held = (
        words.count("plan.held", stats.num_validation, share=fraction)
        if stats.num_validation
        else words("plan.held.none")
    )
    steps = words("plan.steps", steps=f"{estimate.num_steps:,}", batch=plan.schedule.effective_batch)
    memory = words("plan.memory", memory=number(estimate.memory_gib), available=number(device.memory_gib, 0))
    return section(
        words("plan.costs"),
        facts_html(
            (
                (with_term(words, words("plan.trainable"), "trainable"), share, words("plan.trainable.help")),
                (with_term(words, words("plan.rows"), "split"), seen, held),
                (words("plan.time"), words("about", what=duration(words, estimate.seconds)), steps),
                (words("plan.memory.name"), memory, words("plan.memory.help")),
                (with_term(words, words("plan.length"), "token"), *_length(words, check)),
            )
        ),
    )


def _length(words: Words, check: "PlanCheck") -> tuple[str, str]:
    stats, limit = check.stats, check.plan.schedule.max_length
    value = words("plan.length.value", longest=f"{stats.longest:,}", limit=f"{limit:,}")
    if not stats.num_cut:
        return value, words("plan.length.whole")
    return value, words.count("plan.length.cut", stats.num_cut, limit=f"{stats.limit_for_100:,}")


def preview_html(words: Words, preview: "Preview") -> Markup:
    """One example as the model sees it; what it learns to say is in colour."""
    kinds = ["avoided" if part.avoided else "learned" if part.learned else "read" for part in preview.segments]
    parts = (span(kind, part.text) for kind, part in zip(kinds, preview.segments, strict=True))
    shown = [kind for kind in ("learned", "read", "avoided") if kind != "avoided" or kind in kinds]
    legend = div(
        "legend",
        *(part for kind in shown for part in (span(kind, words(f"plan.{kind}")), " ")),
        _stop(words, preview) if preview.stop_token else None,
    )
    return section(words("plan.preview"), legend, div("preview", *parts), note=words("plan.preview.help"))


def _stop(words: Words, preview: "Preview") -> Markup:
    """Whether it learns to stop."""
    text = words("plan.stop" if preview.stop_learned else "plan.stop.missing", token=preview.stop_token)
    return tag("p", text, class_="stop" if preview.stop_learned else "stop lost")


def issues_html(words: Words, issues: Iterable[Any]) -> Markup:
    """What stands in the way, and what to do about it."""
    lines = [tag("li", words.error(issue)) for issue in issues]
    return div("issues", tag("h3", words("plan.issues")), tag("ul", *lines), role="alert") if lines else Markup("")


def notes_html(words: Words, notes: Iterable[Any]) -> Markup:
    """What stops nobody, but should be known."""
    lines = [tag("li", words.error(note)) for note in notes]
    return div("notes", tag("h3", words("plan.notes")), tag("ul", *lines)) if lines else Markup("")


def start_label(words: Words, check: "PlanCheck") -> str:
    """What the button does, how much and how long."""
    if check.issues:
        return words("plan.next.issues")
    return words.count("plan.next", check.stats.num_rows, time=duration(words, check.estimate.seconds))
