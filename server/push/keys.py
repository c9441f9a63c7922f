"""The key by which push services know this house (VAPID, RFC 8292)."""

import base64
import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.settings import kept, settings

GOOD_FOR = 12 * 3600
"""Seconds; a push service takes at most a day."""


def private_key() -> str:
    """The number behind it, in base64url: from the settings, else made once and kept beside the data."""
    return settings().push_key or kept(settings().data, "push-key", _new)


def public_key() -> str:
    """What a browser has to know to subscribe: the point of the curve, in base64url."""
    point = _vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def authorization(endpoint: str) -> dict[str, str]:
    """The header that proves to the endpoint's push service who writes."""
    place = urlsplit(endpoint)
    claims = {
        "aud": f"{place.scheme}://{place.netloc}", "sub": settings().push_contact, "exp": int(time.time()) + GOOD_FOR,
    }  # fmt: skip
    return _vapid().sign(claims)


@cache
def _vapid() -> Any:
    from py_vapid import Vapid02  # pyright: ignore[reportMissingTypeStubs] -- only a house that pushes needs it

    vapid: Any = Vapid02
    return vapid.from_string(private_key())


def _new() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")
