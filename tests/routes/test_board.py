"""The board on screens: who sees it, who moves cars on it, what it says and what it never shows."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from server.database import Database
from server.domain.catalogue.bays import Bay
from server.domain.workshop import OrderJob, RepairOrder, working
from tests.cast import Cast
from tests.domain.workshop.at_work import an_ordered_car
from tests.visitor import Visitor

Come = Callable[..., Visitor]


@pytest.fixture
def order(database: Database, cast: Cast) -> RepairOrder:
    with database.work(cast.store) as session:
        return an_ordered_car(session, cast, key_number="17", waits_here=True)


def first(database: Database, cast: Cast, kind: type) -> OrderJob | Bay:
    with database.work(cast.store) as session:
        return session.scalars(select(kind).where(kind.store_id == cast.store).order_by(kind.id).limit(1)).one()


def job_of(database: Database, cast: Cast) -> OrderJob:
    job = first(database, cast, OrderJob)
    assert isinstance(job, OrderJob)
    return job


def test_a_car_stands_on_the_board_with_what_matters_and_no_customer(
    client: Come, cast: Cast, database: Database, order: RepairOrder
) -> None:
    for name in ("chen", "zhou", "wu", "gao", "pei", "qin"):
        page = client(name).get("/board")
        assert page.status_code == 200
        assert f'id="car-{order.id}"' in page.text
        assert "王建国" not in page.text
        assert "17" in page.text
    assert client("lin").get("/board").status_code == 403
    assert f'id="car-{order.id}"' not in client("tang").get("/board").text


@pytest.mark.parametrize("way", ["/board", "/board?by=technician", "/board/wall", "/board?by=nonsense"])
def test_every_way_to_look_at_it_shows_every_car(client: Come, order: RepairOrder, way: str) -> None:
    page = client("wu").get(way)
    assert (page.status_code, page.text.count(f'id="car-{order.id}"')) == (200, 1)


def test_who_dispatches_moves_a_car_and_others_do_not(
    client: Come, cast: Cast, database: Database, order: RepairOrder
) -> None:
    bay = first(database, cast, Bay)
    place = f"/board/cars/{order.id}/place"
    assert client("zhou").post(place, by="bay", to=str(bay.id)).status_code == 403
    moved = client("wu").post(place, by="bay", to=str(bay.id))
    assert (moved.status_code, moved.headers["location"]) == (303, "/board?by=bay")
    assert job_of(database, cast).bay_id == bay.id
    given = client("chen").post(place, htmx=True, by="technician", to=str(cast.zhou.id))
    assert given.status_code == 204
    assert job_of(database, cast).technician_id == cast.zhou.id
    client("wu").post(place, by="bay", to="waiting")
    assert job_of(database, cast).bay_id is None


def test_a_car_that_is_worked_on_stays_where_it_is_and_the_board_says_why(
    client: Come, cast: Cast, database: Database, order: RepairOrder
) -> None:
    with database.work(cast.store) as session:
        job = session.get_one(OrderJob, job_of(database, cast).id)
        session.refresh(job, ["order"])
        working.clock_on(session, job, by=cast.zhou)
    bay = first(database, cast, Bay)
    for htmx in (True, False):
        refused = client("wu").post(f"/board/cars/{order.id}/place", htmx=htmx, by="bay", to=str(bay.id))
        assert refused.status_code == 409
        assert "正在作业" in refused.text


@pytest.mark.parametrize("to", ["", "inspection", "00000000-0000-0000-0000-000000000000"])
def test_a_car_goes_to_no_place_that_is_none(client: Come, order: RepairOrder, to: str) -> None:
    assert client("wu").post(f"/board/cars/{order.id}/place", by="bay", to=to).status_code in (404, 409)


def test_one_job_alone_is_given(client: Come, cast: Cast, database: Database, order: RepairOrder) -> None:
    bay, job = first(database, cast, Bay), job_of(database, cast)
    wu = client("wu")
    assert wu.get(f"/board/cars/{order.id}").text.count(f'action="/board/jobs/{job.id}/place"') == 1
    given = wu.post(f"/board/jobs/{job.id}/place", technician=str(cast.zhou.id), bay=str(bay.id))
    assert given.headers["location"] == f"/board/cars/{order.id}"
    assert (job_of(database, cast).technician_id, job_of(database, cast).bay_id) == (cast.zhou.id, bay.id)
    wrong = wu.post(f"/board/jobs/{job.id}/place", technician=str(cast.lin.id))
    assert wrong.status_code == 422


def test_the_stream_is_for_who_sees_the_workshop(client: Come) -> None:
    assert client("lin").get("/board/stream").status_code == 403
    assert client().get("/board/stream").status_code == 403
