"""Telephone numbers: kept as E.164, shown masked."""

import re

import phonenumbers

from server.domain.refusals import Invalid, N_

HOME = "CN"
HOME_CODE = 86
WITHOUT_AREA = re.compile(r"1[3-9]\d{9}$|[48]00\d{7}$|9\d{4,}$")
"""At home: a mobile, or a number of the whole country; all others are dialled with a 0 and their area code."""


def read(typed: str) -> str | None:
    """E.164, or None when nothing was typed. Raises Invalid at `phone`."""
    if not typed.strip():
        return None
    try:
        number = phonenumbers.parse(typed[:40], HOME)
    except phonenumbers.NumberParseException as fault:
        raise _not_a_number() from fault
    if number.extension or not phonenumbers.is_valid_number(number):  # kept without it, it would ring elsewhere
        raise _not_a_number()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(phone: str | None) -> str:
    """`138****0000`, `0553****0066`: enough to recognise, not enough to call."""
    if not phone:
        return ""
    digits = dialled(phone)
    shown = 3
    if phone.startswith(f"+{HOME_CODE}") and not WITHOUT_AREA.match(digits):
        digits = f"0{digits}"
        shown = 3 if digits[1] in "12" else 4  # the area code: 010 and 02x, all others have four digits
    return f"{digits[:shown]}****{digits[-4:]}"


def dialled(phone: str) -> str:
    """The digits as one dials them here: without the country code at home, with it abroad."""
    return phone.removeprefix(f"+{HOME_CODE}").removeprefix("+")


def _not_a_number() -> Invalid:
    return Invalid.at(
        "phone",
        N_("This is not a telephone number. A mobile has 11 digits, a landline its area code, one abroad its +."),
    )
