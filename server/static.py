"""Static files: named by the hash of them all, kept for ever by the browser, compressed once."""

import gzip
import hashlib
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated

import brotli  # pyright: ignore[reportMissingTypeStubs] -- it has none
import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import Parameter

from server.bundle import ENTRIES, OF_GUESTS, bundles
from server.settings import ROOT

FOLDER = ROOT / "static"
SQUEEZED = {".css", ".js", ".mjs", ".svg", ".json", ".webmanifest", ".wasm", ".map"}
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
LONG_TO_SQUEEZE = 100_000
"""Bytes from which the utmost would keep the first who asks waiting for seconds."""
LOOKS = ("css", "icons")
OURS = (*LOOKS, "js")


@cache
def version() -> str:
    """A hash over everything of ours and the list of what is installed; one prefix, so modules import each other."""
    found = hashlib.sha256((ROOT / "package-lock.json").read_bytes())
    for path in sorted(path for part in OURS for path in (FOLDER / part).rglob("*") if path.is_file()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:12]


def static_url(path: str) -> str:
    """The address of a static file in this version of the house."""
    return f"/static/{version()}/{path}"


@cache
def shell() -> tuple[str, ...]:
    """What any page may need of `static/` while there is no network: addresses in this version of the house."""
    looks = sorted(path.relative_to(FOLDER) for part in LOOKS for path in (FOLDER / part).rglob("*") if path.is_file())
    scripts = [*(f"js/{name}" for name in ENTRIES if name != OF_GUESTS), "vendor/htmx.org/dist/htmx.min.js"]
    return tuple(static_url(str(path)) for path in (*looks, *scripts))


@get("/static/{tag:str}/{path:path}", opt={"outside": True}, sync_to_thread=True, cache_control=None)
def static_file(
    tag: str, path: str, accept: Annotated[str, Parameter(header="accept-encoding", default="")]
) -> Response[bytes]:
    """A file from `static/`; an old tag still answers, a page may be older than the house."""
    content = _content(path.lstrip("/"))
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if tag == version() else "no-cache",
        "vary": "Accept-Encoding", "x-content-type-options": "nosniff",
    }  # fmt: skip
    offered = [one.partition(";")[0].strip() for one in accept.split(",")]
    way = next((way for way in content.squeezed if way in offered), None)
    if way is not None:
        return Response(content.squeezed[way], media_type=content.kind, headers=headers | {"content-encoding": way})
    return Response(content.plain, media_type=content.kind, headers=headers)


class Content(msgspec.Struct, frozen=True):
    """A file as it goes out: plain, and `squeezed` by each way a browser may know, the smallest first."""

    kind: str
    plain: bytes
    squeezed: dict[str, bytes]


def _place(path: str) -> Path:
    """Raises NotFoundException for whatever is not of `static/`."""
    name = path.removeprefix("js/").removesuffix(".map")
    if path != name and name in ENTRIES:
        return bundles(version()) / path.removeprefix("js/")
    place = (FOLDER / path.replace("\0", "")).resolve()
    # What has no suffix is no file for a browser: a licence, or the bundler itself.
    if not place.is_relative_to(FOLDER.resolve()) or not place.suffix or not place.is_file():
        raise NotFoundException
    return place


@cache
def _content(path: str) -> Content:
    place = _place(path)
    plain = place.read_bytes()
    kind = TYPES.get(place.suffix) or guess_type(place.name)[0] or "application/octet-stream"
    if place.suffix not in SQUEEZED:
        return Content(kind, plain, {})
    effort = 11 if len(plain) < LONG_TO_SQUEEZE else 6
    smallest = bytes(brotli.compress(plain, quality=effort))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    return Content(kind, plain, {"br": smallest, "gzip": gzip.compress(plain, 9)})
