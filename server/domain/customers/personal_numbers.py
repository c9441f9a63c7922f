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
from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent, InvalidFormat, ValidationError
from stdnum.util import isdigits

from server.domain.refusals import Invalid, N_
from server.settings import settings

NONCE = 12
KEY = 32
RESIDENT_ID_LENGTH = 18
DOES_NOT_ADD_UP = {
    True: N_("A credit code has 18 letters; this one does not add up."),
    False: N_("A resident id has 18 digits; this one does not add up."),
}


def read(kind: str, typed: str) -> str | None:
    """A resident id of a person or a credit code of a company, checked. Raises Invalid at `personal_number`."""
    if not typed.strip():
        return None
    try:
        return uscc.validate(typed[:40]) if kind == "company" else _resident_id(typed[:40])
    except ValidationError as fault:
        raise Invalid.at("personal_number", DOES_NOT_ADD_UP[kind == "company"]) from fault


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


def _resident_id(typed: str) -> str:
    """Length, region, date and check digit.

    Counties were renamed and their people kept their numbers: the library's own check, which wants the county
    to have existed in the year of birth, would refuse real customers.
    """
    number = ric.compact(typed).upper()
    if len(number) != RESIDENT_ID_LENGTH or not isdigits(number[:-1]):
        raise InvalidFormat
    if number[-1] != ric.calc_check_digit(number) or not numdb.get("cn/loc").info(number[:6])[0][1]:
        raise InvalidComponent
    ric.get_birth_date(number)
    return number


@cache
def _keys() -> tuple[bytes, bytes]:
    derived = HKDF(hashes.SHA256(), 2 * KEY, None, b"huanche personal numbers").derive(settings().secret.encode())
    return derived[:KEY], derived[KEY:]
