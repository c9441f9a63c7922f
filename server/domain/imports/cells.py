"""Reading the values of a row: each field checked where it stands, every mistake told at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from server.database import Words
from server.domain.imports.fields import plain
from server.domain.refusals import Invalid, N_, Said

T = TypeVar("T")
MOST_NAMED = 12
"""So many choices are told at a mistake."""
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
FIRST_SERIAL = date(1899, 12, 30)
"""Day 0 of a sheet that counts days, as it works out after 1900-02-28."""
YES = frozenset({"是", "可", "可以", "同意", "允许", "y", "yes", "true", "1", "√", "对", "有"})
NO = frozenset({"否", "不", "不可", "不可以", "不同意", "拒绝", "n", "no", "false", "0", "×", "x", "无"})


class Cells:
    """The values of one row by field; what is wrong is noted, not raised."""

    def __init__(self, columns: Mapping[str, int], cells: Sequence[str]) -> None:
        self.errors: dict[str, Said] = {}
        self._values = {field: cells[column] for field, column in columns.items() if column < len(cells)}

    def text(self, field: str, *, most: int, required: bool = False) -> str:
        """What stands there, as one line."""
        typed = " ".join(self._values.get(field, "").split())
        if required and not typed:
            self.wrong(field, N_("Please fill this in."))
        if len(typed) > most:
            self.wrong(field, N_("At most %(most)s letters; these are %(count)s."), most=most, count=len(typed))
        return typed[:most]

    def parsed(self, field: str, read: Callable[[str], T]) -> T | None:
        """What the domain's own reader makes of it."""
        try:
            return read(self.text(field, most=200))
        except Invalid as wrong:
            self.errors.setdefault(field, next(iter(wrong.errors.values())))
            return None

    def choice(self, field: str, of: Mapping[str, T], named: Sequence[Words] = ()) -> T | None:
        """One of these, by any of its words; nothing where nothing stands. `named` are told to who wrote another."""
        typed = self.text(field, most=120)
        if not typed:
            return None
        if plain(typed) not in of:
            self._no_choice(field, typed[:40], named)
            return None
        return of[plain(typed)]

    def day(self, field: str) -> date | None:
        """A day as people and sheets write it: 2026-11-22, 2026/11/22, 2026年11月22日, 20261122, 46348."""
        typed = self.text(field, most=60)
        if not typed:
            return None
        try:
            return _day(typed)
        except ValueError:
            self.wrong(field, N_("“%(typed)s” is not a day. Write it such as 2026-11-22."), typed=typed[:40])
            return None

    def yes(self, field: str) -> bool | None:
        """A plain yes or no, or nothing."""
        typed = self.text(field, most=20).casefold()
        if not typed:
            return None
        if typed not in YES and typed not in NO:
            self.wrong(field, N_("“%(typed)s” is neither yes nor no."), typed=typed)
        return typed in YES

    def whole(self, field: str, least: int, most: int) -> int | None:
        """A whole number within limits."""
        typed = self.text(field, most=20)
        if not typed:
            return None
        digits = typed.removesuffix("款").removesuffix("座")
        if not digits.isascii() or not digits.isdigit() or not least <= int(digits) <= most:
            self.wrong(field, N_("Between %(least)s and %(most)s."), least=least, most=most)
            return None
        return int(digits)

    def _no_choice(self, field: str, typed: str, named: Sequence[Words]) -> None:
        if not named:
            self.wrong(field, N_("“%(typed)s” is not among the choices."), typed=typed)
            return
        rest = " …" if len(named) > MOST_NAMED else ""
        choices = {
            language: sign.join(name.get(language, name["zh"]) for name in named[:MOST_NAMED]) + rest
            for language, sign in (("zh", "、"), ("en", ", "))
        }
        message = N_("“%(typed)s” is not among the choices: %(choices)s.")
        self.wrong(field, message, typed=typed, choices=choices)

    def wrong(self, field: str, message: str, **gaps: Any) -> None:
        """Note a mistake; the first one at a field is the one told."""
        self.errors.setdefault(field, Said(message, **gaps))

    def told(self) -> list[dict[str, Any]]:
        """The mistakes as they are kept."""
        return [{"field": field, "message": said.message, "gaps": said.gaps} for field, said in self.errors.items()]


def _day(typed: str) -> date:
    if found := DAY.fullmatch(typed) or TOGETHER.fullmatch(typed):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if SERIAL.fullmatch(typed):
        return FIRST_SERIAL + timedelta(days=int(float(typed)))
    raise ValueError(typed)
