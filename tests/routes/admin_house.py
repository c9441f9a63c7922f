"""A house with an administrator in each store, and what they see and send."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from server.admin import mount_admin
from server.database import Database, uuid7
from server.domain.catalogue import ListEntry
from server.domain.people import Staff, Store, sign_in
from server.domain.people.staff import seal
from server.domain.records import Event
from server.domain.records.events import first_break

PASSWORD = "huanche-demo"
SEALED = seal(PASSWORD)
WHITE = {"zh": "珍珠白", "en": "Pearl white"}


class House:
    """A house with two stores, and the admin alone mounted on it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.app = Litestar([mount_admin(database)], openapi_config=None)
        self.stores: dict[str, UUID] = {}

    def open_store(self, code: str) -> None:
        self.stores[code] = uuid7()
        words = {"zh": f"{code}店", "en": f"Store {code}"}
        with self.database.work() as session:
            session.add(Store(id=self.stores[code], code=code, name=words, address=words, phone="021", credit_code="9"))
            session.flush()
            session.add_all(self._rows(code))

    def _rows(self, code: str) -> list[Any]:
        store_id = self.stores[code]
        people = [
            Staff(
                id=uuid7(), store_id=store_id, name=f"{role}-{code}".lower(), title={"zh": role, "en": role},
                roles=[role], password_hash=SEALED, pin_hash=None, phone=None,
            )
            for role in ("admin", "consultant")
        ]  # fmt: skip
        white = ListEntry(
            store_id=store_id, list="colour", code="white", name=WHITE, valid_from=date(2026, 1, 1), valid_to=None
        )
        return [*people, white]

    def visitor(self, name: str | None = None) -> TestClient[Litestar]:
        client = TestClient(self.app, raise_server_exceptions=False)
        client.cookies.set("huanche_language", "en")
        if name:
            with self.database.work() as session:
                _, token = sign_in.by_password(session, name, PASSWORD, device=uuid7(), address="test", hours=1)
            client.cookies.set("huanche_session", token)
            client.get("/admin/")
            client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        return client

    def one(self, kind: Any, *criteria: Any, store: str = "A") -> Any:
        with self.database.work(self.stores[store]) as session:
            return session.scalar(select(kind).where(kind.store_id == self.stores[store], *criteria))

    def events(self, store: str = "A") -> list[Event]:
        with self.database.work(self.stores[store]) as session:
            assert first_break(session, self.stores[store]) is None
            rows = select(Event).where(Event.store_id == self.stores[store], Event.verb == "admin.changed")
            return list(session.scalars(rows.order_by(Event.position)))

    def keep(self, row: Any, store: str = "A") -> Any:
        with self.database.work(self.stores[store]) as session:
            session.add(row)
        return row


def rows(client: TestClient[Litestar], table: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get(f"/admin/api/tables/{table}/", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def form(row: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """What Piccolo's page sends: everything it shows, as text, with what was typed."""
    return {name: None if value is None else str(value) for name, value in row.items()} | typed
