"""A technician's phone: the clock, findings with photos, parts and questions, as forms without a script send them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from server.commands.demonstration import pictures
from server.database import Database, uuid7
from server.domain.people.notices import Notice
from server.domain.workshop import JobState, OrderJob, RepairOrder, State, WorkFinding
from tests.cast import Cast
from tests.domain.workshop.at_work import an_ordered_car
from tests.visitor import Visitor

Come = Callable[..., Visitor]


@pytest.fixture
def job(database: Database, cast: Cast) -> OrderJob:
    """Given to nobody, on a car whose key hangs on hook 17 and whose customer waits."""
    with database.work(cast.store) as session:
        order = an_ordered_car(session, cast, key_number="17", waits_here=True)
        order.words = [{"what": "刹车异响", "when": "低速", "where": "前轮", "how": "每天"}]
        return session.scalars(select(OrderJob).where(OrderJob.order_id == order.id)).one()


def now_is(database: Database, job: OrderJob) -> tuple[str, str]:
    """The states of the job and of its order."""
    with database.work(job.store_id) as session:
        return session.get_one(OrderJob, job.id).state, session.get_one(RepairOrder, job.order_id).state


def test_a_day_with_one_job_by_plain_forms(client: Come, database: Database, job: OrderJob) -> None:
    zhou, base = client("zhou"), f"/my-jobs/{job.id}"
    assert base in zhou.get("/my-jobs").text
    page = zhou.get(base).text
    for shown in ("17", "客户在店等候", "刹车异响", "更换机油机滤"):
        assert shown in page
    assert "王建国" not in page
    assert zhou.post(f"{base}/clock-on").headers["location"] == base
    assert now_is(database, job) == (JobState.WORKING, State.IN_WORK)
    assert zhou.post(f"{base}/pause").status_code == 422
    assert zhou.post(f"{base}/pause", why="parts").status_code == 303
    assert now_is(database, job) == (JobState.PAUSED, State.IN_WORK)
    assert zhou.post(f"{base}/pause", why="parts").status_code == 409
    zhou.post(f"{base}/clock-on")
    assert zhou.post(f"{base}/finish").headers["location"] == "/my-jobs"
    assert now_is(database, job) == (JobState.DONE, State.INSPECTION)


def test_a_finding_with_two_photos_is_one_deed(client: Come, database: Database, cast: Cast, job: OrderJob) -> None:
    zhou, base, born = client("zhou"), f"/my-jobs/{job.id}", str(uuid7())
    photos = [("photo", (f"{n}.jpg", pictures.photo(n), "image/jpeg")) for n in (1, 2)]
    said = {"id": born, "severity": "fault", "note": "制动片磨损", "number": "2.4 mm", "detail": "建议更换"}
    for _ in range(2):  # a phone that does not know whether it arrived tells it again
        assert zhou.post(f"{base}/findings", files=photos, **said).status_code == 303
    with database.work(cast.store) as session:
        finding = session.scalars(select(WorkFinding).options(selectinload(WorkFinding.photos))).one()
        assert (str(finding.id), finding.name, finding.number) == (born, "制动片磨损", "2.4 mm")
        assert (len(finding.photos), finding.wants_pricing, finding.order_job_id) == (2, True, job.id)
        told = session.scalars(select(Notice).where(Notice.kind == "finding.noted")).all()
        assert {notice.staff_id for notice in told} == {cast.chen.id}
    assert "2.4 mm" in zhou.get(base).text


def test_what_is_good_is_kept_and_nobody_is_told(client: Come, database: Database, job: OrderJob) -> None:
    client("zhou").post(f"/my-jobs/{job.id}/findings", severity="ok", note="轮胎")
    with database.work(job.store_id) as session:
        assert session.scalars(select(WorkFinding)).one().wants_pricing is False
        assert session.scalars(select(Notice).where(Notice.kind == "finding.noted")).all() == []


def test_a_finding_says_what_and_how_bad(client: Come, job: OrderJob) -> None:
    wrong = client("zhou").post(f"/my-jobs/{job.id}/findings", note="", detail="左前")
    assert wrong.status_code == 422
    assert "左前" in wrong.text


def test_a_photo_that_is_none_keeps_nothing(client: Come, database: Database, job: OrderJob) -> None:
    files = [("photo", ("a.jpg", b"not a photo", "image/jpeg"))]
    answer = client("zhou").post(f"/my-jobs/{job.id}/findings", files=files, severity="watch", note="雨刮")
    assert answer.status_code == 422
    with database.work(job.store_id) as session:
        assert session.scalars(select(WorkFinding)).all() == []


def test_parts_and_questions_reach_who_can_help(client: Come, database: Database, cast: Cast, job: OrderJob) -> None:
    zhou, base = client("zhou"), f"/my-jobs/{job.id}"
    assert zhou.post(f"{base}/question").status_code == 422
    assert zhou.post(f"{base}/question", words="要不要换四个？").status_code == 303
    assert zhou.post(f"{base}/parts-request").status_code == 303
    with database.work(cast.store) as session:
        told = {(notice.kind, notice.staff_id) for notice in session.scalars(select(Notice))}
        assert ("job.asked", cast.chen.id) in told
        assert ("parts.asked", cast.pei.id) in told


def test_who_does_not_work_on_cars_clocks_on_to_none(client: Come, job: OrderJob) -> None:
    for name in ("lin", "chen", "pei", "gao"):
        assert client(name).post(f"/my-jobs/{job.id}/clock-on").status_code == 403
    assert client("tang").post(f"/my-jobs/{job.id}/clock-on").status_code in (403, 404)
