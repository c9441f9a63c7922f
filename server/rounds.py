"""What the house does by itself: named rounds with an interval, in a thread beside the pages.

However many processes serve the house, each turn of a round is made by one of them. A turn that breaks
is told to the log and made again at its next time.
"""

import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from anyio.to_thread import run_sync
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import push
from server.database import EVERY_STORE, Database, now
from server.domain.care import data_handovers, overdue, retention, unowned
from server.domain.catalogue import demo_cars
from server.domain.deals import quotations
from server.domain.imports import imports
from server.domain.imports import work as lists
from server.domain.people import Store, pushes
from server.domain.records import rounds
from server.domain.showroom import calendar, licence_photos
from server.domain.workshop import asking, expecting

TICK = 1.0
LONGEST_LOOK = 15.0
"""Seconds; a round that is made seldom is looked after this often."""
FAREWELL = 5.0
log = structlog.get_logger()


@dataclass(frozen=True)
class Round:
    """Something done again and again. `make` gets the house and the time, and opens its own transactions."""

    name: str
    every: timedelta
    make: Callable[[Database, datetime], None]
    has_work: Callable[[Session, datetime], bool] = lambda _session, _at: True
    """A cheap look before the turn is taken."""
    lasts: timedelta = timedelta(minutes=5)
    """A turn that has not ended by then is another's."""


def _remind(database: Database, at: datetime) -> None:
    with database.work() as session:
        overdue.remind(session, at)
    _in_every_store(database, at, overdue.climb)
    _in_every_store(database, at, data_handovers.climb)


def _sweep(database: Database, at: datetime) -> None:
    with database.work() as session:
        pushes.sweep(session, at)


def _age(database: Database, at: datetime) -> None:
    """Every grade follows its day."""
    _in_every_store(database, at, calendar.age)


def _chase(database: Database, at: datetime) -> None:
    """What was missed is counted, told to the manager after some days, and goes to the pool after many."""
    with database.work() as session:
        calendar.count_overdue(session, at)
    _in_every_store(database, at, calendar.climb)
    _in_every_store(database, at, calendar.fall_back)


def _expire(database: Database, at: datetime) -> None:
    """What nobody took in time is no longer offered."""
    with database.session(writing=False, store=EVERY_STORE) as session:
        stores = session.scalars(select(Store.id)).all()
    for store_id in stores:
        with database.work(store_id) as session:
            quotations.expire(session, store_id, at)


def _expire_extra_work(database: Database, at: datetime) -> None:
    """What customers did not answer in time; their advisors call."""
    _in_every_store(database, at, lambda session, store, at: asking.expire(session, store.id, at))


def _warn(database: Database, at: datetime) -> None:
    """Insurance and inspection of demonstration cars do not end unnoticed."""
    _in_every_store(database, at, demo_cars.warn)


def _forget_licences(database: Database, at: datetime) -> None:
    """Photos of licences go when their time is over."""
    _in_every_store(database, at, licence_photos.delete_old)


def _expect(database: Database, at: datetime) -> None:
    """Calls fall due before appointments; who does not come is counted."""
    _in_every_store(database, at, expecting.remind)
    _in_every_store(database, at, expecting.miss)


def _look_for_unowned(database: Database, at: datetime) -> None:
    """Whatever is alive is in somebody's hands, or the managers hear of it."""
    _in_every_store(database, at, unowned.tell)


def _forget_visits(database: Database, at: datetime) -> None:
    """Places, pictures and recommendations of home visits go when their time is over."""
    _in_every_store(database, at, retention.forget)


def _forget_lists(database: Database, at: datetime) -> None:
    """The rows of lists that were brought in long ago."""
    with database.work() as session:
        imports.forget(session, at)


def _in_every_store(database: Database, at: datetime, make: Callable[[Session, Store, datetime], int]) -> None:
    """A transaction for each go, so that other writers of that store wait as briefly as may be."""
    with database.session(writing=False, store=EVERY_STORE) as session:
        stores = session.scalars(select(Store)).all()
    for store in stores:
        made = calendar.MOST
        while made >= calendar.MOST:
            with database.work(store.id) as session:
                made = make(session, store, at)


PUSHES = Round("pushes", timedelta(seconds=1), push.send_due, pushes.any_due)
OVERDUE_CALLS = Round("overdue calls", timedelta(minutes=5), _remind)
OLD_PUSHES = Round("old pushes", timedelta(days=1), _sweep)
AGEING = Round("ageing of grades", timedelta(hours=1), _age)
CHASE = Round("overdue prospects", timedelta(minutes=10), _chase)
EXPIRY = Round("expiry of quotations", timedelta(hours=1), _expire)
EXTRA_WORK = Round("expiry of extra work", timedelta(minutes=5), _expire_extra_work)
DEMO_CARS = Round("papers of demonstration cars", timedelta(hours=12), _warn)
LICENCES = Round("photos of licences", timedelta(hours=6), _forget_licences)
APPOINTMENTS = Round("appointments", timedelta(minutes=5), _expect)
UNOWNED = Round("nobody's things", timedelta(days=1), _look_for_unowned)
VISITS = Round("what home visits keep", timedelta(hours=6), _forget_visits)
OLD_LISTS = Round("old imports", timedelta(hours=6), _forget_lists)
IMPORTS = Round("imports", timedelta(seconds=1), lists.Desk().work, lists.has_work, timedelta(seconds=30))
ALL = (
    PUSHES,
    OVERDUE_CALLS,
    OLD_PUSHES,
    AGEING,
    CHASE,
    EXPIRY,
    EXTRA_WORK,
    DEMO_CARS,
    LICENCES,
    APPOINTMENTS,
    UNOWNED,
    VISITS,
    OLD_LISTS,
)
LONG = (IMPORTS,)
"""Work that takes its time: on a thread of its own, so that no push waits for it."""


def turn(database: Database, made: Round, at: datetime) -> bool:
    """One turn, if it is time and nobody else is on it; whether it was made."""
    with database.session(writing=False, store=EVERY_STORE) as session:
        if not (rounds.is_due(session, made.name, at, made.every) and made.has_work(session, at)):
            return False
    with database.work() as session:
        lease = rounds.take(session, made.name, at, made.every, made.lasts)
    if lease is None:
        return False
    fault = ""
    try:
        made.make(database, at)
    except Exception as broken:  # whatever broke is told with its round, and the others are made
        fault = repr(broken)
        log.error("round", name=made.name, exc_info=broken)
    with database.work() as session:
        rounds.end(session, made.name, lease, now(), fault)
    return True


class Watch:
    """The thread that looks at the clock."""

    def __init__(self, database: Database, made: Sequence[Round] = ALL) -> None:
        self.database = database
        self.made = made
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._walk, name="rounds", daemon=True)

    def begin(self) -> None:
        """From now on the rounds are made."""
        self._thread.start()

    def end(self) -> None:
        """No further turn; one under way is waited for a little."""
        self._over.set()
        self._thread.join(FAREWELL)

    def _walk(self) -> None:
        looked: dict[str, float] = {}
        while not self._over.wait(TICK):
            for one in self.made:
                pause = min(one.every.total_seconds(), LONGEST_LOOK)
                if not self._over.is_set() and monotonic() - looked.get(one.name, -pause) >= pause:
                    looked[one.name] = monotonic()
                    self._try(one)

    def _try(self, one: Round) -> None:
        try:
            turn(self.database, one, now())
        except Exception as fault:  # the database may be away: the clock goes on and looks again
            log.error("round", name=one.name, exc_info=fault)


def beside(database: Database) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """For the application's life: the rounds are made while it serves."""

    @asynccontextmanager
    async def life(_app: Litestar) -> AsyncGenerator[None]:
        watches = [Watch(database), Watch(database, LONG)]
        for watch in watches:
            watch.begin()
        try:
            yield
        finally:
            for watch in watches:
                await run_sync(watch.end)

    return life
