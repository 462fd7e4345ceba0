"""What one browser looks at: ids only. The last ones are kept in the browser, so that a reload finds them again."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.errors import TailorError
from core.studio import Studio

SECRET = "tailor"  # ids are no secret; a fixed key lets them outlive a restart of the server


@dataclass(frozen=True)
class Session:
    """The ids this page looks at, its open tab once one was opened, and what the browser remembers of them."""

    dataset: gr.State
    run: gr.State
    tab: gr.State
    seen: gr.State
    remembered: gr.BrowserState


@dataclass(frozen=True)
class Ids:
    """Which dataset and which run."""

    dataset: str = ""
    run: str = ""


def build_session() -> Session:
    """The states of one language of the page; both languages share what the browser remembers."""
    return Session(
        dataset=gr.State(""),
        run=gr.State(""),
        tab=gr.State(""),
        seen=gr.State(""),
        remembered=gr.BrowserState({}, storage_key="tailor.session", secret=SECRET),
    )


def recall(studio: Studio, remembered: Any) -> Ids:
    """The remembered ids as far as they still exist; else a run that waits, and the dataset of the run."""
    stored = remembered if isinstance(remembered, dict) else {}
    dataset, run = str(stored.get("dataset") or ""), str(stored.get("run") or "")
    run = known_run(studio, run) or _waiting_run(studio)
    dataset = dataset or (studio.run(run).plan.dataset if run else "")
    return Ids(dataset=dataset if dataset and _exists(studio.dataset, dataset) else "", run=run)


def arrival(session: Session, remembered: Ids, *, chosen: Ids) -> dict[Any, str]:
    """What a page that opens fills in; what the person chose while it was opening stays."""
    updates: dict[Any, str] = {}
    if remembered.dataset and not chosen.dataset:
        updates[session.dataset] = remembered.dataset
    if remembered.run and not chosen.run:
        updates[session.run] = remembered.run
    return updates


def landing(studio: Studio, remembered: Any, found: Ids) -> str:
    """The tab a page opens with: Train while its run goes, else the one where the person was."""
    if found.run and studio.run(found.run).status.is_active:
        return "train"
    tab = str(remembered.get("tab") or "") if isinstance(remembered, dict) else ""
    needed = {"plan": found.dataset, "train": found.run, "compare": found.run, "export": found.run, "runs": "nothing"}
    return tab if needed.get(tab) else "data"


def known_run(studio: Studio, run: str) -> str:
    """The id of a run that exists; nothing for one that was deleted."""
    return run if run and _exists(studio.run, run) else ""


def _waiting_run(studio: Studio) -> str:
    """For a browser that knows no run: the one that goes now, else one that was interrupted, else the newest."""
    active = studio.active_run()
    waiting = ([active] if active else []) + [*studio.interrupted_runs(), *studio.runs.list()]
    return waiting[0].id if waiting else ""


def _exists(find: Any, id: str) -> bool:
    try:
        find(id)
    except TailorError:
        return False
    return True
