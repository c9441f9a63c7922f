"""Reading what was typed: every field checked where it stands, every mistake told at once, nothing lost."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar.datastructures import UploadFile

from server.domain.refusals import Invalid, N_, Said

LONGEST = 2000
LABELS = {
    "day": N_("Day"), "clock": N_("Begins"), "first_day": N_("First day"), "last_day": N_("Last day"),
    "latitude": N_("Latitude"), "longitude": N_("Longitude"), "next_what": N_("What comes next"),
    "staff": N_("Who is away"), "stand_in": N_("Who stands in"), "relation": N_("Who they are to the owner"),
    "address": N_("Address"), "advisor": N_("Service advisor"), "code": N_("Item"), "colour": N_("Colour"),
    "amount": N_("Amount, yuan"), "condition": N_("Condition"), "method": N_("How it is paid"),
    "trade_in": N_("Old car"), "discount": N_("Discount"), "down": N_("Down payment, yuan"), "word": N_("Your answer"),
    "car": N_("Car"), "agent": N_("Taken over by somebody else (with authority)"),
    "consultant": N_("Sales consultant"), "engine_no": N_("Engine number"), "language": N_("Speaks"),
    "model": N_("Model"), "name": N_("Customer's name"), "note": N_("Note"), "odometer_km": N_("Odometer, km"),
    "outcome": N_("What came of it"), "password": N_("Password"), "personal_number": N_("Resident id or credit code"),
    "phone": N_("Telephone"), "pin": N_("New PIN"), "place": N_("Place"), "planned_at": N_("When"),
    "plate": N_("Plate"), "reason": N_("Why"), "verdict": N_("What is right"), "vin": N_("VIN"),
    "what": N_("What was put right"), "why": N_("Why"), "starts_at": N_("Begins"), "minutes": N_("Minutes"),
    "km": N_("Odometer, km"), "licence_first_on": N_("First issued on"), "licence_until": N_("Valid until"),
    "licence_number": N_("Licence number"), "competitor_brand": N_("Brand of the other car"),
    "competitor_model": N_("Model of the other car"), "story": N_("How it came about"),
    "content": N_("What it was about"), "customer_words": N_("In the customer's words"),
    "countermeasure": N_("What we do about it"), "advice": N_("Advice"), "source": N_("Source"),
    "sub_source": N_("In detail"), "referrer": N_("Referred by (telephone)"), "competitors": N_("Competitors"),
    "wish": N_("What they want"), "next_method": N_("By way of"), "energy": N_("Fuel or charge, per cent"),
    "damage": N_("New damage, offences, accidents"), "opinion": N_("What else they say"), "rate": N_("Rate a year"),
    "months": N_("Months"), "promised_on": N_("Agreed delivery date"), "delivered_on": N_("Delivery, if another day"),
    "kind": N_("Kind"), "route": N_("Route"), "file": N_("File"), "licence_class": N_("Class"),
    "expected": N_("They hope for, yuan"), "year": N_("First registered in"), "mileage_km": N_("Odometer, km"),
    "key_number": N_("Key number"), "cars": N_("Orders a month"), "energy_level": N_("Fuel or charge, per cent"),
    "promised_at": N_("Ready at"), "quantity": N_("How much"), "price": N_("Price, yuan"), "other": N_("Other, yuan"),
    "other_name": N_("What for"), "number": N_("Measured, with its unit"), "next_service_on": N_("Next service on"),
    "next_service_km": N_("Next service km"), "driver_name": N_("Driven here by"),
    "driver_phone": N_("Their telephone"), "valuables": N_("Stays in the car"),
    "settings": N_("Radio, climate, seat as they were"), "words": N_("Your question"), "discount_why": N_("Why"),
    "detail": N_("Note"), "invoiced_on": N_("Invoice"), "said": N_("In the customer's words"), "to": N_("To whom"),
    "whose": N_("Whose"),
}  # fmt: skip
"""What a field is called where mistakes are listed together; a tick is told by what is wrong with it."""
T = TypeVar("T")
WHOLE = re.compile(r"[+-]?\d+|[+-]?\d{1,3}(?:[,，\s]\d{3})+")
CLOCK = re.compile(r"(\d{1,2})[:：.]?(\d{2})")
YUAN = re.compile(r"\d{1,9}(?:\.\d{1,2})?")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def uuid_or_none(text: str) -> UUID | None:
    """An identity, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


class Form:
    """The fields of a request. Readers note what is wrong; `check()` raises it all together."""

    def __init__(
        self, fields: Mapping[str, Any], files: Mapping[str, Sequence[UploadFile]], lists: Mapping[str, Sequence[str]]
    ) -> None:
        self.values = dict(fields)
        """As typed, to be shown again."""
        self.errors: dict[str, Said] = {}
        self._files = files
        self._lists = lists

    def text(self, field: str, *, required: bool = False, most: int = LONGEST) -> str:
        """One trimmed line or more, without invisible control letters."""
        typed = unicodedata.normalize("NFC", _NOT_TEXT.sub("", str(self.values.get(field, "")))).strip()
        if required and not typed:
            self.wrong(field, N_("Please fill this in."))
        if len(typed) > most:
            self.wrong(field, N_("At most %(most)s letters; these are %(count)s."), most=most, count=len(typed))
        return typed[:most]

    def choice(self, field: str, of: Collection[str], *, required: bool = True) -> str:
        """One of what is offered, or nothing where that is allowed."""
        chosen = str(self.values.get(field, ""))
        if (required or chosen) and chosen not in of:
            self.wrong(field, N_("Choose one of the offered."))
            return ""
        return chosen

    def ident(self, field: str, *, required: bool = True) -> UUID | None:
        """The identity of something chosen."""
        return self._parsed(field, UUID, N_("Choose one of the offered."), required)

    def whole(self, field: str, *, least: int = 0, most: int = 2_000_000_000, required: bool = True) -> int | None:
        """A whole number within limits."""
        found = self._parsed(field, _counted, N_("Type a whole number, in digits alone."), required)
        if found is not None and not least <= found <= most:
            self.wrong(field, N_("Between %(least)s and %(most)s."), least=least, most=most)
            return None
        return found

    def moment(self, field: str, zone: ZoneInfo, *, required: bool = True) -> datetime | None:
        """Date and time as read on the store's clock, from `YYYY-MM-DDTHH:MM`."""

        def read(typed: str) -> datetime:
            at = datetime.fromisoformat(typed).replace(tzinfo=zone)
            if not 2000 <= at.year <= 2100:
                raise ValueError(typed)
            return at

        return self._parsed(field, read, N_("Give date and time, such as 2026-11-22 14:30."), required)

    def minute(self, field: str, *, required: bool = True) -> int | None:
        """A time of the day as its minute, from `HH:MM`."""
        return self._parsed(field, _minute, N_("Give a time, such as 08:30."), required)

    def money(self, field: str, *, most: int = 2_000_000_000, required: bool = True) -> int | None:
        """An amount in yuan, as fen: `128,800` or `99.50`; never below nothing."""
        found = self._parsed(field, _fen, N_("Type an amount in yuan, such as 128,800 or 99.50."), required)
        if found is not None and found > most:
            self.wrong(field, N_("At most %(most)s."), most=f"¥{most / 100:,.2f}")
            return None
        return found

    def day(self, field: str, *, required: bool = False) -> date | None:
        """A day, from `YYYY-MM-DD`."""
        return self._parsed(field, date.fromisoformat, N_("Give a day, such as 2026-11-22."), required)

    def read(self, field: str, reader: Callable[[str], Any], *, required: bool = False, most: int = LONGEST) -> str:
        """What was typed, once the domain's own reader has looked at it: it says with the others what is wrong."""
        typed = self.text(field, required=required, most=most)
        try:
            reader(typed)
        except Invalid as wrong:
            for place, said in wrong.errors.items():
                self.errors.setdefault(place, said)
        return typed

    def stamp(self, name: str) -> datetime | None:
        """A moment that a page or a script wrote, with its zone; None when it is none."""
        try:
            at = datetime.fromisoformat(str(self.values.get(name, "")))
        except ValueError:
            return None
        return at if at.tzinfo else None

    def yes(self, field: str) -> bool:
        """Whether a box is ticked."""
        return str(self.values.get(field, "")) in {"1", "on", "yes", "true"}

    def every(self, field: str) -> Sequence[str]:
        """All values of a field that may come several times."""
        return self._lists.get(field, ())

    def files(self, field: str) -> Sequence[UploadFile]:
        """What was uploaded there, if anything."""
        return [upload for upload in self._files.get(field, ()) if upload.filename]

    def wrong(self, field: str, message: str, **gaps: Any) -> None:
        """Note a mistake; the first one at a field is the one told."""
        self.errors.setdefault(field, Said(message, **gaps))

    def check(self) -> None:
        """Raises Invalid with everything noted so far."""
        if self.errors:
            raise Invalid(self.errors)

    def _parsed(self, field: str, read: Callable[[str], T], message: str, required: bool) -> T | None:
        typed = self.text(field, required=required, most=100)
        if not typed:
            return None
        try:
            return read(typed)
        except ValueError:
            self.wrong(field, message)
            return None


def _fen(typed: str) -> int:
    """Yuan with at most two places, as a person writes them."""
    plain = re.sub(r"[,，\s¥￥]", "", typed)
    if not YUAN.fullmatch(plain):
        raise ValueError(typed)
    whole, _, rest = plain.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def _minute(typed: str) -> int:
    """`08:30`, `8:30` or `0830`; `24:00` is the end of a day."""
    found = CLOCK.fullmatch(typed)
    if found is None:
        raise ValueError(typed)
    hour, minute = int(found[1]), int(found[2])
    if minute >= 60 or hour * 60 + minute > 24 * 60:
        raise ValueError(typed)
    return hour * 60 + minute


def _counted(typed: str) -> int:
    """`12,000`, as it is written on paper; nothing else that only a program takes for a number."""
    if not WHOLE.fullmatch(typed):
        raise ValueError(typed)
    return int(re.sub(r"[,，\s]", "", typed))
