"""Two devices in one list, as it is kept: what stands, whose clock is believed, and what the paper says of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.checklists import Question, Sheet, Tap, runs, taps
from server.domain.checklists.runs import Answer, Run
from server.domain.delivery import pdi
from server.domain.people import Person, Store
from server.domain.records import Paper
from tests.cast import Cast, a_delivery, work

A, B = uuid7(), uuid7()
MINUTES = timedelta(minutes=1)


@pytest.fixture
def walk(session: Session, cast: Cast) -> tuple[Run, Sheet]:
    """A run of C05, begun two hours ago."""
    run = runs.start(session, "C05", session.get_one(Store, cast.store), by=cast.zhou, energy="ice")
    run.started_at = now() - timedelta(hours=2)
    return run, runs.sheet_of(session, run)


def at(person: Person, device: UUID, ago: timedelta) -> Person:
    """Somebody whose deed waited on a device; `ago` by its clock."""
    return msgspec.structs.replace(person, device_id=device, acted_at=now() - ago)


Tapping = Callable[..., Answer]


@pytest.fixture
def tap(session: Session, walk: tuple[Run, Sheet]) -> Tapping:
    """`tap(question, "ok", by=...)`: kept and arrived."""

    def keep(of: Question, verdict: str, *, by: Person, **how: Any) -> Answer:
        kept = taps.answer(session, walk[0], of.id, Tap(verdict, **how), by=by)
        session.flush()
        return kept

    return keep


def item(of: Sheet, *, safety: bool) -> Question:
    """An item that is asked with ✓ ! ✕ and nothing else."""
    return next(one for one in of.questions() if one.kind == "rag" and one.safety == safety and not one.counts)


@pytest.mark.parametrize("safety", [False, True])
def test_two_devices_at_one_item_of_a_real_list(
    session: Session, cast: Cast, walk: tuple[Run, Sheet], tap: Tapping, safety: bool
) -> None:
    run, of = walk
    asked = item(of, safety=safety)
    bad = tap(asked, "fault", by=at(cast.zhou, A, 40 * MINUTES))
    good = tap(asked, "ok", by=at(cast.wu, B, 10 * MINUTES))
    progress = runs.progress(session, run)
    assert progress.verdict(asked) == ("fault" if safety else "ok")
    assert progress.others(asked) == ((good,) if safety else (bad,))
    assert progress.last[asked.id] is good
    before = progress.digest(None)
    decided = tap(asked, "ok", by=cast.wu, base=progress.last[asked.id].id)
    progress = runs.progress(session, run)
    assert (progress.newest[asked.id], progress.others(asked)) == (decided, ())
    assert progress.digest(None) != before, "what was signed before has to be signed again"
    assert len(progress.answers) == 3, "nothing said is gone"


def test_a_clock_that_is_a_day_ahead_does_not_win_for_ever(
    session: Session, cast: Cast, walk: tuple[Run, Sheet], tap: Tapping
) -> None:
    run, of = walk
    asked = item(of, safety=False)
    ahead = tap(asked, "fault", by=at(cast.zhou, A, timedelta(days=-1)))
    assert abs(ahead.device_at - now()) < MINUTES
    tap(asked, "ok", by=at(cast.wu, B, timedelta(0)))
    assert runs.progress(session, run).verdict(asked) == "ok", "later by the house's clock"


def test_a_clock_that_is_a_day_behind_says_nothing_from_before_the_list_was_begun(
    cast: Cast, walk: tuple[Run, Sheet], tap: Tapping
) -> None:
    run, of = walk
    assert tap(item(of, safety=False), "ok", by=at(cast.zhou, A, timedelta(days=1))).device_at == run.started_at


def test_what_waited_for_forty_days_is_forty_days_old(
    session: Session, cast: Cast, walk: tuple[Run, Sheet], tap: Tapping
) -> None:
    run, of = walk
    run.started_at = now() - timedelta(days=60)
    asked = item(of, safety=False)
    tap(asked, "ok", by=at(cast.wu, B, timedelta(days=2)))
    tap(asked, "fault", by=at(cast.zhou, A, timedelta(days=40)))
    assert runs.progress(session, run).verdict(asked) == "ok", "it is no news because it comes late"


def test_the_paper_says_what_stands_who_found_it_and_when(session: Session, cast: Cast) -> None:
    """Everything arrives an hour after it was done; what a colleague had found before is not put into their mouth."""
    inspection = pdi.of(session, a_delivery(session, cast))
    run = pdi.start(session, inspection, by=cast.zhou)
    run.started_at = now() - timedelta(hours=3)
    asked = item(runs.sheet_of(session, run), safety=False)
    zhou, wu = at(cast.zhou, A, 60 * MINUTES), at(cast.wu, B, 90 * MINUTES)
    work._walk(session, run, by=zhou)
    taps.answer(session, run, asked.id, Tap("watch", note="轻微划痕"), by=wu)
    session.flush()
    assert [other.by_id for other in runs.progress(session, run).others(asked)] == [cast.wu.id]
    pdi.sign_off(session, inspection, by=zhou, name=zhou.display, ink=None)
    content = session.scalars(select(Paper).where(Paper.number == inspection.number)).one().content
    items = [one for part in content["lists"][0]["sections"] for one in part["items"]]
    said = next(one["answer"] for one in items if one["no"] == asked.code)
    done = msgspec.to_builtins(zhou.moment().replace(microsecond=0))
    assert (said["verdict"], said["notes"], said["by"], said["at"]) == ("ok", [], zhou.display, done)
    assert [signature["at"] for signature in content["signatures"]] == [done]
    assert inspection.passed_at == zhou.moment()


def test_a_signature_covers_what_was_on_the_screen_and_not_what_arrived_before_it(
    session: Session, cast: Cast, walk: tuple[Run, Sheet], tap: Tapping
):
    """The customer signs on tablet A; B's answer, given meanwhile, gets there first: nobody has signed that."""
    run, sheet = walk
    first, second = [one for one in sheet.questions() if one.kind == "rag" and not one.counts and not one.safety][:2]
    page_made = now()
    on_a, on_b = at(cast.zhou, A, 9 * MINUTES), at(cast.wu, B, 8 * MINUTES)
    tap(first, "ok", by=on_a)
    tap(second, "fault", by=on_b)
    taps.sign(session, run, by=on_a, role="technician", name="周强", ink=None, seen_at=page_made)

    standing = runs.progress(session, run)
    assert standing.signature(None, "technician") is None
    assert standing.was_changed_after_signing(None, "technician")

    taps.sign(session, run, by=on_a, role="technician", name="周强", ink=None, seen_at=now())
    assert runs.progress(session, run).signature(None, "technician") is not None
