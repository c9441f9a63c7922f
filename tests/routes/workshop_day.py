"""A day of the workshop, turn by turn: the pages whose forms are only there while something is under way."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.people import Person
from server.domain.workshop import Diagnosis, RepairOrder, diagnoses, working
from server.domain.workshop.reworks import FINAL, SELF, TEAM
from tests.domain.workshop import checked
from tests.domain.workshop.repairing import a_signed_order, a_written_order
from tests.routes.world import EVERYTHING, World

WRITTEN, CHECKED = "LVVDB11B2RD110236", "LVVDB11B4RD110237"


def turns(world: World) -> Iterator[str]:
    """Pages to look at, each when its turn has come; whoever may do everything has worked on the cars."""
    yield from _written(world)
    yield from _looked_into(world)
    yield from _checked(world)


def _written(world: World) -> Iterator[str]:
    """Ready to be signed by its customer."""
    with world.database.work(world.cast.store) as session:
        order = a_written_order(session, world.cast, WRITTEN)
    yield order.address
    yield f"{order.address}/catalogue?q=M-"
    yield f"{order.address}/diagnosis"


def _looked_into(world: World) -> Iterator[str]:
    """A hard fault of which somebody has an idea."""
    with world.database.work(world.cast.store) as session:
        one = session.scalars(select(Diagnosis)).one()
        for step in ("complaint", "signs", "causes"):
            diagnoses.write(session, one, step, "搭铁不良", by=world.cast.zhou)
        order = session.get_one(RepairOrder, one.order_id)
    yield f"{order.address}/diagnosis"


def _checked(world: World) -> Iterator[str]:
    """Finished, passed by three, in the wash."""
    jack, cast = world.person(EVERYTHING), world.cast
    with world.database.work(cast.store) as session:
        order = a_signed_order(session, cast, CHECKED)
        order.wash = True
        _work(session, order, jack)
        inspection = f"{order.address}/inspection"
    yield _led_on(world, inspection)
    with world.database.work(cast.store) as session:
        order = session.get_one(RepairOrder, order.id)
        checked.answer(session, order, SELF, jack)
        checked.sign(session, order, SELF, jack)
        checked.check(session, cast, order, TEAM, FINAL)
    yield _led_on(world, inspection)
    assert world.visitor(EVERYTHING).post(f"{order.address}/wash").status_code == 303
    yield _led_on(world, inspection)


def _led_on(world: World, place: str) -> str:
    """The section where one was."""
    return world.visitor(EVERYTHING).get(place).headers["location"]


def _work(session: Session, order: RepairOrder, by: Person) -> None:
    session.flush()
    for job in working.whole(session, order.id)[order.id].jobs:
        working.clock_on(session, job, by=by)
        working.finish(session, job, by=by)
