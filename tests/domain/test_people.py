"""Who comes in, who is held up, and what each role may do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import Database, now, uuid7
from server.domain.people import RIGHTS, Person, Right, Role, Staff, sign_in
from server.domain.people.roles import rights_of
from server.domain.people.sign_in import Attempt, SignIn
from server.domain.people.staff import proves
from server.domain.records import Event
from server.domain.refusals import Invalid
from tests.cast import PASSWORD, PIN, Cast
from tests.visitor import Visitor

Come = Callable[..., Visitor]
DEVICE = uuid7()


def enter(session: Session, name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> tuple[Person, str]:
    return sign_in.by_password(session, name, password, device=DEVICE, address=address, hours=12)


def hand_over(session: Session, to: str, pin: str, at: Person) -> tuple[Person, str]:
    return sign_in.by_pin(session, to, pin, at=at, address="10.0.0.1", hours=12)


def test_the_right_password_opens_today_and_is_recorded(client: Come, database: Database, cast: Cast) -> None:
    assert client("lin").get("/").status_code == 200
    with database.work(cast.store) as session:
        assert session.scalars(select(Event).where(Event.verb == "person.signed_in")).one().actor_id == cast.lin.id


@pytest.mark.parametrize(("name", "password"), [("lin", "Kirschblüte"), ("nobody", PASSWORD), ("", ""), ("lin", PIN)])
def test_a_wrong_password_does_not_say_what_was_wrong(client: Come, name: str, password: str) -> None:
    visitor = client()
    answer = visitor.post("/sign-in", name=name, password=password)
    assert answer.status_code == 422
    assert "huanche_session" not in answer.cookies
    assert password == "" or password not in answer.text
    assert visitor.get("/").status_code == 303


def test_five_wrong_passwords_hold_even_the_right_one_up_for_a_while(client: Come, database: Database) -> None:
    visitor = client()
    for _ in range(sign_in.TRIES):
        assert visitor.post("/sign-in", name="lin", password="wrong").status_code == 422
    assert visitor.post("/sign-in", name="lin", password=PASSWORD).status_code == 422
    assert visitor.post("/sign-in", name="LIN ", password=PASSWORD).status_code == 422
    assert client().post("/sign-in", name="chen", password=PASSWORD).status_code == 303
    with database.work() as session:
        session.execute(update(Attempt).values(at=now() - sign_in.WINDOW))
    assert visitor.post("/sign-in", name="lin", password=PASSWORD).status_code == 303


def test_one_address_cannot_try_everybody(database: Database) -> None:
    with database.work() as session:
        session.add_all(
            Attempt(name=f"name {n}", address="10.0.0.1", at=now(), passed=False)
            for n in range(sign_in.TRIES_PER_ADDRESS)
        )
        with pytest.raises(Invalid):
            enter(session, "lin")
        assert enter(session, "lin", address="10.0.0.2")[0].name == "lin"


def test_a_session_ends_by_itself_and_by_leaving(database: Database) -> None:
    with database.work() as session:
        person, token = enter(session, "lin")
        assert sign_in.recognise(session, token) == person
        with clock.at(now() + timedelta(hours=13)):
            assert sign_in.recognise(session, token) is None
        sign_in.leave(session, token, by=person)
        session.flush()
        assert sign_in.recognise(session, token) is None


def test_who_left_the_store_is_not_recognised_any_more(database: Database) -> None:
    with database.work() as session:
        _, token = enter(session, "lin")
        session.execute(update(Staff).where(Staff.name == "lin").values(active=False))
        assert sign_in.recognise(session, token) is None
        with pytest.raises(Invalid):
            enter(session, "lin")


def test_the_table_holds_no_token_and_no_password(database: Database) -> None:
    with database.work() as session:
        _, token = enter(session, "lin")
        session.flush()
        assert token not in repr(session.execute(select(SignIn.__table__)).all())
        kept = session.scalars(select(Staff).where(Staff.name == "lin")).one()
        assert kept.password_hash.startswith("$argon2id$")
        assert proves(kept.password_hash, PASSWORD)
        assert not proves(kept.password_hash, PIN)
        assert not proves(None, PASSWORD)


def test_a_tablet_is_handed_over_by_pin(client: Come) -> None:
    visitor = client("lin")
    assert visitor.post("/switch", name="chen", pin=PIN).status_code == 303
    assert "陈思" in visitor.get("/me").text


def test_a_wrong_pin_leaves_the_tablet_with_who_has_it(client: Come) -> None:
    visitor = client("lin")
    assert visitor.post("/switch", name="chen", pin="135790").status_code == 422
    assert "林悦" in visitor.get("/me").text


def test_five_wrong_pins_close_that_way_in(database: Database) -> None:
    with database.work() as session:
        lin, _ = enter(session, "lin")
        session.flush()
        for _ in range(sign_in.TRIES):
            with pytest.raises(Invalid):
                hand_over(session, "chen", "135790", at=lin)
        with pytest.raises(Invalid):
            hand_over(session, "chen", PIN, at=lin)
        assert enter(session, "chen")[0].name == "chen"


def test_nobody_of_another_store_takes_the_tablet(database: Database, cast: Cast) -> None:
    with database.work() as session:
        lin, _ = enter(session, "lin")
        with pytest.raises(Invalid):
            hand_over(session, "tang", PIN, at=lin)
        names = {one.name for one in sign_in.who_switches(session, lin)}
        assert names == set(cast.of_wuhu) - {"lin", "admin"}


def test_a_device_that_gave_no_password_takes_no_pin(database: Database, cast: Cast) -> None:
    with database.work() as session, pytest.raises(Invalid):
        hand_over(session, "chen", PIN, at=cast.lin)


@pytest.mark.parametrize("pin", ["", "1234", "12345a", "111111", "123456", "987654", "２４６８１３", "2468135"])
def test_a_pin_is_six_digits_that_one_does_not_guess(database: Database, cast: Cast, pin: str) -> None:
    with database.work(cast.store) as session, pytest.raises(Invalid):
        sign_in.change_pin(session, PASSWORD, pin, by=cast.lin)


def test_ones_own_pin_wants_ones_own_password(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        with pytest.raises(Invalid):
            sign_in.change_pin(session, "wrong", "135791", by=cast.lin)
        sign_in.change_pin(session, PASSWORD, "135791", by=cast.lin)
        assert proves(session.get_one(Staff, cast.lin.id).pin_hash, "135791")


def test_every_right_is_somebodys_and_every_role_has_some() -> None:
    assert set().union(*RIGHTS.values()) == set(Right)
    assert all(RIGHTS[role] for role in Role)
    assert rights_of(["consultant", "technician"]) == RIGHTS[Role.CONSULTANT] | RIGHTS[Role.TECHNICIAN]


def test_only_those_who_inspect_may_inspect_and_only_the_administrator_administers() -> None:
    assert {role for role in Role if Right.INSPECT in RIGHTS[role]} == {Role.TECHNICIAN, Role.LEADER}
    assert {role for role in Role if Right.ADMINISTER in RIGHTS[role]} == {Role.ADMIN}
    assert Right.SEE_CUSTOMERS not in RIGHTS[Role.TECHNICIAN]
