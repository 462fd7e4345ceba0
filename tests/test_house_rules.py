"""What a stranger may rely on: short files and functions, few positional parameters, few places for unknown errors."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "ui").rglob("*.py")])
MOST_LINES, MOST_FUNCTION_LINES, MOST_BUILD_LINES, MOST_POSITIONAL = 300, 40, 80, 6
# Where any exception may be met: the page's guard, a run's thread, a generation's thread (handed to its reader),
# the thread of long work on data, and libraries that raise bare Exceptions on files they cannot read.
CATCH_ALL = {
    *("ui/guard.py", "core/runs/run.py", "core/chat/generate.py", "core/work.py"),
    *("core/models/load.py", "core/data/readers/documents.py"),
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_there_is_code_to_look_at():
    assert len(SOURCES) > 80


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    for node in functions(path):
        limit = MOST_BUILD_LINES if node.name == "build" else MOST_FUNCTION_LINES
        assert node.end_lineno - node.lineno + 1 <= limit, node.name
        assert len(node.args.posonlyargs) + len(node.args.args) <= MOST_POSITIONAL, node.name


def test_unknown_errors_are_met_in_few_places():
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            caught = getattr(node.type, "id", None) if isinstance(node, ast.ExceptHandler) and node.type else None
            if isinstance(node, ast.ExceptHandler) and (node.type is None or caught in ("Exception", "BaseException")):
                found.add(name_of(path))
    assert found <= CATCH_ALL


def test_the_median_function_is_about_ten_lines():
    lengths = sorted(node.end_lineno - node.lineno + 1 for path in SOURCES for node in functions(path))
    assert lengths[len(lengths) // 2] <= 10
