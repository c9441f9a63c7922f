"""The typefaces of our papers: where they are, and what the machine lacks of them."""

import ctypes
from pathlib import Path

from server.settings import ROOT

NOTO = Path("/usr/share/fonts/opentype/noto")
CUTS = ROOT / "build" / "fonts"
ONLY_THESE = CUTS / "fonts.conf"
WEIGHTS = ("Regular", "Bold")
SUBSETTER = "libharfbuzz-subset.so.0"


def readiness() -> list[str]:
    """What this machine lacks to make papers well, in words for the person who starts it."""
    lacks: list[str] = []
    if not _loads(SUBSETTER):
        lacks.append("libharfbuzz-subset0 is missing: a paper takes seconds instead of a moment")
    if not complete():
        lacks.append("fonts-noto-cjk is missing: Chinese on papers may print as empty boxes")
    return lacks


def complete() -> bool:
    """Whether Noto is here in every weight that papers are set in."""
    return all(noto(weight).exists() for weight in WEIGHTS)


def noto(weight: str) -> Path:
    """The system's collection of one weight."""
    return NOTO / f"NotoSansCJK-{weight}.ttc"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
