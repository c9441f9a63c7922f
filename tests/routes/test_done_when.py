"""What was done in the field was done when the device says, within reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from server.commands.demonstration import pictures
from server.database import now
from server.domain.checklists import Question
from server.domain.checklists.runs import Answer, Photo, Run
from tests.routes.world import World


@pytest.fixture
def begun_long_ago(world: World, item: Any) -> tuple[Run, Question]:
    """An item that takes a picture, in a list begun ten days ago."""
    run, question = item("C05", lambda question: question.kind == "rag" and not question.counts)
    with world.database.work(world.cast.store) as session:
        session.get_one(Run, run.id).started_at = now() - timedelta(days=10)
    return run, question


A_DAY = 86400.0
CLOCKS: list[tuple[float | str, timedelta]] = [
    (0, timedelta(0)),
    (3600, timedelta(hours=1)),
    (9 * A_DAY, timedelta(days=9)),
    (11 * A_DAY, timedelta(days=10)),
    (-A_DAY, timedelta(0)),
    ("nan", timedelta(0)),
    ("inf", timedelta(0)),
    ("-1e300", timedelta(0)),
    ("1e999", timedelta(0)),
    ("", timedelta(0)),
    ("gestern", timedelta(0)),
]


@pytest.mark.parametrize(("clock", "ago"), CLOCKS)
def test_it_was_done_when_the_device_says_within_reason(
    world: World, outbox: Any, begun_long_ago: tuple[Run, Question], clock: float | str, ago: timedelta
) -> None:
    run, question = begun_long_ago
    place, how = f"/runs/{run.id}/items/{question.id}", {"ago": clock} if isinstance(clock, float | int) else {}
    headers = {"Outbox-At": clock} if isinstance(clock, str) else {}
    sender, upload = outbox("zhou"), {"photo": ("a.jpg", pictures.photo(1), "image/jpeg")}
    assert sender.send(f"{place}/answer", answer="ok", headers=headers, **how).status_code == 200
    assert sender.send(f"{place}/photos", files=upload, headers=headers, **how).status_code == 200
    for kind in (Answer, Photo):
        kept = world.newest(kind)
        assert abs(kept.device_at - (now() - ago)) < timedelta(seconds=30), kind
        assert abs(kept.at - now()) < timedelta(seconds=30), "and when it arrived"


@pytest.mark.parametrize("device", ["", "none", "0" * 32, "é"])
def test_a_device_that_cannot_say_which_it_is_is_the_ticket_s(world: World, tap: str, outbox: Any, device: str) -> None:
    sender = outbox("zhou")
    answer = sender.send(tap, answer="ok", headers={"Outbox-Device": device.encode("latin-1")})
    assert answer.status_code == 200
    wanted = UUID(device) if device == "0" * 32 else UUID(sender.device)
    assert world.newest(Answer).device_id == wanted
