"""Numbers of a person or a company: sealed at rest, found by a blind index, shown masked."""

import base64
import hashlib
import hmac
import secrets
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.util import isdigits

from server.database import now
from server.domain.refusals import Invalid, N_
from server.settings import settings

NONCE = 12
KEY = 32
RESIDENT_ID_LENGTH = 18


def read(kind: str, typed: str) -> str | None:
    """A resident id of a person or a credit code of a company, checked. Raises Invalid at `personal_number`."""
    if not typed.strip():
        return None
    return _credit_code(typed[:40]) if kind == "company" else _resident_id(typed[:40])


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


def _credit_code(typed: str) -> str:
    try:
        return uscc.validate(typed)
    except InvalidChecksum as fault:
        raise _wrong(
            N_("The last letter does not fit the others. Compare the credit code with the licence.")
        ) from fault
    except ValidationError as fault:
        said = N_("A credit code has 18 digits and capital letters; this has %(count)s.")
        raise _wrong(said, count=len(uscc.compact(typed))) from fault


def _resident_id(typed: str) -> str:
    """Length, check digit (GB 11643), region and date of birth.

    Counties were renamed and their people kept their numbers: the library's own check, which wants the county
    to have existed in the year of birth, would refuse real customers.
    """
    number = ric.compact(typed).upper()
    if len(number) != RESIDENT_ID_LENGTH or not isdigits(number[:-1]):
        raise _wrong(N_("A resident id has 18 digits, the last may be X; this has %(count)s."), count=len(number))
    if number[-1] != ric.calc_check_digit(number):
        raise _wrong(N_("The last digit does not fit the others. Compare the number with the card, digit by digit."))
    if not (numdb.get("cn/loc").info(number[:6])[0][1] and _was_born(number)):
        raise _wrong(N_("There is no such place or birthday. Compare the number with the card, digit by digit."))
    return number


def _was_born(number: str) -> bool:
    try:
        return ric.get_birth_date(number) <= now().date()
    except ValidationError:
        return False


def _wrong(message: str, **gaps: Any) -> Invalid:
    return Invalid.at("personal_number", message, **gaps)


@cache
def _keys() -> tuple[bytes, bytes]:
    derived = HKDF(hashes.SHA256(), 2 * KEY, None, b"huanche personal numbers").derive(settings().secret.encode())
    return derived[:KEY], derived[KEY:]
