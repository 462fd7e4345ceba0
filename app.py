"""Start-up: arguments, workspace, studio, page, launch. Everything else is in core/ and ui/."""

import argparse
import ipaddress
import os
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import TailorError
from core.workspace import ASSETS, DEFAULT_WORKSPACE, Workspace

LARGEST_UPLOAD = "2gb"


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says; a mistake ends the program with one sentence and exit code 2."""
    parser = argparse.ArgumentParser(prog="app.py", description="Tailor: teach a language model your way of answering.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; others than this machine need --auth"
    )
    parser.add_argument("--port", type=int, default=7860, help="port to listen on")
    parser.add_argument("--workspace", type=Path, default=DEFAULT_WORKSPACE, help="folder for data, runs and results")
    parser.add_argument("--auth", action="append", default=[], metavar="USER:PASSWORD", help="a login; repeatable")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    return parser.parse_args(arguments)


def logins(given: Sequence[str]) -> list[tuple[str, str]]:
    """Names with their passwords.

    Raises:
        ValueError: one of them is not USER:PASSWORD.
    """
    pairs = [entry.partition(":")[::2] for entry in given]
    if not all(user and password for user, password in pairs):
        raise ValueError("--auth was given something else than USER:PASSWORD. Write for example --auth anna:secret.")
    return pairs


def is_this_machine(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_unsafe(host: str, port: int, users: Sequence[tuple[str, str]]) -> None:
    """Stops before anything is loaded when the page could not or should not be served.

    Raises:
        ValueError: with one sentence that says why and what to do.
    """
    if not is_this_machine(host) and not users:
        raise ValueError(f"--host {host} lets others reach this page, so it needs a login. Add --auth USER:PASSWORD.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            if sys.platform != "win32":  # there it would share a port that somebody listens on
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise port_refused(host, port, str(error)) from error


def port_refused(host: str, port: int, reason: str) -> ValueError:
    """Why the page cannot be served there, and what to do."""
    return ValueError(f"Port {port} on {host} cannot be used ({reason}). Choose another with --port.")


def main() -> int:
    """Serves the page until it is stopped."""
    given = read_arguments()
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    try:
        users = logins(given.auth)
        refuse_unsafe(given.host, given.port, users)
        serve(given, users)
    except (TailorError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def serve(given: argparse.Namespace, users: list[tuple[str, str]]) -> None:
    """Builds the page and serves it; the heavy libraries load behind it."""
    import gradio as gr

    from core.studio import Studio, warm_up
    from ui import figures
    from ui.page import build_page

    workspace = Workspace(given.workspace)
    gr.set_static_paths([figures.PLOTLY, workspace.exports])
    studio = Studio(workspace)
    page = build_page(studio)
    threading.Thread(target=warm_up, args=(studio,), daemon=True).start()
    launch(page, given, users)


def launch(page: Any, given: argparse.Namespace, users: list[tuple[str, str]]) -> None:
    """Serves a page where the arguments say, until it is stopped.

    Raises:
        ValueError: the port was taken since it was looked at.
    """
    from ui import theme

    try:
        page.queue(default_concurrency_limit=8).launch(
            server_name=given.host,
            server_port=given.port,
            auth=users or None,
            inbrowser=not given.no_browser,
            theme=theme.build_theme(),
            css_paths=[ASSETS / "theme.css"],
            head=theme.head(),
            favicon_path=ASSETS / "favicon.svg",
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            share=False,
            max_file_size=LARGEST_UPLOAD,
            quiet=True,
        )
    except OSError as error:
        raise port_refused(given.host, given.port, error.strerror or "it was taken just now") from error


if __name__ == "__main__":
    raise SystemExit(main())
