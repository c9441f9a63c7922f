"""Taking along: everybody gets what they can open, all of it, and what they will do there has begun."""

from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from server.database import Database
from server.domain.checklists import Progress, runs
from server.domain.delivery import Delivery, handover, pdi
from tests.cast import OTHER_VIN, VIN, Cast, a_completed_delivery, a_delivery, a_ready_delivery
from tests.routes.sending import keyed
from tests.routes.world import World
from tests.visitor import Visitor

EVERYBODY = ("lin", "chen", "zhou", "wu", "he", "gao", "admin", "jack")


def take(visitor: Visitor, place: str) -> httpx.Response:
    """As the button does."""
    return visitor.http.post(place, headers=keyed(visitor))


def opened(visitor: Visitor, load: dict[str, Any]) -> None:
    """Everything on the list is there for this person, and may be kept on the device in their name."""
    assert load["pages"]
    assert len(load["pages"]) == len(set(load["pages"])), "nothing twice"
    for place in [load["address"], *load["pages"], *load["files"]]:
        answer = visitor.get(place)
        assert (answer.status_code, "x-offline" in answer.headers) == (200, True), place
    for place, leads_to in load["ways"].items():
        assert visitor.get(place).headers["location"] == leads_to
        assert leads_to.split("#")[0] in load["pages"], "it leads to what is on board"


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("state", ["planned", "handing_over", "completed"])
def test_a_delivery_is_taken_along_by_whoever_sees_it(world: World, name: str, state: str) -> None:
    visitor, number = world.visitor(name), world.delivery(state).number
    answer = take(visitor, f"/deliveries/{number}/aboard")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    opened(visitor, answer.json())


@pytest.mark.parametrize("name", EVERYBODY)
def test_today_is_taken_along_by_everybody(world: World, name: str) -> None:
    visitor = world.visitor(name)
    load = take(visitor, "/aboard/today").json()
    assert (load["id"], load["address"]) == ("today", "/")
    opened(visitor, load)


@pytest.mark.parametrize("name", ["tang", "stranger", None])
def test_nobody_else_s_delivery_is_taken_along(world: World, name: str | None) -> None:
    visitor, before = world.visitor(name), world.counts()
    place = f"/deliveries/{world.delivery('planned').number}/aboard"
    assert take(visitor, place).status_code == (404 if name else 401)
    assert visitor.http.post(place, headers={}).status_code in {401, 403}
    assert world.counts() == before


def test_the_customer_is_named_to_who_sees_customers(world: World) -> None:
    place = f"/deliveries/{world.delivery('handing_over').number}/aboard"
    assert "欧阳建国" in take(world.visitor("lin"), place).text
    assert "欧阳建国" not in take(world.visitor("zhou"), place).text
    assert "/customers/" not in take(world.visitor("zhou"), place).text


# --- What begins -------------------------------------------------------------------------------------


BEGINS = [
    ("lin", "ready", "handing_over", "passed"),
    ("gao", "ready", "handing_over", "passed"),
    ("chen", "ready", "ready", "passed"),
    ("zhou", "ready", "ready", "passed"),
    ("admin", "ready", "ready", "passed"),
    ("zhou", "planned", "planned", "checking"),
    ("wu", "planned", "planned", "checking"),
    ("lin", "planned", "planned", "waiting"),
    ("gao", "planned", "planned", "waiting"),
    ("he", "planned", "planned", "waiting"),
    ("zhou", "completed", "completed", "passed"),
    ("lin", "completed", "completed", "passed"),
]
HOW = {"ready": a_ready_delivery, "planned": a_delivery, "completed": a_completed_delivery}


@pytest.mark.parametrize(("name", "state", "then", "inspected"), BEGINS)
def test_what_a_person_will_do_there_begins_and_nothing_else(
    database: Database, cast: Cast, client: Any, name: str, state: str, then: str, inspected: str
) -> None:
    with database.work(cast.store) as session:
        number = HOW[state](session, cast).number
    visitor = client(name)
    first, again = (take(visitor, f"/deliveries/{number}/aboard") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json(), "taken along again it is the same"
    with database.work(cast.store) as session:
        delivery = session.query(Delivery).filter_by(number=number).one()
        assert (delivery.state, pdi.of(session, delivery).state) == (then, inspected)
    opened(visitor, first.json())


def test_everything_to_walk_is_on_board(database: Database, cast: Cast, client: Any) -> None:
    with database.work(cast.store) as session:
        ready, planned = a_ready_delivery(session, cast, VIN).number, a_delivery(session, cast, OTHER_VIN).number
    walked = take(client("lin"), f"/deliveries/{ready}/aboard").json()["pages"]
    inspected = take(client("zhou"), f"/deliveries/{planned}/aboard").json()["pages"]
    with database.work(cast.store) as session:
        assert _sections(_walk(session, ready)) <= _named(walked)
        assert _sections([_inspection(session, planned)]) <= _named(inspected)


def _walk(session: Session, number: str) -> list[Progress]:
    walk = handover.Walk(session, session.query(Delivery).filter_by(number=number).one())
    return [walk.handover, walk.training]


def _inspection(session: Session, number: str) -> Progress:
    inspection = pdi.of(session, session.query(Delivery).filter_by(number=number).one())
    return runs.progress(session, pdi.run_of(session, inspection))


def _sections(several: list[Progress]) -> set[str]:
    return {str(part.id) for progress in several for part in progress.sheet.parts}


def _named(pages: list[str]) -> set[str]:
    return {page.partition("section=")[2] for page in pages}
