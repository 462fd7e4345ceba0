"""Opens files of other programs in a process of its own, with limits on memory and time.

Libraries for such files reserve memory for what a damaged file claims to hold, and some end their process. Here that
process is not the one that trains.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.data.readers.base import Content
from core.errors import UnreadableFile

_LONGEST_WAIT_S = 120


def read_apart(program: Path, content: Content, expected: str, when_it_dies: str) -> dict[str, Any]:
    """What a program of ours says about a file: it is given the path, and answers in JSON.

    Raises:
        UnreadableFile: the program died or took too long.
    """
    # -P: this folder has a json.py and a csv.py, which must not stand in for Python's own.
    command = [sys.executable, "-P", str(program), str(content.path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LONGEST_WAIT_S, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise UnreadableFile(file=content.file, found=when_it_dies, expected=expected) from error
    return answer
