"""What the form of a plan offers: never a time that has passed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server.routes.planning import soonest


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        ("2026-11-22T09:41", "2026-11-22T14:00"),
        ("2026-11-22T13:59", "2026-11-22T14:00"),
        ("2026-11-22T14:00", "2026-11-22T15:00"),
        ("2026-11-22T17:30", "2026-11-22T18:00"),
        ("2026-11-22T18:01", "2026-11-23T14:00"),
        ("2026-12-31T23:59", "2027-01-01T14:00"),
    ],
)
def test_the_hour_first_offered_is_still_to_come(now: str, offered: str) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    clock = datetime.fromisoformat(now).replace(tzinfo=shanghai)
    assert soonest(clock) == datetime.fromisoformat(offered).replace(tzinfo=shanghai)
