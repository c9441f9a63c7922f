"""A list of prospects: who is new is registered, who is here already is shown, and nobody is taken from a colleague."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue import CarModel, car_models, entries
from server.domain.customers import Customer, names, phones
from server.domain.customers.duplicates import with_phones
from server.domain.customers.many import Entry
from server.domain.customers.many import register_many as open_files
from server.domain.imports.cells import Cells
from server.domain.imports.fields import plain
from server.domain.imports.imports import LEFT, MADE, MERGED, Import, ImportRow
from server.domain.people import Person
from server.domain.records import consents
from server.domain.refusals import Invalid, N_
from server.domain.showroom import Prospect, grading, hands
from server.domain.showroom.many import Wish, fill_in, register_many, standing_of, tell_changed
from server.domain.showroom.prospects import STATE_NAMES, State, calling_hour
from server.domain.showroom.registration import LONGEST_WISH

POOL = "pool"
LONGEST_ADDRESS = 200
HOW = "list"
Merging = Callable[[ImportRow], bool]


class Line(msgspec.Struct):
    """A row without a mistake."""

    name: str
    phone: str
    wish: Wish
    may_call: bool | None
    address: str


class ProspectList:
    """The store's lists as they are now, read once for a batch."""

    def __init__(self, session: Session, imported: Import, by: Person) -> None:
        store = by.store_id
        self.session, self.imported, self.by = session, imported, by
        self.today = by.moment().astimezone(by.zone).date()
        self.scale = grading.Scale(session, store, self.today)
        self.sources = _by_words((e.code, e.name) for e in entries(session, store, "source"))
        self.sub_sources = _by_words((e.code, e.name) for e in entries(session, store, "sub_source"))
        takers = hands.takers(session, store)
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
        model, words = self._model(row)
        next_on, may_call = row.day("next_on"), self._may_call(row)
        competitors, address = row.text("competitors", most=300), row.text("address", most=LONGEST_ADDRESS)
        if row.errors or phone is None:
            return phone or "", None, row.told()
        wish = Wish(
            source=source, sub_source=sub_source, consultant_id=consultant, expected_on=expected_on, model=model,
            competitors=_parted(competitors), words=words, next_at=self._hour(next_on),
        )  # fmt: skip
        return phone, Line(name, phone, wish, may_call, address), []

    def find(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Of these telephones, who is here already: the name on file, and who looks after them."""
        known = with_phones(self.session, self.by.store_id, keys)
        standing = standing_of(self.session, self.by.store_id, [one.id for one in known.values()])
        return {phone: _told(one, standing.get(one.id)) for phone, one in known.items()}

    def apply(self, rows: Sequence[tuple[ImportRow, Line]], merging: Merging) -> None:
        """Register the new ones, add to those who are here where that was chosen; each row says what became of it."""
        known = with_phones(self.session, self.by.store_id, [line.phone for _, line in rows])
        first = _first_of_each([pair for pair in rows if pair[1].phone not in known])
        new = {phone: line for phone, (_, line) in first.items()}
        entered = [Entry(line.name, line.phone, line.address) for line in new.values()]
        opened = open_files(self.session, entered, by=self.by)
        known |= dict(zip(new, opened, strict=True))
        standing = standing_of(self.session, self.by.store_id, [one.id for one in known.values()])
        others = [pair for pair in rows if first.get(pair[1].phone) != pair]
        quiet = self._consent(rows, known, new)
        joining = [
            (row, line)
            for row, line in others
            if line.phone not in new and known[line.phone].id not in standing and merging(row)
        ]
        once = first | _first_of_each(joining)
        wanted = [(known[phone], line.wish) for phone, (_, line) in once.items()]
        made = register_many(self.session, wanted, by=self.by, scale=self.scale, quiet=quiet)
        standing |= {prospect.customer_id: prospect for prospect in made}
        for (row, line), prospect in zip(once.values(), made, strict=True):
            _became(row, MADE if line.phone in new else MERGED, prospect, known[line.phone])
        taken = {row.id for row, _ in once.values()}
        self._add_to([pair for pair in others if pair[0].id not in taken], known, standing, merging)

    def _add_to(
        self, rows: Sequence[tuple[ImportRow, Line]], known: Mapping[str, Customer], standing: Mapping[UUID, Prospect],
        merging: Merging,
    ) -> None:  # fmt: skip
        changed: dict[UUID, Prospect] = {}
        for row, line in rows:
            customer = known[line.phone]
            prospect = standing.get(customer.id)
            open_one = prospect if prospect is not None and prospect.is_open and merging(row) else None
            moved = fill_in(open_one, line.wish, by=self.by, scale=self.scale) if open_one else None
            if open_one is not None and moved is not None:
                changed[open_one.id] = open_one
                self.session.add_all(moved)
            _became(row, LEFT if moved is None else MERGED, prospect, customer)
        tell_changed(self.session, list(changed.values()), by=self.by)

    def _consent(
        self, rows: Sequence[tuple[ImportRow, Line]], known: Mapping[str, Customer], new: Container[str]
    ) -> set[UUID]:
        """Keep what the list says; a no counts whatever was chosen, and no list takes a no back."""
        ids = {one.id for one in known.values()}
        refusing = consents.refusing(self.session, self.by.store_id, ids, "contact")
        said: dict[UUID, bool] = {}
        for _, line in rows:
            customer = known[line.phone]
            if line.may_call is None or customer.id in refusing or (line.may_call and line.phone not in new):
                continue
            said[customer.id] = said.get(customer.id, True) and line.may_call
        consents.answer_many(self.session, said, "contact", by=self.by, how=HOW)
        return refusing | {customer_id for customer_id, given in said.items() if not given}

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
        source = row.choice("source", self.sources) or self.imported.options.get("source", "")
        sub = row.choice("sub_source", self.sub_sources) or ""
        if not source and not sub and "source" not in row.errors:
            row.wrong("source", N_("Please fill this in."))
        source = source or sub.partition(".")[0]
        return source, sub if sub.startswith(f"{source}.") else ""

    def _consultant(self, row: Cells) -> UUID | None:
        named = row.choice("consultant", self.takers)
        chosen = self.imported.options.get("consultant", POOL)
        return named or (None if chosen == POOL else UUID(chosen))

    def _model(self, row: Cells) -> tuple[CarModel | None, str]:
        """A model of the catalogue; what is none stays in their words."""
        typed, words = row.text("model", most=120), row.text("wish", most=LONGEST_WISH)
        model = self.models.get(plain(typed)) if typed else None
        if typed and model is None and typed not in words:
            words = f"{typed}；{words}" if words else typed
        return model, words[:LONGEST_WISH]

    def _may_call(self, row: Cells) -> bool | None:
        alone, may = row.yes("leave_alone"), row.yes("may_call")
        return False if alone else may

    def _hour(self, day: date | None) -> datetime | None:
        return calling_hour(day, self.by.zone) if day else None


def _first_of_each(rows: Sequence[tuple[ImportRow, Line]]) -> dict[str, tuple[ImportRow, Line]]:
    found: dict[str, tuple[ImportRow, Line]] = {}
    for row, line in rows:
        found.setdefault(line.phone, (row, line))
    return found


def _by_words(listed: Any) -> dict[str, str]:
    return {plain(word): code for code, name in listed for word in (code, *name.values())}


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


def _told(customer: Customer, prospect: Prospect | None) -> dict[str, Any]:
    said: dict[str, Any] = {"name": customer.name, "customer": str(customer.id)}
    if prospect is None:
        return said
    who: Words | None = prospect.consultant.title if prospect.consultant else None
    return said | {"number": prospect.number, "state": STATE_NAMES[State(prospect.state)], "who": who}


def _became(row: ImportRow, state: str, prospect: Prospect | None, customer: Customer) -> None:
    """What the page of the import leads to; the values themselves are on file now."""
    row.state, row.cells, row.key = state, [], ""
    row.subject_id = prospect.id if prospect else customer.id
    row.found = {"name": customer.name, "customer": str(customer.id)} | (
        {"number": prospect.number} if prospect else {}
    )
