"""Papers: frozen content in, a bilingual A4 PDF out; the same content gives the same bytes.

Longer than our files are: all that touches WeasyPrint and its fonts is here, behind four functions.
"""

# WeasyPrint and fontTools ship without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

import json
import logging
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from math import isfinite
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Lock, Thread
from typing import Any, cast
from zoneinfo import ZoneInfo

import segno
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from server.settings import ROOT

Content = Mapping[str, Any]

DOCUMENTS = Path(__file__).parent / "templates" / "documents"
NOTO = Path("/usr/share/fonts/opentype/noto")
FONTS = ROOT / "build" / "fonts"
ONLY_THESE = FONTS / "fonts.conf"
WEIGHTS = ("Regular", "Bold")
SIMPLIFIED = 2  # the Simplified Chinese face within Noto's collection
FAMILY = "Huanche Paper"
TRUETYPE_LIMITS = (
    *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
    *("maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours"),
    *("maxCompositePoints", "maxCompositeContours", "maxComponentDepth"),
)
WORKERS = 2
LOOK_ALIKES = str.maketrans("✔☑✕✗✘✖❌", "✓✓×××××")

_log = logging.getLogger(__name__)
_pango = Lock()  # the one font configuration is not for two threads at once
_hiring = Lock()


def render(kind: str, content: Content, images: Callable[[str], bytes], verify_url: str) -> bytes:
    """Print `content` in the form `kind`; `images` gives the photo of a file id or raises."""
    seen = {file: images(file) for file in _photos(content)}
    html = _html(kind, content, verify_url)
    told = json.dumps([content, verify_url], sort_keys=True)
    identity = sha256(told.encode()).hexdigest()[:32].encode()
    printed = BytesIO()
    with _pango:
        fonts, style = _typography()
        HTML(string=html, url_fetcher=_Photos(seen)).write_pdf(
            printed, font_config=fonts, stylesheets=[style], pdf_identifier=identity, dpi=200, jpeg_quality=80
        )
    return printed.getvalue()


def render_in_pool(kind: str, content: Content, images: Callable[[str], bytes], verify_url: str) -> bytes:
    """As `render`, on another core; the photos are fetched here, where the file store is open."""
    seen = {file: images(file) for file in _photos(content)}
    order = (kind, content, seen.__getitem__, verify_url)
    try:
        return _workers().submit(render, *order).result()
    except BrokenProcessPool:  # a worker was killed, for want of memory say: new ones, one more try
        _hire.cache_clear()
        return _workers().submit(render, *order).result()


def readiness() -> list[str]:
    """What this machine lacks to make papers well, in words for the person who starts it."""
    lacks: list[str] = []
    if harfbuzz_subset is None:
        lacks.append("libharfbuzz-subset0 is missing: a paper takes seconds instead of a moment")
    if not all(_noto(weight).exists() for weight in WEIGHTS):
        lacks.append("fonts-noto-cjk is missing: Chinese on papers may print as empty boxes")
    return lacks


def prepare() -> None:
    """Cut the common characters out of the system's fonts, once: small fonts lay out faster."""
    if not all(_noto(weight).exists() for weight in WEIGHTS):
        return
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        if not _cut(weight).exists():
            _make_cut(weight)
    draft = ONLY_THESE.with_suffix(f".{os.getpid()}")
    places = f"<dir>{NOTO}</dir><dir>{FONTS}</dir><cachedir>{FONTS}</cachedir>"
    draft.write_text(f"<fontconfig>{places}</fontconfig>", encoding="utf-8")
    draft.replace(ONLY_THESE)


def _workers() -> ProcessPoolExecutor:
    with _hiring:
        return _hire()


@cache
def _hire() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(WORKERS, get_context("spawn"), _go_with_the_house)


def _go_with_the_house() -> None:
    """A worker ends when the server does, however the server ended."""

    def watch() -> None:
        if house := parent_process():
            house.join()
            os._exit(0)

    Thread(target=watch, daemon=True).start()


# The page.


def _html(kind: str, content: Content, verify_url: str) -> str:
    zone = ZoneInfo(content["timezone"])

    def clock(at: str) -> str:
        return datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")

    qr = segno.make(verify_url, error="m", micro=False).svg_inline(border=1, omitsize=True)
    form = _forms().get_template(f"{kind}.html")
    return form.render(paper=content, photos=_photos(content), qr=Markup(qr), clock=clock)  # noqa: S704 -- drawn just above


@cache
def _forms() -> Environment:
    forms = Environment(loader=FileSystemLoader(DOCUMENTS), autoescape=True, trim_blocks=True, finalize=_printable)
    cast(dict[str, Any], forms.filters).update(both=_both, ink=_ink, several_hands=_several_hands)
    return forms


def _both(words: Mapping[str, str] | str) -> Markup | str:
    """Chinese and English side by side; what is said once stands alone."""
    if isinstance(words, str):
        return words
    if words["zh"] == words["en"]:
        return words["zh"]
    return Markup("{}<i>·{}</i>").format(words["zh"], words["en"])


def _several_hands(checklist: Content) -> bool:
    return len({item["answer"]["by"] for item in _items(checklist)} - {None}) > 1


def _photos(content: Content) -> dict[str, dict[str, Any]]:
    """The photos by file, numbered as they come, each with its item and time."""
    photos: dict[str, dict[str, Any]] = {}
    for item in (item for checklist in content["lists"] for item in _items(checklist)):
        for photo in item["answer"]["photos"]:
            seen = {**photo, "no": len(photos) + 1, "item": item, "at": item["answer"]["at"]}
            photos.setdefault(photo["file"], seen)
    return photos


def _items(checklist: Content) -> Iterator[Content]:
    return (item for section in checklist["sections"] for item in section["items"])


def _ink(strokes: list[dict[str, Any]]) -> Markup:
    """A signature as drawn on the pad: smooth curves through the middles of its points."""
    lines = [[(float(p["x"]), float(p["y"])) for p in stroke["points"]] for stroke in strokes]
    lines = [line for line in lines if line and all(isfinite(x) and isfinite(y) for x, y in line)]
    if not lines:
        return Markup()
    xs, ys = zip(*(p for line in lines for p in line), strict=True)
    size = max(max(xs) - min(xs), 3 * (max(ys) - min(ys)), 30)
    pen = size / 70
    left, top = min(xs) - pen, min(ys) - pen
    box = f"{left:.1f} {top:.1f} {max(xs) + pen - left:.1f} {max(ys) + pen - top:.1f}"
    return Markup(
        '<svg viewBox="{}"><path d="{}" fill="none" stroke="#101a33" stroke-width="{}"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).format(box, "".join(_curve(line) for line in lines), f"{pen:.2f}")


def _curve(line: list[tuple[float, float]]) -> str:
    path = f"M{line[0][0]:.1f} {line[0][1]:.1f}"
    for (x, y), (to_x, to_y) in pairwise(line):
        path += f"Q{x:.1f} {y:.1f} {(x + to_x) / 2:.1f} {(y + to_y) / 2:.1f}"
    return f"{path}L{line[-1][0] + 0.1:.1f} {line[-1][1]:.1f}"  # a dot is a line too


class _Photos(URLFetcher):
    """Only the photos of this paper: no network, no disk."""

    def __init__(self, seen: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._seen = seen

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        return URLFetcherResponse(url, self._seen[url.removeprefix("file-id:")])


# The fonts.


@cache
def _typography() -> tuple[FontConfiguration, CSS]:
    """The fonts and the style sheet, once per process."""
    for lack in readiness():
        _log.warning(lack)
    try:
        prepare()
    except OSError as refused:
        _log.warning("papers use the system's font, which is slower: %s", refused)
    return _fonts(), CSS(filename=DOCUMENTS / "documents.css")


def _fonts() -> FontConfiguration:
    """Our cuts, and Noto behind them for rare characters, whatever else the machine has."""
    if not ONLY_THESE.exists():
        return FontConfiguration()
    before = os.environ.copy()
    os.environ["FONTCONFIG_FILE"] = str(ONLY_THESE)  # read while the configuration is made
    try:
        return FontConfiguration()
    finally:
        del os.environ["FONTCONFIG_FILE"]
        os.environ.update(before)


def _noto(weight: str) -> Path:
    return NOTO / f"NotoSansCJK-{weight}.ttc"


def _cut(weight: str) -> Path:
    return FONTS / f"HuanchePaper-{weight}-{len(_common())}-{_noto(weight).stat().st_size}.ttf"


def _make_cut(weight: str) -> None:
    """GB 2312 and the Latin letters of the Simplified Chinese face, under a family name of ours."""
    with TTFont(_noto(weight), fontNumber=SIMPLIFIED, lazy=True) as font:
        options = subset.Options(layout_features=["kern"], hinting=False, notdef_outline=True)
        options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=map(ord, _common()))
        cutter.subset(font)
        _rename(font, weight)
        _outline(font)
        draft = FONTS.with_name(f"{weight}.{os.getpid()}.ttf")  # beside, not where fonts are looked for
        font.save(draft)
        for former in FONTS.glob(f"HuanchePaper-{weight}-*"):
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


def _printable(said: Any) -> Any:
    """Characters that no font of ours has are named by number, never an empty box."""
    if not isinstance(said, str) or said.isascii() or _common().issuperset(said):
        return said
    return type(said)("".join(map(_sign, said.translate(LOOK_ALIKES))))


def _sign(sign: str) -> str:
    if sign in _common() or sign.isspace() or ord(sign) in _drawn():
        return sign
    return "" if unicodedata.category(sign)[0] in "CM" else f"〓(U+{ord(sign):04X})"


@cache
def _drawn() -> frozenset[int]:
    if not _noto("Regular").exists():
        return frozenset(range(0x110000))
    with TTFont(_noto("Regular"), fontNumber=SIMPLIFIED, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})
