"""Numbers of a person or a company: sealed at rest, found by a blind index, shown masked."""

import base64
import hashlib
import hmac
import secrets
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from server.domain.refusals import Invalid, N_
from server.settings import settings

NONCE = 12
KEY = 32


def read(kind: str, typed: str) -> str | None:
    """A resident id of a person or a credit code of a company, checked. Raises Invalid at `personal_number`."""
    if not typed.strip():
        return None
    rule, fault = (uscc, N_("A credit code has 18 letters; this one does not add up.")) if kind == "company" else (
        ric, N_("A resident id has 18 digits; this one does not add up."),
    )  # fmt: skip
    try:
        return rule.validate(typed[:40]).upper()
    except ValidationError as wrong:
        raise Invalid.at("personal_number", fault) from wrong


def seal(number: str, customer_id: UUID) -> str:
    """Sealed for one customer: moved to another row it no longer opens."""
    nonce = secrets.token_bytes(NONCE)
    return base64.b64encode(nonce + AESGCM(_keys()[0]).encrypt(nonce, number.encode(), customer_id.bytes)).decode()


def unseal(sealed: str, customer_id: UUID) -> str:
    """The number itself."""
    raw = base64.b64decode(sealed)
    return AESGCM(_keys()[0]).decrypt(raw[:NONCE], raw[NONCE:], customer_id.bytes).decode()


def blind_index(number: str, store_id: UUID) -> str:
    """The same for the same number in one store, and nothing to anybody without the key."""
    return hmac.new(_keys()[1], store_id.bytes + number.encode(), hashlib.sha256).hexdigest()


def masked(number: str) -> str:
    """`110***********002X`."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


@cache
def _keys() -> tuple[bytes, bytes]:
    derived = HKDF(hashes.SHA256(), 2 * KEY, None, b"huanche personal numbers").derive(settings().secret.encode())
    return derived[:KEY], derived[KEY:]
