"""Arguments, exit codes, and where output goes: JSON or words on standard output, one sentence on standard error."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.cli import commands, data
from core.data.formats.roles import ROLE_CHOICES
from core.data.writers import WRITERS
from core.errors import UNEXPECTED, TailorError
from core.tasks import TASKS
from core.training.presets import PRESETS
from core.workspace import DEFAULT_WORKSPACE

ROLES, ROLES_HELP = "NAME=ROLE,…", f"who speaks in a chat, as the file calls them: {', '.join(ROLE_CHOICES)}"
Command = Callable[[argparse.Namespace], dict[str, Any]]


def run_command(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit code: 0 done, 2 the person's input (said on standard error)."""
    chosen = make_parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        result = command(chosen)
    except TailorError as error:
        print(f"tailor: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # a path of the person's that is a folder, not theirs, or full
        print(f"tailor: {error.filename or 'the disk'}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tailor: stopped at your request", file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False, indent=2) if chosen.json else _in_words(result))
    return _code_of(result)


def _code_of(result: dict[str, Any]) -> int:
    """0; for a run that failed 2 when its options were at fault, 1 when we were; said on standard error."""
    error = result.get("error")
    if not error:
        return 0
    print(f"tailor: {error['message']}", file=sys.stderr)
    return 1 if error["code"] == UNEXPECTED else 2


def make_parser() -> argparse.ArgumentParser:
    """The parser of every verb."""
    parser = argparse.ArgumentParser(prog="python -m core", description="Tailor on the command line.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _add_clean(verbs)
    _add_train(_verb(verbs, "train", commands.train, "train on your examples"))
    estimate = _verb(verbs, "estimate", commands.estimate, "what a training would cost; loads no weights")
    _add_train(estimate)
    estimate.add_argument("--measure", action="store_true", help="take a few real steps too, on the data given")
    searching = _verb(verbs, "search", commands.search, "look for good settings, then train with the best")
    searching.add_argument("--minutes", type=float, required=True, help="how long to look")
    _add_train(searching)
    chat = _verb(verbs, "chat", commands.chat, "ask the base and the tuned model the same")
    chat.add_argument("--run", required=True, help="a run's folder, or its id in the workspace")
    chat.add_argument("--prompt", required=True)
    chat.add_argument("--system", default="")
    chat.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="e.g. temperature=0.7")
    export = _verb(verbs, "export", commands.export, "take a run home")
    export.add_argument("--run", required=True, help="a run's folder, or its id in the workspace")
    export.add_argument("--to", required=True, help="adapter or merged")
    export.add_argument("--out", required=True, type=Path, help="an empty or new folder")
    datasets = _verb(verbs, "data", data.data, "list, show or delete datasets, or take their last change back")
    datasets.add_argument("action", nargs="?", choices=["list", "show", "undo", "delete"], default="list")
    datasets.add_argument("id", nargs="?", default="")
    runs = _verb(verbs, "runs", commands.runs, "list, show or delete runs; move or cancel those that wait")
    actions = ["list", "show", "delete", "up", "down", "cancel"]
    runs.add_argument("action", nargs="?", choices=actions, default="list")
    runs.add_argument("id", nargs="?", default="")
    return parser


def _verb(verbs: Any, name: str, command: Command, help: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=help, description=help)
    verb.add_argument("--json", action="store_true", help="one JSON document on standard output")
    verb.add_argument("--workspace", type=Path, default=DEFAULT_WORKSPACE, help="where data and runs are kept")
    verb.set_defaults(command=command)
    return verb


def _add_clean(verbs: Any) -> None:
    clean = _verb(verbs, "clean", data.clean, "read, convert and clean files into messages JSONL")
    clean.add_argument("files", nargs="+", type=Path, metavar="FILE")
    clean.add_argument("--validation", nargs="*", type=Path, metavar="FILE", default=[], help="FILEs that only check")
    clean.add_argument("--roles", default="", metavar=ROLES, help=ROLES_HELP)
    clean.add_argument("--out", type=Path, help="where the cleaned examples go")
    clean.add_argument(
        "--to", default="", help=f"{', '.join(WRITERS.names())}; by default what the ending of --out says"
    )
    clean.add_argument("--base", default="", help="the base model whose tokens are counted; starter by default")
    clean.add_argument(
        "--max-length", type=int, default=0, help="the length limit in tokens; 0 for what the base reads"
    )
    clean.add_argument("--report", type=Path, help="where the report goes (JSON)")
    clean.add_argument("--fix", default="", metavar="all|none|NAME,NAME", help="which fixes are on")


def _add_train(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--data", nargs="+", type=Path, metavar="FILE", default=[])
    verb.add_argument("--roles", default="", metavar=ROLES, help=ROLES_HELP)
    verb.add_argument("--base", default=None, help="starter, a folder, or a name in the cache or on the hub")
    verb.add_argument("--strategy", default=None)
    verb.add_argument("--task", default=None, help=f"{', '.join(TASKS.names())}; by default what fits the data best")
    verb.add_argument("--goal", default="voice")
    verb.add_argument("--preset", default="balanced", help=", ".join(PRESETS.names()))
    verb.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="an option, by name")
    verb.add_argument("--plan", type=Path, help="a plan.json to start from")
    verb.add_argument("--continue-from", default="", metavar="RUN", help="a run whose result is learned on")
    verb.add_argument("--prompt", action="append", default=[], help="answered at each check; five at most")
    verb.add_argument("--out", type=Path, help="the run's folder; by default a new one in the workspace")
    verb.add_argument("--resume", action="store_true", help="go on with the run in --out")


def _in_words(result: dict[str, Any]) -> str:
    lines = []
    for name, value in result.items():
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        lines.append(f"{name}: {shown}")
    return "\n".join(lines)
