"""A push service of the tests' own and a phone on which notices are switched on; what each file needs of both."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from server.database import Database
from server.domain.people import notices
from server.domain.people.pushes import Push
from tests.cast import Cast
from tests.push_service import Device, PushService

Tell = Callable[..., None]


@pytest.fixture
def phone(service: PushService, database: Database, cast: Cast) -> Device:
    """Lin's, switched on in Chinese."""
    device = Device(service)
    with database.work() as session:
        device.subscribed(session, device.taken_by(session, "lin"))
    return device


@pytest.fixture
def told(database: Database, cast: Cast) -> Tell:
    """`told()`: Zhou does something of which Lin has to know."""

    def tell(kind: str = "delivery.locked", number: str = "JC-1") -> None:
        with database.work(cast.store) as session:
            model = {"zh": "瑞虎 8", "en": "Tiggo 8"}
            notices.tell(session, cast.lin.id, kind, f"/deliveries/{number}", by=cast.zhou, number=number, model=model)

    return tell


@pytest.fixture
def pushed(database: Database) -> Callable[[], list[Push]]:
    """`pushed()`: every push there is, oldest first."""

    def read() -> list[Push]:
        with database.work() as session:
            return list(session.scalars(select(Push).order_by(Push.created_at, Push.id)))

    return read


@pytest.fixture
def states(pushed: Callable[[], list[Push]]) -> Callable[[], list[str]]:
    """`states()`: how it stands with each of them."""
    return lambda: [one.state for one in pushed()]
