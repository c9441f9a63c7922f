"""Driving licences: which class drives which car, who drives too short a time, and how a licence is kept."""

import re
from datetime import date

import msgspec

from server.database import Words
from server.domain.refusals import Invalid, N_, Said

NOVICE_MONTHS = 12
ANY_CAR, AUTOMATIC, NO_CAR = "any", "automatic", "none"
CLASSES: dict[str, str] = {
    "A1": ANY_CAR, "A2": ANY_CAR, "A3": ANY_CAR, "B1": ANY_CAR, "B2": ANY_CAR, "C1": ANY_CAR, "C2": AUTOMATIC,
    "C3": NO_CAR, "C4": NO_CAR, "C5": NO_CAR, "C6": NO_CAR, "other": NO_CAR,
}  # fmt: skip
"""What each class of the Chinese licence drives of our cars: A1 to B2 hold C1, C1 holds C2, C5 wants an adapted car."""
OTHER: Words = {"zh": "其他", "en": "Other"}
_NUMBER = re.compile(r"[0-9A-Z]{8,20}")


class Licence(msgspec.Struct, frozen=True):
    """What was read from the card in the customer's hand."""

    code: str
    first_on: date
    """When the first licence was issued."""
    until: date
    number: str = ""


def read_number(typed: str) -> str:
    """The number of a licence, without spaces. Raises Invalid at `licence_number`."""
    number = re.sub(r"[\s-]", "", typed).upper()
    if not _NUMBER.fullmatch(number):
        raise Invalid.at("licence_number", N_("Type the number as it stands on the licence, letters and digits alone."))
    return number


def why_not(licence: Licence, *, automatic: bool, day: date) -> list[Said]:
    """What keeps somebody with this licence from driving the car on that day; a ride is always possible."""
    reasons: list[Said] = []
    drives = CLASSES.get(licence.code, NO_CAR)
    if drives == NO_CAR or (drives == AUTOMATIC and not automatic):
        reasons.append(Said(N_("Class %(code)s does not drive this car"), code=licence.code))
    if licence.until < day:
        reasons.append(Said(N_("The licence ended on %(day)s"), day=f"{licence.until:%Y-%m-%d}"))
    if months_between(licence.first_on, day) < NOVICE_MONTHS:
        reasons.append(Said(N_("Licensed for less than a year: a ride only")))
    return reasons


def months_between(first: date, day: date) -> int:
    """Whole months from one day to the other."""
    return (day.year - first.year) * 12 + day.month - first.month - (day.day < first.day)
