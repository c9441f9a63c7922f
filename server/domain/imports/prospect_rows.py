"""Rows of a list of prospects, read: what each says, or what is wrong with it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue import CarModel, car_models, entries
from server.domain.customers import names, phones
from server.domain.imports.cells import Cells
from server.domain.imports.fields import plain
from server.domain.imports.imports import Import
from server.domain.people import Person
from server.domain.refusals import Invalid, N_
from server.domain.showroom import grading, hands
from server.domain.showroom.many import Wish
from server.domain.showroom.prospects import calling_hour
from server.domain.showroom.registration import LONGEST_WISH

POOL = "pool"
LONGEST_ADDRESS = 200


class Line(msgspec.Struct):
    """A row without a mistake."""

    name: str
    phone: str
    wish: Wish
    may_call: bool | None
    address: str
    unknown_model: str
    """What the catalogue has not: kept as words of the wish."""


class Rows:
    """The store's lists as they are now, read once for a batch."""

    def __init__(self, session: Session, imported: Import, by: Person) -> None:
        store = by.store_id
        self.imported, self.by = imported, by
        self.today = by.moment().astimezone(by.zone).date()
        self.scale = grading.Scale(session, store, self.today)
        self.named_sources = {e.code: e.name for e in entries(session, store, "source")}
        self.named_details = {e.code: e.name for e in entries(session, store, "sub_source")}
        self.sources, self.sub_sources = _by_words(self.named_sources), _by_words(self.named_details)
        takers = hands.takers(session, store)
        self.named_takers = [one.title for one in takers]
        self.takers = {plain(w): one.id for one in takers for w in (*one.title.values(), one.name)}
        self.models = _models(car_models.on_sale(session, store))

    def read(self, cells: Sequence[str]) -> tuple[str, Line | None, list[dict[str, Any]]]:
        """The telephone as the key, the line, and what is wrong with it."""
        row = Cells(self.imported.columns, cells)
        name = names.clean(row.text("name", most=names.LONGEST, required=True))
        row.text("phone", most=60, required=True)
        phone = row.parsed("phone", phones.read)
        expected_on = self._expected(row)
        source, sub_source = self._source(row)
        consultant = self._consultant(row)
        model, words, unknown = self._model(row)
        next_on, may_call = row.day("next_on"), self._may_call(row)
        competitors, address = row.text("competitors", most=300), row.text("address", most=LONGEST_ADDRESS)
        if row.errors or phone is None:
            return phone or "", None, row.told()
        wish = Wish(
            source=source, sub_source=sub_source, consultant_id=consultant, expected_on=expected_on, model=model,
            competitors=_parted(competitors), words=words, next_at=self._hour(next_on),
        )  # fmt: skip
        return phone, Line(name, phone, wish, may_call, address, unknown), []

    def _expected(self, row: Cells) -> date | None:
        """By when they mean to buy: the day, else the last day that the grade stands for."""
        day, grade = row.day("expected_on"), row.text("grade", most=20).upper().removesuffix("级")
        if grade and grade not in self.scale.codes:
            row.wrong(
                "grade", N_("“%(typed)s” is no grade. Write one of %(grades)s."), typed=grade, grades=self._grades()
            )
            return None
        if day is not None:
            try:
                grading.refuse_day(self.by, day)
            except Invalid as wrong:
                row.errors.setdefault("expected_on", wrong.errors["expected_on"])
            return day
        return self.scale.last_day(grade) if grade else None

    def _grades(self) -> str:
        return " ".join([*(grade.code for grade in self.scale.table), self.scale.rules["new"]])

    def _source(self, row: Cells) -> tuple[str, str]:
        """A detail says its source too; beside another source it is a mistake, not something to drop."""
        source = row.choice("source", self.sources, list(self.named_sources.values())) or ""
        details = [name for code, name in self.named_details.items() if not source or code.startswith(f"{source}.")]
        sub = row.choice("sub_source", self.sub_sources, details) or ""
        if source and sub and not sub.startswith(f"{source}."):
            row.wrong("sub_source", N_("This is no detail of “%(source)s”."), source=self.named_sources[source])
        source = source or sub.partition(".")[0] or self.imported.options.get("source", "")
        if not source and not {"source", "sub_source"} & row.errors.keys():
            row.wrong("source", N_("Please fill this in."))
        return source, sub

    def _consultant(self, row: Cells) -> UUID | None:
        named = row.choice("consultant", self.takers, self.named_takers)
        chosen = self.imported.options.get("consultant", POOL)
        return named or (None if chosen == POOL else UUID(chosen))

    def _model(self, row: Cells) -> tuple[CarModel | None, str, str]:
        """A model of the catalogue; what is none stays in their words, and is named last."""
        typed, words = row.text("model", most=120), row.text("wish", most=LONGEST_WISH)
        model = self.models.get(plain(typed)) if typed else None
        unknown = typed if model is None else ""
        if unknown and unknown not in words:
            words = f"{unknown}；{words}" if words else unknown
        return model, words[:LONGEST_WISH], unknown

    def _may_call(self, row: Cells) -> bool | None:
        alone, may = row.yes("leave_alone"), row.yes("may_call")
        return False if alone else may

    def _hour(self, day: date | None) -> datetime | None:
        return calling_hour(day, self.by.zone) if day else None


def _by_words(named: dict[str, Words]) -> dict[str, str]:
    return {plain(word): code for code, name in named.items() for word in (code, *name.values())}


def _models(models: Sequence[CarModel]) -> dict[str, CarModel]:
    """By full name, with the year or without, and by series where there is only one of it."""
    found: dict[str, CarModel] = {}
    for model in models:
        for name in model.name.values():
            found.setdefault(plain(name), model)
            found.setdefault(plain(f"{name} {model.year}"), model)
    for language in ("zh", "en"):
        series = [plain(model.series.get(language, "")) for model in models]
        found |= {n: m for n, m in zip(series, models, strict=True) if series.count(n) == 1 and n not in found}
    return found


def _parted(typed: str) -> list[str]:
    for sign in "，、；;/":
        typed = typed.replace(sign, ",")
    return [name.strip() for name in typed.split(",") if name.strip()]
