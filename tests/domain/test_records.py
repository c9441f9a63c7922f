"""What is written stays written: the record of events, papers, checklists, consents; and stores keep apart."""

from itertools import pairwise

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.commands.verify import first_break
from server.database import Base, Database, now, uuid7
from server.domain.checklists.runs import Answer
from server.domain.checklists.templates import Item, Section, Template, draft_from, in_force, publish
from server.domain.customers import Customer
from server.domain.delivery import Delivery, papers
from server.domain.people import Staff, Store
from server.domain.records import Event, EventHead, Paper, consents, events, record
from server.domain.records.files import File, keep
from tests.cast import Cast, a_completed_delivery, a_customer

SEALED = ("events", "papers", "checklist_answers", "checklist_photos", "checklist_signatures", "consents")
FROZEN = ("checklist_templates", "checklist_sections", "checklist_items")


@pytest.fixture
def worked(database: Database, cast: Cast) -> Database:
    """A house with one car handed over, and a consent."""
    with database.work(cast.store) as session:
        delivery = a_completed_delivery(session, cast)
        consents.answer(session, delivery.customer_id, "contact", True, by=cast.lin)
    return database


def test_events_of_a_store_form_one_chain(worked: Database, cast: Cast) -> None:
    with worked.work(cast.store) as session:
        chain = session.scalars(select(Event).where(Event.store_id == cast.store).order_by(Event.position)).all()
        assert [event.position for event in chain] == list(range(1, len(chain) + 1))
        assert chain[0].previous == events.FIRST
        assert all(after.previous == before.hash for before, after in pairwise(chain))
        assert events.first_break(session, cast.store) is None


@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_written(worked: Database, deed: str) -> None:
    for table in SEALED + FROZEN:
        with pytest.raises(DBAPIError, match=f"what is written stays written: {table}"), worked.work() as session:
            session.execute(text(deed.format(table)))


def test_postgresql_refuses_to_empty_a_table_at_once(worked: Database) -> None:
    if worked.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    for table in SEALED:
        with pytest.raises(DBAPIError, match="stays written"), worked.work() as session:
            session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_a_consent_follows_its_customer_in_a_merge(worked: Database, cast: Cast) -> None:
    with worked.work(cast.store) as session:
        other = a_customer(session, cast.he, "李秀英", "13800001102")
        session.execute(update(consents.Consent).values(customer_id=other.id))


def test_nothing_is_added_to_a_published_checklist(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        section = session.scalars(select(Section).limit(1)).one()
        item = session.scalars(select(Item).where(Item.section_id == section.id).limit(1)).one()
        copy = {column.name: getattr(item, column.name) for column in Item.__table__.columns} | {"id": uuid7()}
    for row in (Item(**copy), Section(id=uuid7(), store_id=cast.store, template_id=section.template_id, position=99,
                                      code="late", title={}, customer_signs=False)):  # fmt: skip
        with pytest.raises(DBAPIError, match="stays written"), database.work(cast.store) as session:
            session.add(row)


def test_nothing_is_moved_into_a_published_checklist(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        published = in_force(session, cast.store, "C05")
        draft = draft_from(session, published, by=cast.admin)
    with pytest.raises(DBAPIError, match="stays written"), database.work(cast.store) as session:
        session.execute(update(Item).where(Item.template_id == draft.id).values(template_id=published.id))


def test_a_draft_is_edited_and_then_frozen(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        draft = draft_from(session, in_force(session, cast.store, "C05"), by=cast.admin)
        session.flush()
        session.execute(update(Item).where(Item.template_id == draft.id).values(blocking=True))
        publish(session, draft, by=cast.admin)
    with pytest.raises(DBAPIError, match="stays written"), database.work(cast.store) as session:
        session.execute(update(Item).where(Item.template_id == draft.id).values(blocking=False))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("events", "UPDATE events SET actor = 'nobody' WHERE position = 20"),
        ("events", "UPDATE events SET position = 9999 WHERE position = 20"),
        ("events", "DELETE FROM events WHERE position = 20"),
        ("events", "DELETE FROM events WHERE position > 20"),
        ("papers", "UPDATE papers SET reason = 'for no reason'"),
        ("papers", "UPDATE papers SET previous = hash"),
    ],
)
def test_verify_finds_what_was_changed_behind_the_guards(worked: Database, cast: Cast, table: str, change: str) -> None:
    with worked.work() as session:
        store = session.get_one(Store, cast.store)
        assert first_break(session, store) is None
        _without_guards(session, table)
        assert session.execute(text(change)).rowcount > 0
        assert first_break(session, store)


def test_verify_finds_a_file_that_is_not_what_was_stored(worked: Database, cast: Cast) -> None:
    with worked.work(cast.store) as session:
        file = keep(session, b"one thing", "text/plain", by=cast.lin)
        session.flush()
        session.execute(update(File).where(File.id == file.id).values(sha256="0" * 64))
        session.expire_all()
        assert str(first_break(session, session.get_one(Store, cast.store))).endswith("0" * 64)


def test_a_correction_is_a_new_revision_and_the_signed_one_stays(worked: Database, cast: Cast) -> None:
    with worked.work(cast.store) as session:
        delivery = session.scalars(select(Delivery)).one()
        signed = session.scalars(select(Paper).where(Paper.number == delivery.number)).one()
        before = dict(signed.content)
        code = papers.correctable(signed)[0]["no"]
        papers.correct(
            session, delivery, delivery.number, by=cast.gao, code=code, verdict="watch", note="补", reason="漏记"
        )
        session.flush()
        session.expire_all()
        first, second = session.scalars(
            select(Paper).where(Paper.number == delivery.number).order_by(Paper.revision)
        ).all()
        assert (first.content, second.revision, second.previous, second.reason) == (before, 2, first.hash, "漏记")
        assert first_break(session, session.get_one(Store, cast.store)) is None


def test_a_deed_that_fails_leaves_no_event(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        before = session.get_one(EventHead, cast.store).hash
    with pytest.raises(ZeroDivisionError), database.work(cast.store) as session:
        a_customer(session, cast.lin)
        session.flush()
        raise ZeroDivisionError
    with database.work(cast.store) as session:
        assert session.get_one(EventHead, cast.store).hash == before
        assert not events.chain_is_cut(session, cast.store)
        assert session.scalar(select(func.count()).select_from(Customer)) == 0


def test_each_store_has_a_chain_of_its_own(database: Database, cast: Cast) -> None:
    with database.work() as session:
        for by in (cast.lin, cast.tang):
            record(session, "test.done", session.get_one(Staff, by.id), by=by, at=now())
        for by in (cast.lin, cast.tang):
            assert events.first_break(session, by.store_id) is None
            assert not events.chain_is_cut(session, by.store_id)


def test_row_level_security_shows_only_the_rows_of_the_reached_store(worked: Database, cast: Cast) -> None:
    if worked.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no row-level security; the scoped fetches are tested with the routes")
    scoped = [t.name for t in Base.metadata.sorted_tables if "store_id" in t.columns and t.name != "receipts"]
    with worked.work() as session:
        everything = {table: ask(session, table) for table in scoped}
    for store in (None, "", uuid7()):
        with worked.session(writing=False, store=store) as session:
            assert sum(ask(session, table) for table in [*scoped, "stores"]) == 0
    with worked.session(writing=False, store=cast.tang.store_id) as session:
        assert ask(session, "stores") == 1
        assert ask(session, "customers") == ask(session, "deliveries") == ask(session, "papers") == 0
        assert ask(session, "staff") == 1
    with worked.session(writing=False, store=cast.store) as session:
        assert ask(session, "customers") == everything["customers"] == 1
        assert ask(session, "events") < everything["events"]


def test_row_level_security_takes_no_row_for_another_store(database: Database, cast: Cast) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no row-level security")
    with pytest.raises(DBAPIError, match="row-level security"), database.work(cast.store) as session:
        session.add(Template(id=uuid7(), store_id=cast.tang.store_id, code="X", version=1, title={}, state="draft"))


def test_answers_are_only_ever_added(worked: Database, cast: Cast) -> None:
    with pytest.raises(DBAPIError, match="stays written"), worked.work(cast.store) as session:
        answer = session.scalars(select(Answer).limit(1)).one()
        answer.verdict = "fault"


def ask(session: Session, table: str) -> int:
    """How many rows are seen."""
    return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def _without_guards(session: Session, table: str) -> None:
    """As somebody with all power over the database could."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    guards = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    for name in session.scalars(guards, {"table": table}).all():
        session.execute(text(f"DROP TRIGGER {name}"))
