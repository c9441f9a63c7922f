"""A list of prospects: who is new is registered, who is here already is shown, and nobody is taken from a colleague."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.database import Words
from server.domain.customers import Customer
from server.domain.customers.duplicates import with_phones
from server.domain.customers.many import Entry
from server.domain.customers.many import register_many as open_files
from server.domain.imports.imports import LEFT, MADE, MERGED, WORDS, Import, ImportRow
from server.domain.imports.prospect_rows import Line, Rows
from server.domain.people import Person
from server.domain.records import consents
from server.domain.showroom import Prospect
from server.domain.showroom.many import fill_in, register_many, standing_of, tell_changed
from server.domain.showroom.prospects import STATE_NAMES, State

HOW = "list"
Merging = Callable[[ImportRow], bool]


class ProspectList:
    """What becomes of the rows of a batch."""

    def __init__(self, session: Session, imported: Import, by: Person) -> None:
        self.session, self.by = session, by
        self.rows = Rows(session, imported, by)
        self.scale = self.rows.scale

    def read(self, cells: Sequence[str]) -> tuple[str, Line | None, list[dict[str, Any]]]:
        """The telephone as the key, the line, and what is wrong with it."""
        return self.rows.read(cells)

    def notes(self, line: Line) -> dict[str, Any]:
        """A model that the catalogue has not."""
        return {WORDS: line.unknown_model} if line.unknown_model else {}

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


def _first_of_each(rows: Sequence[tuple[ImportRow, Line]]) -> dict[str, tuple[ImportRow, Line]]:
    found: dict[str, tuple[ImportRow, Line]] = {}
    for row, line in rows:
        found.setdefault(line.phone, (row, line))
    return found


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
