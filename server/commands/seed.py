"""Fill an empty house with the demonstration dealership."""

import sys
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands import migrate
from server.commands.demonstration import clock
from server.commands.demonstration.appointments import expect
from server.commands.demonstration.asking import ask
from server.commands.demonstration.at_home import visit_homes
from server.commands.demonstration.customers import enter_customers
from server.commands.demonstration.home_plans import furnish_visits, plan_homes
from server.commands.demonstration.looking_after import look_after
from server.commands.demonstration.repairs import repair
from server.commands.demonstration.returns import give_back
from server.commands.demonstration.sales import sell
from server.commands.demonstration.showroom import Showroom
from server.commands.demonstration.stores import furnish, open_store, opener, read
from server.commands.demonstration.visits import Visits, equip
from server.commands.demonstration.walk_arounds import look_round
from server.commands.demonstration.week import live_through
from server.commands.demonstration.working import work
from server.database import Database, now
from server.domain import reactions
from server.domain.people import Store
from server.settings import settings

OPENED = timedelta(days=90)
"""How long ago the demonstration's stores began to work with the house."""


def run() -> int:
    """`seed`: refuses a house that has a store already."""
    migrate.to_head(settings().database_url)
    if fill(Database(settings().database_url)):
        return 0
    print("已有门店，不放示例数据 / There is a store already; nothing was changed.", file=sys.stderr)
    return 1


def fill(database: Database) -> bool:
    """Whether the house was empty; then it holds the demonstration now."""
    with database.work() as session:
        if session.scalar(select(Store.id).limit(1)):
            return False
        reactions.connect()
        demonstrate(session)
        return True


def demonstrate(session: Session) -> None:
    """Two stores; the first has customers and a week of work behind it."""
    with clock.at(now() - OPENED):
        first, second = (open_store(session, described) for described in read("people.json"))
        for people in (first, second):
            furnish(session, opener(people))
            equip(session, opener(people))
            furnish_visits(session, opener(people))
        known = enter_customers(session, first["lin"])
    showroom = Showroom(session, first)
    showroom.live_before()
    live_through(session, first, known)
    showroom.live_lately()
    sell(session, first)
    Visits(session, first).live()
    give_back(session, first)
    repair(session, first)
    work(session, first)
    ask(session, first)
    expect(session, first)
    look_round(session, first)
    visit_homes(session, first, known)
    plan_homes(session, first)
    look_after(session, first)
