"""Too late, twice, or at once with somebody else: told, and nothing typed is lost."""

import html
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from server.commands.demonstration import pictures
from server.database import Database, now, uuid7
from server.domain.checklists import runs
from server.domain.checklists.runs import Run
from server.domain.customers import Customer
from server.domain.delivery import deliveries, handover, pdi
from server.domain.people.sign_in import SignIn
from tests.cast import OTHER_VIN, Cast, a_delivery, a_ready_delivery, work
from tests.routes.refusing import in_both, refused, told
from tests.routes.world import World
from tests.visitor import Visitor


def test_two_people_at_once_see_both_versions(world: World) -> None:
    delivery = world.delivery("handing_over")
    lin, gao = world.visitor("lin"), world.visitor("gao")
    place = re.search(
        r'<option value="([^"]+)"', lin.get(f"/deliveries/{delivery.number}/schedule").text.split('id="place"')[1]
    )
    assert place
    typed = {"planned_at": "2026-12-24T16:00", "place": place.group(1), "version": delivery.version}
    assert lin.post(f"/deliveries/{delivery.number}/schedule", note="客户带家人来", **typed).status_code == 303
    zh, _ = refused(world, "gao", f"/deliveries/{delivery.number}/schedule", 409, note="贴膜师傅同到", **typed)
    assert "客户带家人来" in zh.text, "what is there"
    assert "贴膜师傅同到" in zh.text, "what was typed"
    version = re.search(r'name="version" value="(\d+)"', zh.text)
    assert version
    again = gao.post(
        f"/deliveries/{delivery.number}/schedule", note="贴膜师傅同到", **typed | {"version": version.group(1)}
    )
    assert again.status_code == 303


def test_two_corrections_of_a_customer_at_once(world: World) -> None:
    customer = world.one(Customer)
    place, typed = (
        f"/customers/{customer.id}/edit",
        {"kind": "person", "version": customer.version, "name": customer.name},
    )
    assert world.visitor("lin").post(place, note="喜欢红茶", phone=customer.phone, **typed).status_code == 303
    zh, _ = refused(world, "he", place, 409, note="喜欢咖啡", phone=customer.phone, **typed)
    assert "喜欢红茶" in zh.text
    assert "喜欢咖啡" in zh.text


WRONG_STATES = [
    ("lin", "planned", "/handover", {}),
    ("lin", "planned", "/completion", {}),
    ("lin", "completed", "/handover", {}),
    ("lin", "completed", "/completion", {}),
    ("lin", "completed", "/cancellation", {"why": "改主意"}),
    ("lin", "completed", "/schedule", {"planned_at": "2026-12-24T16:00", "version": "9"}),
    ("lin", "completed", "/signature", {"role": "customer", "typed_name": "欧阳建国"}),
    ("lin", "handing_over", "/signature", {"role": "customer", "typed_name": "欧阳建国"}),
    ("lin", "handing_over", "/completion", {}),
    ("lin", "handing_over", "/handover", {}),
    ("zhou", "planned", "/pdi/failure", {}),
    ("zhou", "planned", "/pdi/signature", {"typed_name": "周强"}),
    ("zhou", "completed", "/pdi", {}),
    ("zhou", "completed", "/pdi/failure", {}),
    ("zhou", "completed", "/pdi/rework", {"what": "换了胎"}),
    ("zhou", "completed", "/pdi/signature", {"typed_name": "周强"}),
]


@pytest.mark.parametrize(("name", "state", "deed", "fields"), WRONG_STATES)
def test_a_deed_that_the_state_does_not_allow(
    world: World, name: str, state: str, deed: str, fields: dict[str, str]
) -> None:
    delivery = world.delivery(state)
    if deed == "/schedule":
        page = world.visitor("lin").get(f"/deliveries/{delivery.number}/schedule").text
        fields = fields | {"place": page.split('id="place"')[1].split('<option value="')[1].split('"')[0]}
    refused(world, name, f"/deliveries/{delivery.number}{deed}", 409, **fields)


def test_nothing_is_tapped_on_a_list_that_is_closed(world: World) -> None:
    run = world.one(Run, Run.code == "C05", Run.state == "closed")
    with world.database.work(world.cast.store) as session:
        part = runs.sheet_of(session, run).parts[0]
    place = f"/runs/{run.id}/items/{part.questions[0].id}"
    refused(world, "zhou", f"{place}/answer", 409, answer="fault")
    refused(world, "zhou", f"{place}/photos", 409, files={"photo": ("a.jpg", pictures.photo(1), "image/jpeg")})
    refused(world, "zhou", f"/runs/{run.id}/sections/{part.id}/all-good", 409)


def test_nothing_is_tapped_while_the_car_is_in_rework_or_the_plan_is_given_up(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        failed, given_up = a_delivery(session, cast), a_ready_delivery(session, cast, OTHER_VIN)
        work.inspect(session, cast.of_wuhu, failed, fault="异响")
        handover.start(session, given_up, by=cast.lin)
        deliveries.cancel(session, given_up, by=cast.gao, why="改主意")
        inspected, handed = runs.one(session, pdi.of(session, failed).run_id, store_id=cast.store), given_up.handover_id
        wrong = runs.sheet_of(session, inspected).parts[0]
        first = runs.progress(session, session.get_one(Run, handed)).sheet.parts[1]
    with World(database) as world:
        place = f"/runs/{inspected.id}"
        refused(world, "zhou", f"{place}/items/{wrong.questions[0].id}/answer", 409, answer="ok")
        refused(world, "zhou", f"{place}/sections/{wrong.id}/all-good", 409)
        refused(world, "lin", f"/runs/{handed}/items/{first.questions[0].id}/answer", 409, answer="yes")
        refused(world, "lin", f"/deliveries/{given_up.number}/sections/{first.id}/signature", 409, typed_name="王")
        refused(world, "lin", f"/deliveries/{given_up.number}/signature", 409, role="customer", typed_name="王")


# --- The session, the token, the key ------------------------------------------------------------


@pytest.fixture
def expired(world: World) -> Iterator[Visitor]:
    """Chen, whose session ends while a form is filled in."""
    world.everybody_leaves()
    visitor = world.visitor("chen")
    assert visitor.token
    with world.database.work() as session:
        session.execute(update(SignIn).where(SignIn.staff_id == world.cast.chen.id).values(expires_at=now()))
    yield visitor
    world.everybody_leaves()


TYPED = {"name": "司马光", "kind": "person", "phone": "13700001234", "note": "要白色的\n下周来"}


def test_a_session_that_ended_keeps_what_was_typed(world: World, expired: Visitor) -> None:
    before = world.counts()
    zh, en = in_both(expired, lambda: expired.http.post(
        "/customers", data=TYPED | {"_csrf": expired.token, "_key": str(uuid7())},
        headers={"referer": "http://testserver.local/customers/new"},
    ))  # fmt: skip
    assert (zh.status_code, en.status_code) == (401, 401)
    assert told(zh) != told(en)
    for answer in (zh, en):
        assert all(_hidden(answer, field) == typed for field, typed in TYPED.items())
        assert 'href="/sign-in"' in answer.text
    assert world.counts() == before
    expired.sign_in("chen")
    again = expired.post(_action(zh), **TYPED)
    assert again.status_code == 303, "sent again where it was meant to go"
    assert "司马光" in expired.get(again.headers["location"]).text


def _action(answer: httpx.Response) -> str:
    found = re.search(
        r'<form method="post" action="([^"]+)">(?=<input type="hidden" name="_csrf")[^\n]*?name="note"', answer.text
    )
    assert found, answer.text
    return found.group(1)


def _hidden(answer: httpx.Response, field: str) -> str | None:
    found = re.search(rf'name="{field}" value="([^"]*)"', answer.text)
    return html.unescape(found.group(1)) if found else None


def test_a_form_of_an_old_page_keeps_what_was_typed(world: World) -> None:
    for token in ("", "0" * 80, "短"):
        zh, _ = refused(world, "lin", "/customers", 403, _csrf=token, **TYPED)
        assert _hidden(zh, "name") == "司马光"
        assert _action(zh) == "/customers"


def test_a_form_without_a_key_keeps_what_was_typed(world: World) -> None:
    zh, _ = refused(world, "lin", "/customers", 422, _key="", **TYPED)
    assert _hidden(zh, "name") == "司马光"


def test_the_same_form_twice_is_one_deed_and_one_answer(world: World) -> None:
    visitor, key = world.visitor("lin"), str(uuid7())
    fields = {"name": "诸葛亮", "kind": "person", "phone": "13700004321", "_key": key}
    first, middle = visitor.post("/customers", **fields), world.counts()
    second = visitor.post("/customers", **fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert world.counts() == middle


def test_the_same_refusal_twice_is_one_answer(world: World) -> None:
    visitor, key = world.visitor("lin"), str(uuid7())
    first, second = (visitor.post("/customers", name="", kind="person", _key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (422, 422)
    assert second.headers["idempotent-replayed"] == "true"
    assert first.text == second.text


def test_the_same_photo_twice_is_one_photo(world: World, item: Any) -> None:
    run, question = item("C05", lambda question: question.photo_needed)
    visitor, key = world.visitor("zhou"), str(uuid7())
    place, upload = f"/runs/{run.id}/items/{question.id}/photos", {"photo": ("a.jpg", pictures.photo(1), "image/jpeg")}
    first = visitor.post(place, files=upload, _key=key)
    middle = world.counts()
    second = visitor.post(place, files=upload, _key=key)
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["idempotent-replayed"] == "true"
    assert world.counts() == middle


def test_the_same_key_with_other_content_is_refused(world: World) -> None:
    visitor, key = world.visitor("lin"), str(uuid7())
    assert visitor.post("/customers", name="刘备", kind="person", phone="13700004322", _key=key).status_code == 303
    refused(world, "lin", "/customers", 422, name="关羽", kind="person", phone="13700004323", _key=key)
    refused(world, "lin", "/deliveries", 422, name="刘备", kind="person", phone="13700004322", _key=key)
    refused(world, "he", "/customers", 422, name="刘备", kind="person", phone="13700004322", _key=key)
