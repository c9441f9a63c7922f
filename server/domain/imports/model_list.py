"""A list of car models: brands, series and trims become the catalogue; the same one is never there twice."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words, add_many, uuid7
from server.domain.catalogue.car_models import BODIES, ENERGIES, CarModel
from server.domain.imports.cells import Cells
from server.domain.imports.fields import plain
from server.domain.imports.imports import LEFT, MADE, MERGED, Import, ImportRow
from server.domain.people import Person
from server.domain.records.events import record_many, take_turn
from server.domain.refusals import N_

LONGEST = 60
FIRST_YEAR, LAST_YEAR = 1980, 2100
MOST_SEATS = 60
YEAR = re.compile(r"((?:19|20)\d{2})\s*款\s*")
PLUGS = re.compile(r"PHEV|DM-?[ip]\b|DM\b|插电|增程|GTE|新能源混动", re.IGNORECASE)
ELECTRIC = re.compile(r"纯电|电动|\bEV\b|\bBEV\b|EV\d|续航|kWh", re.IGNORECASE)
HYBRID = re.compile(r"双擎|混动|锐·?混动|HEV|Hybrid|e-?POWER|MHEV|48V", re.IGNORECASE)
WORDS_OF_ENERGY = {
    "ice": ("汽油", "柴油", "燃油", "燃油车", "油车", "petrol", "gasoline", "diesel", "petrol or diesel"),
    "hev": ("油电混动", "混动", "混合动力", "hybrid"),
    "phev": ("插电混动", "插电式混合动力", "插混", "增程", "增程式", "plug-in hybrid", "plugin"),
    "nev": ("纯电", "纯电动", "电动", "电动车", "electric", "ev", "bev"),
}
WORDS_OF_BODY = {
    "sedan": ("轿车", "三厢", "sedan"),
    "suv": ("越野车", "suv", "运动型多用途车"),
    "mpv": ("商务车", "mpv", "多用途车"),
    "hatch": ("两厢", "掀背", "hatchback", "hatch"),
}
Merging = Callable[[ImportRow], bool]


class Line(msgspec.Struct):
    """A row without a mistake."""

    brand: Words
    series: Words
    trim: Words
    year: int
    energy: str
    body: str | None
    seats: int | None


class ModelList:
    """The catalogue as it is now, read once for a batch."""

    def __init__(self, session: Session, imported: Import, by: Person) -> None:
        self.session, self.imported, self.by = session, imported, by
        self.energies = {plain(w): code for code in ENERGIES for w in (code, *WORDS_OF_ENERGY[code])}
        self.bodies = {plain(w): code for code in BODIES for w in (code, *WORDS_OF_BODY[code])}
        self._known: dict[str, CarModel] | None = None

    def read(self, cells: Sequence[str]) -> tuple[str, Line | None, list[dict[str, Any]]]:
        """Brand, series, trim and year as the key, the line, and what is wrong with it."""
        row = Cells(self.imported.columns, cells)
        brand, series = (row.text(field, most=LONGEST, required=True) for field in ("brand", "series"))
        trim = row.text("trim", most=LONGEST)
        year = row.whole("year", FIRST_YEAR, LAST_YEAR)
        if year is None and (found := YEAR.match(trim)):
            year, trim = int(found[1]), trim[found.end() :]
        if year is None:
            row.wrong("year", N_("Give the model year, in a column of its own or at the beginning of the trim."))
        energy = row.choice("energy", self.energies) or energy_of(f"{series} {trim}")
        body, seats = row.choice("body", self.bodies), row.whole("seats", 1, MOST_SEATS)
        english = [row.text(f"{field}_en", most=LONGEST) for field in ("brand", "series", "trim")]
        if row.errors or year is None:
            return "", None, row.told()
        words = [{"zh": zh, "en": en or zh} for zh, en in zip((brand, series, trim), english, strict=True)]
        line = Line(words[0], words[1], words[2], year, energy, body, seats)
        return key_of(line), line, []

    def notes(self, line: Line) -> dict[str, Any]:
        """Nothing: what is not understood is a mistake here."""
        return {}

    def find(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Of these, which are in the catalogue."""
        known = self._catalogue()
        return {key: {"name": known[key].name, "year": known[key].year} for key in keys if key in known}

    def apply(self, rows: Sequence[tuple[ImportRow, Line]], merging: Merging) -> None:
        """Add the new ones, fill in what was not known of the others where that was chosen."""
        take_turn(self.session, self.by.store_id)  # two at once would both find none
        self._known = None
        known = dict(self._catalogue())
        made: list[CarModel] = []
        changed: dict[str, CarModel] = {}
        for row, line in rows:
            key = key_of(line)
            model = known.get(key)
            if model is None:
                model = known[key] = _model(line, self.by)
                made.append(model)
                state = MADE
            else:
                state = MERGED if merging(row) and _fill_in(model, line) else LEFT
                changed |= {key: model} if state == MERGED and model not in made else {}
            row.state, row.cells, row.key, row.subject_id = state, [], "", model.id
            row.found = {"name": model.name, "year": model.year}
        add_many(self.session, made)
        record_many(self.session, "car_model.added", [(one, None, {}) for one in made], by=self.by)
        record_many(self.session, "car_model.changed", [(one, None, {}) for one in changed.values()], by=self.by)

    def _catalogue(self) -> dict[str, CarModel]:
        if self._known is None:
            query = select(CarModel).where(CarModel.store_id == self.by.store_id)
            self._known = {key_of(model): model for model in self.session.scalars(query)}
        return self._known


def energy_of(words: str) -> str:
    """The kind of drive that the words of a series and trim give away; petrol when they say nothing."""
    for energy, sign in (("phev", PLUGS), ("hev", HYBRID), ("nev", ELECTRIC)):
        if sign.search(words):
            return energy
    return "ice"


def key_of(model: Line | CarModel) -> str:
    """What makes two of them the same, however they are typed."""
    return "|".join([*(plain(part.get("zh", "")) for part in (model.brand, model.series, model.trim)), str(model.year)])


def _model(line: Line, by: Person) -> CarModel:
    return CarModel(
        id=uuid7(), store_id=by.store_id, version=1, brand=line.brand, series=line.series, trim=line.trim,
        energy=line.energy, year=line.year, body=line.body, seats=line.seats, active=True,
    )  # fmt: skip


def _fill_in(model: CarModel, line: Line) -> bool:
    """What was not known yet; whether there was anything."""
    before = (model.body, model.seats, model.brand, model.series, model.trim)
    model.body, model.seats = model.body or line.body, model.seats or line.seats
    for field in ("brand", "series", "trim"):
        said: Words = getattr(model, field)
        given: Words = getattr(line, field)
        if said.get("en", "") in ("", said.get("zh", "")) and given["en"] != given["zh"]:
            setattr(model, field, {**said, "en": given["en"]})
    if before == (model.body, model.seats, model.brand, model.series, model.trim):
        return False
    model.version += 1
    return True
