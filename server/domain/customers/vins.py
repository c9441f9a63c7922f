"""Vehicle identification numbers (GB 16735, ISO 3779)."""

import re
import unicodedata

from server.domain.refusals import Invalid, N_, Said

LENGTH = 17
SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
WORTH = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", map(int, "123456781234579234567890123456789"), strict=True))
CHECK_AT = 8


def read(typed: str) -> str | None:
    """Seventeen capital letters and digits, or None when nothing was typed. Raises Invalid at `vin`."""
    vin = re.sub(r"[\s\-·.]", "", unicodedata.normalize("NFKC", typed[:80])).upper()
    if not vin:
        return None
    if len(vin) != LENGTH:
        raise Invalid.at("vin", N_("A VIN has 17 letters and digits; this has %(count)s."), count=len(vin))
    if set(vin) & set("IOQ"):
        raise Invalid.at("vin", N_("A VIN never has I, O or Q. Look again: 1 or 0?"))
    if not SHAPE.fullmatch(vin):
        raise Invalid.at("vin", N_("A VIN has only the letters A to Z and digits."))
    return vin


def vin_warning(vin: str) -> Said | None:
    """A word of caution about a well-formed VIN: imports may not use the check digit, so it does not forbid."""
    expected = check_digit(vin)
    if vin[CHECK_AT] == expected:
        return None
    return Said(
        N_("The check digit does not fit: position 9 is %(found)s, expected %(expected)s. Compare with the car."),
        found=vin[CHECK_AT],
        expected=expected,
    )


def check_digit(vin: str) -> str:
    """What position 9 should be."""
    remainder = sum(WORTH[letter] * weight for letter, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)
