"""Read the code as a careful colleague would: each check says nothing, or what is wrong."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from server.settings import ROOT

PYTHON = Path(sys.executable).parent
PYRIGHT = ROOT / "build" / "tools" / "node_modules" / ".bin" / "pyright"
SOURCES = ("server", "migrations", "tests")


def run(*names: str) -> int:
    """`check`, or only some: `check style words`. 1 when anything is wrong."""
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"{', '.join(unknown)}? {' · '.join(CHECKS)}", file=sys.stderr)
        return 2
    return max([_look(name) for name in names or CHECKS])


def _look(name: str) -> int:
    began = time.monotonic()
    faults = list(CHECKS[name]())
    print(f"{'✕' if faults else '✓'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    for fault in faults:
        print(f"  {fault}", flush=True)
    return 1 if faults else 0


def _tool(*words: str | Path) -> Iterable[str]:
    """What a tool complains of; nothing when it is content."""
    surroundings = os.environ | {"PATH": f"{PYTHON}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    return f"{done.stdout}\n{done.stderr}".strip().splitlines() if done.returncode else ()


def _style() -> Iterable[str]:
    yield from _tool(PYTHON / "ruff", "check", "--quiet", "--output-format", "concise", *SOURCES)
    yield from _tool(PYTHON / "ruff", "format", "--quiet", "--diff", *SOURCES)


def _types() -> Iterable[str]:
    return _tool(PYRIGHT)


def _borders() -> Iterable[str]:
    return _tool(PYTHON / "lint-imports", "--no-cache")


def _words() -> Iterable[str]:
    from server.commands import words

    return words.faults()


def _migrations() -> Iterable[str]:
    """From nothing to the newest shape on both databases, compared with the tables of the code."""
    return _tool(PYTHON / "python", "-m", "pytest", "-q", "tests/test_migrations.py")


def _templates() -> Iterable[str]:
    from server.commands import pages

    return pages.faults()


CHECKS: Mapping[str, Callable[[], Iterable[str]]] = {
    "style": _style, "types": _types, "borders": _borders, "words": _words, "templates": _templates,
    "migrations": _migrations,
}  # fmt: skip
