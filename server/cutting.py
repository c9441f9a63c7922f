"""Cutting the typefaces of our papers to what they need, and naming what no typeface draws."""

# fontTools ships without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

import os
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, cast

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

from server.typefaces import CUTS, NOTO, ONLY_THESE, WEIGHTS, complete, noto

FAMILY = "Huanche Paper"
SIMPLIFIED = 2  # the Simplified Chinese face within Noto's collection
TRUETYPE_LIMITS = (
    *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
    *("maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours"),
    *("maxCompositePoints", "maxCompositeContours", "maxComponentDepth"),
)
LOOK_ALIKES = str.maketrans("✔☑✕✗✘✖❌", "✓✓×××××")


def prepare() -> None:
    """Cut the common characters out of the system's fonts, once: small fonts lay out faster."""
    if not complete():
        return
    CUTS.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        if not _cut(weight).exists():
            _make_cut(weight)
    draft = ONLY_THESE.with_suffix(f".{os.getpid()}")
    places = f"<dir>{NOTO}</dir><dir>{CUTS}</dir><cachedir>{CUTS}</cachedir>"
    draft.write_text(f"<fontconfig>{places}</fontconfig>", encoding="utf-8")
    draft.replace(ONLY_THESE)


def printable(said: Any) -> Any:
    """Characters that no font of ours has are named by number, never an empty box."""
    if not isinstance(said, str) or said.isascii() or _common().issuperset(said):
        return said
    return type(said)("".join(map(_sign, said.translate(LOOK_ALIKES))))


def _cut(weight: str) -> Path:
    return CUTS / f"HuanchePaper-{weight}-{len(_common())}-{noto(weight).stat().st_size}.ttf"


def _make_cut(weight: str) -> None:
    """GB 2312 and the Latin letters of the Simplified Chinese face, under a family name of ours."""
    with TTFont(noto(weight), fontNumber=SIMPLIFIED, lazy=True) as font:
        options = subset.Options(layout_features=["kern"], hinting=False, notdef_outline=True)
        options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=map(ord, _common()))
        cutter.subset(font)
        _rename(font, weight)
        _outline(font)
        draft = CUTS.with_name(f"{weight}.{os.getpid()}.ttf")  # beside, not where fonts are looked for
        font.save(draft)
        for former in CUTS.glob(f"HuanchePaper-{weight}-*"):
            former.unlink(missing_ok=True)
        draft.replace(_cut(weight))


def _rename(font: TTFont, weight: str) -> None:
    table = cast(Any, font["name"])
    table.names = []
    for name, said in {1: FAMILY, 2: weight, 4: f"{FAMILY} {weight}", 6: f"HuanchePaper-{weight}"}.items():
        table.setName(said, name, 3, 1, 0x409)  # Windows, Unicode, English: the one that is read


def _outline(font: TTFont) -> None:
    """From Noto's CFF to TrueType outlines.

    A cut CFF font numbers its glyphs twice, and WeasyPrint writes the number that strict readers
    do not use: MuPDF then shows no Chinese at all. TrueType has one number; papers get smaller, too.
    """
    drawings, order, shapes = font.getGlyphSet(), font.getGlyphOrder(), {}
    for glyph in order:
        pen = TTGlyphPen(None)
        drawings[glyph].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        shapes[glyph] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = outlines = newTable("glyf")
    vars(outlines).update(glyphOrder=order, glyphs=shapes)
    vars(font["maxp"]).update(dict.fromkeys(TRUETYPE_LIMITS, 0), tableVersion=0x10000, maxZones=1)
    vars(font["post"]).update(formatType=3.0)  # glyphs without names
    del font["CFF "]
    font.sfntVersion = "\0\1\0\0"


@cache
def _common() -> frozenset[str]:
    """GB 2312, Latin with accents, and the signs of our forms."""
    upper = range(0xA1, 0xFF)
    chinese = (bytes((row, cell)).decode("gb2312", "ignore") for row in upper for cell in upper)
    latin = map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180)))
    return frozenset("".join((*chinese, *latin, "✓–—•")))


def _sign(sign: str) -> str:
    if sign in _common() or sign.isspace() or ord(sign) in _drawn():
        return sign
    return "" if unicodedata.category(sign)[0] in "CM" else f"〓(U+{ord(sign):04X})"


@cache
def _drawn() -> frozenset[int]:
    if not noto("Regular").exists():
        return frozenset(range(0x110000))
    with TTFont(noto("Regular"), fontNumber=SIMPLIFIED, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})
