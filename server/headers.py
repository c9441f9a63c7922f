"""What every answer of the house tells the browser: what it may load, what it may use, and which visit it was."""

from collections.abc import Mapping

from server.forms import uuid_or_none
from server.visit import Visit

SOURCES = {
    "default-src": "'none'", "script-src": "'self' 'nonce-{nonce}'", "style-src": "'self' 'nonce-{nonce}'",
    "img-src": "'self' data:", "font-src": "'self'", "connect-src": "'self'", "manifest-src": "'self'",
    "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip
"""Where a page may take things from, for the whole house."""
OF_PAGES = {
    "script-src": "'wasm-unsafe-eval'", "img-src": "blob:", "media-src": "'self' blob:", "worker-src": "'self'",
}  # fmt: skip
"""What our own pages need besides: the reader of codes, photos not yet sent, the worker."""

Raw = list[tuple[bytes, bytes]]


def house_headers(visit: Visit, also: Mapping[str, str] = OF_PAGES) -> dict[str, str]:
    """By name; `also` says by directive what these pages may load besides."""
    return (
        _acknowledgement(visit)
        | {
            "content-security-policy": _policy(visit.nonce, also),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
            "cross-origin-opener-policy": "same-origin",
            "x-request-id": visit.id,
        }
        | ({"x-robots-tag": "noindex, nofollow"} if visit.guest else {})
    )


def _acknowledgement(visit: Visit) -> dict[str, str]:
    """Which deed this answers: an outbox believes no gateway that speaks in the house's stead."""
    key = uuid_or_none(visit.headers.get("idempotency-key", ""))
    return {} if key is None else {"outbox-ack": str(key)}


def raw(headers: Mapping[str, str]) -> Raw:
    """As they go over the wire."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _policy(nonce: str, also: Mapping[str, str]) -> str:
    directives = [*SOURCES, *(name for name in also if name not in SOURCES)]
    said = (" ".join([name, *(part[name] for part in (SOURCES, also) if name in part)]) for name in directives)
    return "; ".join(said).replace("{nonce}", nonce)
