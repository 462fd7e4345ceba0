"""Finds a Chromium for the browser tests, or installs one: Playwright's own download, else apt where that is allowed.

python -m tests.helpers.find_browser      prints its path; under CI=true a missing browser is a failure
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


def find_browser() -> str | None:
    """The path of an installed Chromium, Playwright's own first."""
    return _own() or next((path for name in NAMES if (path := shutil.which(name))), None)


def install_browser() -> str | None:
    """Downloads or installs one; None where neither works."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    if find_browser() is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, timeout=300)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"], check=False, timeout=900)
    return find_browser()


def _own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    found = find_browser() or install_browser()
    print(found or "no browser found: install Chromium; the browser tests cannot run")
    sys.exit(0 if found or os.environ.get("CI") != "true" else 1)
