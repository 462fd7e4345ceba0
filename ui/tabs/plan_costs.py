"""What a plan costs in energy, and for orientation on other machines and as a hosted job, with sources."""

from typing import TYPE_CHECKING

from ui.markup import Markup, join, tag
from ui.pieces import facts_html
from ui.quantities import duration, number
from ui.words import Words

if TYPE_CHECKING:
    from core.training.cost import Orientation
    from core.training.rehearsal import Rehearsal

SECONDS_PER_HOUR = 3600
SMALL_KWH = 0.1  # below, watt-hours say more
LEAST_WH = 0.1


def measured_html(words: Words, found: "Rehearsal") -> Markup:
    """What a few real steps told, in one sentence."""
    text = words("plan.measured", time=duration(words, found.seconds), memory=number(found.memory_gib))
    return tag("p", text, class_="note")


def orientation_html(words: Words, costs: "Orientation", place: str) -> Markup:
    """The whole part. place: the file in which the figures can be changed."""
    here = (
        words("plan.energy"),
        energy(words, costs.kwh),
        words("plan.energy.help", watts=number(costs.watts, 0)),
    )
    tokens = (words("plan.tokens"), f"{costs.tokens:,}", words("plan.tokens.help"))
    gpus = (
        (
            found.gpu.name,
            words("about", what=duration(words, found.hours * SECONDS_PER_HOUR)),
            words("plan.source", energy=energy(words, found.kwh), source=found.gpu.source, date=found.gpu.as_of),
        )
        for found in costs.on_gpus
    )
    jobs = (
        (
            found.hosted.name,
            words("plan.usd", usd=f"{found.usd:,.2f}"),
            words("plan.price", source=found.hosted.source, date=found.hosted.as_of),
        )
        for found in costs.as_jobs
    )
    return join(
        facts_html((here, tokens)),
        tag("h4", words("plan.elsewhere")),
        facts_html(gpus),
        tag("h4", words("plan.hosted")),
        facts_html(jobs),
        tag("p", words("plan.orientation.help", place=place), class_="note"),
    )


def energy(words: Words, kwh: float) -> str:
    """An amount of energy in the unit that fits it."""
    if kwh >= SMALL_KWH:
        return words("plan.energy.kwh", amount=number(kwh, 0 if kwh >= 10 else 1))
    if kwh * 1000 < LEAST_WH:
        return words("plan.energy.least", amount=number(LEAST_WH, 1))
    return words("plan.energy.wh", amount=number(kwh * 1000, 1))
