"""The one place that binds callbacks to the page, and turns what goes wrong into a notice in the reader's language."""

import inspect
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import gradio as gr

from core.errors import TailorError
from ui.markup import Markup, div, tag
from ui.pieces import busy_state
from ui.words import Words

log = logging.getLogger("tailor.page")

Updates = dict[Any, Any]  # component to new value; what Gradio takes from a callback by name


@dataclass(frozen=True)
class Busy:
    """Where a view says that it is being made, and what it says.

    during: what holds meanwhile besides, such as a button that must wait; what the callback says then comes after.
    after: what holds again however it ended, unless the callback says otherwise.
    """

    place: gr.HTML
    text: str
    during: Updates = field(default_factory=dict)
    after: Updates = field(default_factory=dict)


@dataclass(frozen=True)
class Guard:
    """Binds events for one language of the page."""

    words: Words
    notice: gr.HTML

    def bind(
        self,
        *triggers: Any,
        call: Callable[..., Any],
        reads: Mapping[str, Any] | None = None,
        writes: Iterable[Any] = (),
        busy: Busy | None = None,
        quiet: bool = False,
        after: Any = None,
        **options: Any,
    ) -> Any:
        """Runs `call` on the triggers with the values of `reads` by name; its result maps components to values.

        Args:
            triggers: events such as `button.click`; several mean any of them.
            call: the callback; a generator streams.
            reads: parameter name to component.
            writes: every component the callback may change.
            busy: where to say at once that work has begun; empty again when it has ended, well or badly.
            quiet: for what nobody asked for (ticks): the notice stays as it is.
            after: an event that `bind` gave; this runs when that has ended.
            options: anything else Gradio's events take.
        """
        listen = after.then if after is not None else partial(gr.on, triggers=list(triggers))
        return listen(
            fn=self.guarded(call, busy=busy, quiet=quiet),
            inputs_kwargs=dict(reads or {}),
            outputs={*writes, self.notice, *([busy.place, *busy.during, *busy.after] if busy else [])},
            show_progress="hidden",
            api_visibility="private",
            **options,
        )

    def guarded(self, call: Callable[..., Any], *, busy: Busy | None = None, quiet: bool = False) -> Callable[..., Any]:
        """The callback, with every failure said in one sentence. Streams when the callback does, or with `busy`."""
        cleared: Updates = {} if quiet else {self.notice: ""}
        idle: Updates = {busy.place: "", **busy.after} if busy else {}

        def stream(*args: Any, **values: Any) -> Iterator[Any]:
            if busy:
                yield {busy.place: busy_state(busy.text), **busy.during, **cleared}
            try:
                result = call(*args, **values)
                for updates in _some(result) if inspect.isgenerator(result) else (result,):
                    yield {**idle, **(updates or {}), **cleared} or gr.skip()
            except TailorError as error:
                yield {**idle, self.notice: notice(self.words, self.words.error(error))}
            except Exception:  # the last resort: one plain sentence and the log
                log.exception("a callback failed")
                yield {**idle, self.notice: notice(self.words, self.words("notice.unexpected"))}

        def once(*args: Any, **values: Any) -> Any:
            return next(stream(*args, **values))

        chosen: Any = stream if busy or inspect.isgeneratorfunction(call) else once
        chosen.__signature__ = inspect.signature(call)  # Gradio reads it to inject event data
        chosen.__annotations__ = getattr(call, "__annotations__", {})
        return chosen


def _some(results: Iterator[Any]) -> Iterator[Any]:
    """What a generator gives, and nothing new when it gives nothing: Gradio would blank every output then."""
    empty = True
    for result in results:
        empty = False
        yield result
    if empty:
        yield {}


def notice(words: Words, text: str) -> Markup:
    """What went wrong, until it is closed or the next step works."""
    close = tag("button", words("notice.close"), type="button", onclick="this.closest('.notice').remove()")
    return div("notice", tag("p", text), close, role="alert")
