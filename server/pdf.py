"""Papers: frozen content in, a bilingual A4 PDF out; the same content gives the same bytes."""

# WeasyPrint ships without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

import json
import logging
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from math import isfinite
from pathlib import Path
from threading import Lock
from typing import Any, cast
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from server.car_drawings import drawings
from server.cutting import prepare, printable
from server.press import Content, Photos
from server.typefaces import ONLY_THESE, readiness

DOCUMENTS = Path(__file__).parent / "templates" / "documents"

_log = logging.getLogger(__name__)
_pango = Lock()  # the one font configuration is not for two threads at once


def render(kind: str, content: Content, photos: Photos, verify_url: str) -> bytes:
    """Print `content` in the form `kind`. Raises KeyError for a photo that was not brought along."""
    seen = {file: photos[file] for file in _photos(content)}
    html = page(kind, content, verify_url)
    told = json.dumps([content, verify_url], sort_keys=True)
    identity = sha256(told.encode()).hexdigest()[:32].encode()
    printed = BytesIO()
    with _pango:
        fonts, style = _typography()
        HTML(string=html, url_fetcher=_OnlyThese(seen)).write_pdf(
            printed, font_config=fonts, stylesheets=[style], pdf_identifier=identity, dpi=200, jpeg_quality=80
        )
    return printed.getvalue()


def page(kind: str, content: Content, verify_url: str) -> str:
    """The paper in HTML, before it is drawn."""
    zone = ZoneInfo(content["timezone"])

    def clock(at: str) -> str:
        return datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")

    qr = segno.make(verify_url, error="m", micro=False).svg_inline(border=1, omitsize=True)
    form = _forms().get_template(f"{kind}.html")
    drawn = Markup(qr)  # noqa: S704 -- by segno, of an address that it has quoted
    return form.render(paper=content, photos=_photos(content), qr=drawn, clock=clock)


@cache
def _forms() -> Environment:
    forms = Environment(loader=FileSystemLoader(DOCUMENTS), autoescape=True, trim_blocks=True, finalize=printable)
    cast(dict[str, Any], forms.globals)["drawings"] = drawings
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
    for picture in content.get("pictures", ()):
        photos.setdefault(picture["file"], {**picture, "no": len(photos) + 1})
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


class _OnlyThese(URLFetcher):
    """Only the photos of this paper: no network, no disk."""

    def __init__(self, photos: Photos) -> None:
        super().__init__(allowed_protocols=())
        self._photos = photos

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        return URLFetcherResponse(url, self._photos[url.removeprefix("file-id:")])


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
