"""What Compare shows: both sides of a conversation, suggested questions, the runs that can be asked."""

from collections.abc import Iterable, Sequence

from core.chat.conversation import Answers, Conversation, Side
from core.data.examples import Example, Message
from core.data.samples import SAMPLES
from core.runs.store import RunView
from ui.markup import Markup, div, join, paragraphs, span, tag
from ui.pieces import action_button, bubble, figures_html
from ui.quantities import number, percent, when
from ui.words import Words, is_chinese

NUM_SUGGESTIONS = 6
NUM_LABELS = 8  # of a classifier, with their probabilities: the likeliest
NUM_OWN = 3  # of a person's own held-back questions
LONGEST_SUGGESTION = 160  # characters; a chip is a line or two


def pane_html(words: Words, conversation: Conversation, side: Side) -> Markup:
    """The conversation as one side knows it; an answer in progress ends in a caret."""
    bubbles: list[Markup] = []
    for turn in conversation.turns:
        bubbles.append(bubble(words, Message("user", turn.question)))
        bubbles.append(_answer(words, turn.answers, side))
    return join(*bubbles) if bubbles else tag("p", words(f"compare.{side}.empty"), class_="note")


def _answer(words: Words, answers: Answers | None, side: Side) -> Markup:
    if answers is not None and answers.chances:
        return _judged(words, answers, side)
    text = answers.of(side) if answers else ""
    thought = _thought(words, answers.thought_of(side) if answers else "")
    if not text.strip():
        silent = answers is not None and answers.done
        waiting = div(
            f"bubble assistant {side}",
            span("who", words(f"compare.{side}")),
            tag("p", words("compare.silent") if silent else "…"),
        )
        return join(thought, waiting)
    grown = join(thought, bubble(words, Message("assistant", text), side))
    return grown if answers is None or not answers.done else join(grown, _measure(words, answers, side))


def _judged(words: Words, answers: Answers, side: Side) -> Markup:
    """What a classifier says: the label, and how likely it finds each; of the base, why it says nothing."""
    if side == "base":
        return tag("p", words("compare.no_head"), class_="note")
    figures = figures_html((chance.label, percent(chance.probability)) for chance in answers.chances[:NUM_LABELS])
    return join(bubble(words, Message("assistant", answers.tuned), side), figures)


def _thought(words: Words, text: str) -> Markup | None:
    """What was thought before the answer, folded."""
    return tag("details", tag("summary", words("compare.thought")), paragraphs(text), class_="note") if text else None


def _measure(words: Words, answers: Answers, side: Side) -> Markup | None:
    tokens = answers.base_tokens if side == "base" else answers.tuned_tokens
    return (
        tag("p", words("compare.measure", tokens=tokens, seconds=number(answers.seconds, 1)), class_="measure")
        if tokens
        else None
    )


def suggestions_html(words: Words, sample: str) -> Markup:
    """Held-back questions of the sample a run learned from, in the reader's language: none was in the data."""
    if sample not in SAMPLES:
        return Markup("")
    questions = [question.text for question in SAMPLES.get(sample).questions]
    spoken = [text for text in questions if is_chinese(text) == (words.language == "zh")] or questions
    spread = spoken[:: max(1, len(spoken) // NUM_SUGGESTIONS)][:NUM_SUGGESTIONS]
    return _chips(words("compare.suggestions"), spread)


def own_questions_html(words: Words, held_back: Iterable[Example]) -> Markup:
    """Questions of a person's own data that were held back: the run never learned their answers."""
    first = (
        next((turn.content.strip() for turn in example.messages if turn.role == "user"), "") for example in held_back
    )
    short = dict.fromkeys(text for text in first if 0 < len(text) <= LONGEST_SUGGESTION)
    return _chips(words("compare.held_back"), [*short][:NUM_OWN])


def _chips(title: str, questions: Sequence[str]) -> Markup:
    if not questions:
        return Markup("")
    chips = (action_button(question, "ask", question, class_="chip") for question in questions)
    return div("suggestions", tag("p", title, class_="note"), div("chips", *chips))


def waits_html(words: Words, active: RunView | None) -> Markup:
    """While training has the device: what this waits for, how long, and what to do."""
    if active is None:
        return Markup("")
    share = percent(active.status.share_done)
    return div(
        "waits",
        span("pulse", aria_hidden="true"),
        tag("p", words("compare.waits", title=active.plan.title, share=share)),
        role="status",
    )


def run_choices(words: Words, runs: Iterable[RunView]) -> list[tuple[str, str]]:
    """The runs that have learned something."""
    usable = [run for run in runs if run.has_result]
    return [
        (
            words(
                "compare.run.name", title=run.plan.title, state=words(f"state.{run.status.state}"), when=when(run.id)
            ),
            run.id,
        )
        for run in usable
    ]
