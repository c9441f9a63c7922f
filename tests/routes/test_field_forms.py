"""A form that is kept on the device and a route that takes a ticket belong together; a new room cannot forget one."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.checklists import Tap, runs, taps
from server.domain.delivery import Inspection, pdi
from server.domain.people import Staff
from server.domain.showroom import TestDrive, driving
from server.domain.showroom.licences import Licence
from server.domain.showroom.lost_deals import LostDeal
from server.rendering import TEMPLATES
from tests.cast import Cast
from tests.domain.drives import LICENCE, prepared
from tests.routes import workshop_day
from tests.routes.sending import keyed
from tests.routes.test_reach import PARAMETER, WAYS, address, pages_of_the_workshop
from tests.routes.world import EVERYTHING, World

FORM = re.compile(r"(<form\b[^>]*>)(.*?)</form>", re.DOTALL)
ACTION = re.compile(r'\baction="([^"]*)"')
TICKETED = {path for _, path, opt in WAYS if opt.get("by_ticket") and not opt.get("greeting")}
ELSEWHERE = {"/repair-orders/{order_id:uuid}/settlement/signature"}
"""No car is settled on this day; the browser signs for one at the counter (tests/browser/test_intake.py)."""
POSTS = [path for method, path, _ in WAYS if method == "POST"]
SHAPE = {"uuid": "[0-9a-f-]{36}", "str": "[^/]+"}


def route_of(place: str) -> str:
    """The route that a form posts to."""
    for path in POSTS:
        shape = re.sub(r"\{\w+:(\w+)\}", lambda found: SHAPE[found[1]], path)
        if re.fullmatch(shape, place.split("?", maxsplit=1)[0]):
            return path
    raise AssertionError(f"no route takes {place}")


def forms_on(world: World, place: str) -> Iterator[tuple[str, bool]]:
    """Where the forms of a page go, and whether the device keeps them."""
    answer = world.visitor("jack").get(place)
    if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
        return
    for tag, fields in FORM.findall(answer.text):
        action = ACTION.search(tag)
        if action and 'method="post"' in tag and 'name="_csrf"' in fields:  # one without it is only there to be read
            yield route_of(action[1]), bool(re.search(r"\bdata-keep\b", tag))


def places(world: World) -> list[str]:
    """Every page of the house, of everything in it."""
    named = [address(world, path) for method, path, _ in WAYS if method == "GET" and PARAMETER.search(path)]
    contacts = [f"/contacts/{world.examples()['contact_id']}"]
    contacts += [f"/visits/{visit_id}" for visit_id in world.visits()]
    jack = world.visitor("jack")
    blanks = jack.http.post("/aboard/today", headers=keyed(jack)).json()["pages"]
    return [*dict.fromkeys([*pages_of_the_workshop(world), *named, *contacts, *blanks])]


def everywhere(world: World) -> Iterator[tuple[str, bool]]:
    """The forms of a day: before anything is at fault, with a fault, and in rework; a drive to its end."""
    for become in (_nothing_yet, _at_fault, _in_rework):
        _turn(world, become)
        for place in places(world):
            yield from forms_on(world, place)
    for become in (_past_its_hour, _on_the_road, _back_again):
        _turn(world, become)
        yield from forms_on(world, address(world, "/test-drives/{drive_id:uuid}"))
    _turn(world, _applied_for_by_who_looks)
    yield from forms_on(world, address(world, "/lost-deals/{deal_id:uuid}"))
    for place in workshop_day.turns(world):
        yield from forms_on(world, place)


def _turn(world: World, become: Callable[[Session, Cast], None]) -> None:
    with world.database.work(world.cast.store) as session:
        become(session, world.cast)


def _inspected(session: Session) -> Inspection:
    return session.scalars(select(Inspection).where(Inspection.state == "checking")).one()


def _nothing_yet(_session: Session, _cast: Cast) -> None:
    """As the day begins."""


def _at_fault(session: Session, cast: Cast) -> None:
    run = pdi.run_of(session, _inspected(session))
    item = next(one for one in runs.sheet_of(session, run).questions() if one.blocking and one.kind == "rag")
    taps.answer(session, run, item.id, Tap("fault"), by=cast.zhou)


def _in_rework(session: Session, cast: Cast) -> None:
    pdi.fail(session, _inspected(session), by=cast.zhou)


def _driven(session: Session) -> TestDrive:
    return session.scalars(select(TestDrive)).one()


def _past_its_hour(session: Session, cast: Cast) -> None:
    """Nobody has come yet, and who comes has held a licence for too short a time."""
    drive = _driven(session)
    drive.starts_at, drive.ends_at = now() - timedelta(minutes=20), now() + timedelta(minutes=10)
    begun = now().date() - timedelta(days=30)
    driving.show_licence(session, drive, Licence("C1", begun, LICENCE.until, LICENCE.number), by=cast.lin)


def _on_the_road(session: Session, cast: Cast) -> None:
    driving.set_out(session, prepared(session, cast, _driven(session)), by=cast.lin)


def _back_again(session: Session, cast: Cast) -> None:
    drive = _driven(session)
    driving.come_back(session, drive, by=cast.lin, km=(drive.km_out or 0) + 8, energy=70)


def _applied_for_by_who_looks(session: Session, _cast: Cast) -> None:
    jack = session.scalars(select(Staff).where(Staff.name == EVERYTHING)).one()
    session.scalars(select(LostDeal)).one().applied_by = jack.id


@pytest.fixture(scope="module")
def forms(world: World) -> set[tuple[str, bool]]:
    """Where every form of the house goes, and whether the device keeps it."""
    return set(everywhere(world))


def test_what_a_device_keeps_goes_where_a_ticket_is_taken(forms: set[tuple[str, bool]]) -> None:
    kept = {route for route, is_kept in forms if is_kept}
    assert kept <= TICKETED, "kept on the device, and refused when it is delivered"


def test_where_a_ticket_is_taken_a_form_is_kept(forms: set[tuple[str, bool]]) -> None:
    kept = {route for route, is_kept in forms if is_kept}
    assert kept | ELSEWHERE >= TICKETED, "takes a ticket, and no form of it is kept on the device"


def test_no_form_is_kept_on_one_page_and_not_on_another(world: World, forms: set[tuple[str, bool]]) -> None:
    assert not {route for route, is_kept in forms if not is_kept} & TICKETED


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.name))
def test_a_kept_form_is_an_ordinary_form_with_a_name(template: Path) -> None:
    """It posts, has the two keys for a browser without scripts, and the list of what waits can call it by name."""
    text = re.sub(r"\s+", " ", template.read_text(encoding="utf-8"))
    for found in re.finditer(r"<form\b[^>]*?\bdata-keep\b.*?</form>", text):
        form = found[0]
        assert 'method="post"' in form, form[:80]
        assert "form_keys()" in form, form[:80]
        assert "data-label=" in form, form[:80]
