"""Telephone numbers: kept as E.164, shown masked."""

import phonenumbers

from server.domain.refusals import Invalid, N_

HOME = "CN"
HOME_CODE = 86


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
    """`138****0000`: enough to recognise, not enough to call."""
    if not phone:
        return ""
    digits = dialled(phone)
    return f"{digits[:3]}****{digits[-4:]}"


def dialled(phone: str) -> str:
    """The digits as one dials them here: without the country code at home, with it abroad."""
    return phone.removeprefix(f"+{HOME_CODE}").removeprefix("+")


def _not_a_number() -> Invalid:
    return Invalid.at(
        "phone",
        N_("This is not a telephone number. A mobile has 11 digits, a landline its area code, one abroad its +."),
    )
