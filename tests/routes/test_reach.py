"""Every route, everybody: who comes in, who does not, and what a stranger or a technician never sees.

The walk is made from the routes of the house. A new route is walked as soon as it is there, and fails here
until everything that its address names has an example in `World.examples`.
"""

import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from pypdf import PdfReader
from sqlalchemy import select

from server.app import create_app
from server.database import Database
from server.domain.care import Contact
from server.domain.care.visits import HomeVisit
from server.domain.checklists import runs, taps
from server.domain.checklists.runs import Run, Signature
from server.domain.customers.links import CustomerLink
from server.domain.delivery import Delivery
from server.domain.people import Right
from server.domain.people.notices import Notice
from server.domain.records import Paper
from server.routes import ALL
from tests.domain.home_visits.at_home import TEAM
from tests.routes.world import EVERYTHING, NAME, NOTE, PHONE, STRANGER, World

DRAWN_BY_LOT = re.compile(r"[0-9a-f-]{32,}|/static/[0-9a-f]+")
"""Tokens, identities and what a file says in sum: any digits may come up in them."""
PARAMETER = re.compile(r"\{(\w+):\w+\}")
OUTSIDE = {"/static/{tag:str}/{path:path}", "/admin", "/board/stream"}
"""Pass by the life of a request: static files, the admin with its own door, and the stream of live boards."""
COMES_IN = {"GET": {200, 303}, "POST": {200, 303, 409, 422}}
"""An empty form is refused for what is missing, never for who sent it."""
PEOPLE = (None, "lin", "chen", "zhou", "wu", "he", "gao", "admin", EVERYTHING, "tang", STRANGER)
ADDRESSES_WITHOUT_A_THING = {"name", "path", "month", "day"}
OF_WHO_GOES = {"/visits/{visit_id:uuid}/cancellation", "/visits/{visit_id:uuid}/presences/{staff_id:uuid}/end"}
"""Of those who go on that visit, and who plans; nobody but who leads it signs somebody else out."""
INSPECTORS_AND_SELLERS = {Right.INSPECT, Right.HAND_OVER}


def ways(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Method, address and handler of whatever the house answers."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in handler.http_methods - {"OPTIONS"}:
                    yield str(method), route.path, handler


HOUSE = create_app(Database("sqlite://"))
WAYS = sorted(
    ((method, path, handler.opt) for method, path, handler in ways(HOUSE) if path not in OUTSIDE),
    key=lambda way: (way[0], way[1] == "/sign-out", way[1]),  # whoever signs out asks nothing more
)

WRITES = [way for way in WAYS if way[0] == "POST"]


def test_every_route_says_who_may_enter_or_stands_on_the_short_list() -> None:
    unsaid = {path for _, path, handler in ways(HOUSE) if "needs" not in handler.opt}
    others = {route.path for route in HOUSE.routes if not isinstance(route, HTTPRoute)}
    assert unsaid | others | {"/board/stream"} == OUTSIDE
    for _, path, opt in WAYS:
        assert "outside" not in opt, path
        assert opt["needs"] in {None, "signed in", *Right}, path


def test_every_address_is_answered_by_one_handler_alone() -> None:
    """Of two for the same address the later one would answer, and nobody would be told."""
    said = [(path, method) for handler in ALL for path in handler.paths for method in handler.http_methods]
    twice = {way for way in said if said.count(way) > 1 and way[1] != "OPTIONS"}
    assert not twice


def test_nothing_is_changed_by_looking() -> None:
    assert {method for method, _, _ in WAYS} == {"GET", "POST"}


def address(world: World, path: str) -> str:
    """The path with something real for each of its parameters; an unknown one fails the walk."""
    signed = world.one(Paper, Paper.kind == "delivery_confirmation").number
    known: dict[str, Any] = world.examples() | {"name": signed, "path": "/nowhere"}
    if "correction" in path:  # what can be corrected is what is signed
        known["number"] = signed
    if path.endswith("/steps"):  # a link opens its own thing alone
        known["token"] = world.one(CustomerLink, CustomerLink.kind == "follow").token
    if path.endswith("/rating") and path.startswith("/c/"):
        known["token"] = world.one(CustomerLink, CustomerLink.kind == "settlement").token
    if path.startswith("/c/") and path.rsplit("/", 1)[1] in {"booking", "confirmation", "time", "cancellation"}:
        known["token"] = world.one(CustomerLink, CustomerLink.kind == "appointment").token
    unknown = [name for name in PARAMETER.findall(path) if name not in known]
    assert not unknown, f"{path}: give {unknown} an example in World.examples"
    return PARAMETER.sub(lambda found: str(known[found[1]]), path).replace("//", "/")


def expected(world: World, way: tuple[str, str, dict[str, Any]], name: str | None) -> set[int]:
    """What this visitor gets there."""
    method, path, opt = way
    needed = opt["needs"]
    if path == "/{path:path}":
        return {404}
    if needed is None:
        return COMES_IN[method]
    if name is None:
        return {303} if method == "GET" else {401}
    person = world.person(name)
    if isinstance(needed, Right) and not person.may(needed):
        return {403}
    things = set(PARAMETER.findall(path)) - ADDRESSES_WITHOUT_A_THING
    if things and not _reaches(world, things, name):
        return {404}
    if path in OF_WHO_GOES and not (person.may(Right.PLAN_VISITS) or (name in TEAM and not path.endswith("/end"))):
        return {403}
    if "run_id" in things and not person.may(Right.HAND_OVER):
        return {403}
    if "level" in things and not person.may(Right.WORK):  # the first of the three who look has done the work
        return {403}
    return COMES_IN[method]


def _reaches(world: World, things: set[str], name: str) -> bool:
    if name in {"tang", STRANGER}:
        return False
    if "notice_id" in things:
        return name == "chen"
    if "absence_id" in things:
        return name in {"lin", "gao", EVERYTHING}
    if "handover_id" in things:
        return name in {"lin", "chen", "gao", EVERYTHING}
    if "contact_id" in things:
        return name in {"he", "gao", EVERYTHING}
    if "visit_id" in things and name == "wu":  # a technician of no team
        return False
    if "order_number" in things:  # who takes money in the workshop sells no cars
        return world.person(name).may(Right.SELL)
    return "signature_id" not in things or name not in {"zhou", "wu"}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]} {way[1]}")
def test_everybody_gets_what_is_theirs(world: World, way: tuple[str, str, dict[str, Any]]) -> None:
    method, path, _ = way
    place, signed = address(world, path), world.one(Paper, Paper.kind == "delivery_confirmation").number
    for name in PEOPLE:
        visitor = world.visitor(name)
        answer = visitor.get(place) if method == "GET" else visitor.post(place, paper=signed)
        wanted = expected(world, way, name)
        assert answer.status_code in wanted, f"{name} {method} {place}: {answer.status_code}, not {wanted}"
        if name is None and wanted == {303}:
            assert answer.headers["location"].startswith("/sign-in?next=")
    if path == "/sign-out":
        world.everybody_leaves()


@pytest.mark.parametrize("way", [way for way in WRITES if "greeting" not in way[2]], ids=lambda way: way[1])
def test_a_write_wants_the_token_of_the_form_and_a_key(world: World, way: tuple[str, str, dict[str, Any]]) -> None:
    visitor, place = world.visitor("gao" if way[1] != "/sign-out" else None), address(world, way[1])
    if _needs(way) in (Right.INSPECT, Right.ADMINISTER, Right.WORK):
        visitor = world.visitor(EVERYTHING)
    foreign, before = world.visitor("he").token, world.counts()
    assert visitor.post(place, _csrf="").status_code == 403
    assert visitor.post(place, _csrf=foreign).status_code == 403, "the token of somebody else"
    assert visitor.post(place, _key="").status_code == 422
    assert visitor.post(place, _key="seven").status_code == 422
    assert world.counts() == before


def _needs(way: tuple[str, str, dict[str, Any]]) -> Any:
    return way[2]["needs"]


@pytest.mark.parametrize("way", [way for way in WAYS if way[0] == "GET"], ids=lambda way: way[1])
def test_a_part_of_a_page_sends_who_is_not_signed_in_to_the_door(world: World, way: Any) -> None:
    if _needs(way) is None:
        return
    answer = world.visitor(None).get(address(world, way[1]), htmx=True)
    assert (answer.status_code, answer.headers["hx-redirect"][:9]) == (401, "/sign-in?")


# --- What a technician sees -----------------------------------------------------------------


OWN_VISITS = ("/", "/visits", "/visits/calendar")
"""Where a technician finds the visits they go on, with the name of who lives there."""


@pytest.mark.parametrize("name", ["zhou", "wu"])
def test_a_technician_never_sees_whose_car_it_is(world: World, name: str) -> None:
    visitor = world.visitor(name)
    seen = 0
    for place in pages_of_the_workshop(world):
        answer = visitor.get(place)
        if answer.status_code == 200:
            seen += 1
            told = text_of(answer)
            at_home = name == "zhou" and place in OWN_VISITS  # whoever knocks at a door knows whose it is
            for secret in (NAME, PHONE[:-1], PHONE[-6:-1], NOTE):
                assert secret not in told or (at_home and secret == NAME), f"{name} reads {secret!r} on {place}"
    assert seen > 20


def test_a_technician_reaches_the_visits_they_go_on_and_no_others(world: World) -> None:
    with world.database.work(world.cast.store) as session:
        visits = session.scalars(select(HomeVisit)).all()
        crews = {one.id: one.crew if not one.is_draft else frozenset[UUID]() for one in visits}
        days = {one.day for one in visits}
    for name, goes in (("zhou", True), ("wu", False)):
        own, visitor = getattr(world.cast, name).id, world.visitor(name)
        assert any(own in crew for crew in crews.values()) == goes
        lists = [visitor.get(place).text for place in ("/visits?whose=all", "/visits/calendar")]
        lists += [visitor.get(f"/visits/route/{day}").text for day in days]
        for visit_id, crew in crews.items():
            assert visitor.get(f"/visits/{visit_id}").status_code == (200 if own in crew else 404), name
            assert any(str(visit_id) in told for told in lists) == (own in crew), name


def test_a_note_about_a_customer_is_read_by_who_sees_customers(world: World) -> None:
    places = [f"/deliveries/{world.delivery(state).number}" for state in ("planned", "handing_over", "completed")]
    for name, shown in (("lin", True), ("chen", True), ("gao", True), ("zhou", False), ("wu", False)):
        for place in places:
            answer = world.visitor(name).get(place)
            assert (answer.status_code, NOTE in answer.text) == (200, shown), (name, place)
    customer = world.delivery("completed").customer_id
    assert NOTE in world.visitor("lin").get(f"/customers/{customer}").text


def pages_of_the_workshop(world: World) -> list[str]:
    """Every page there is, of every delivery, section, paper and signature."""
    fixed = [path for method, path, _ in WAYS if method == "GET" and not PARAMETER.search(path)]
    with world.database.work(world.cast.store) as session:
        found = [*fixed, "/deliveries?show=done"]
        for delivery in session.scalars(select(Delivery)):
            here = f"/deliveries/{delivery.number}"
            found += [here, f"{here}/pdi", f"{here}/handover", f"{here}/schedule", f"{here}/correction"]
            for run in session.scalars(select(Run)):
                kind = "pdi" if run.code == "C05" else "handover"
                found += [f"{here}/{kind}?section={part.id}" for part in runs.sheet_of(session, run).parts]
        found += [f"/papers/{paper.number}.pdf" for paper in session.scalars(select(Paper))]
        found += [f"/papers/{paper.number}" for paper in session.scalars(select(Paper))]
        found += [f"/signatures/{signed.id}" for signed in session.scalars(select(Signature))]
        found += [f"/contacts/{contact.id}" for contact in session.scalars(select(Contact))]
    return found


def text_of(answer: httpx.Response) -> str:
    """What a person reads there."""
    if answer.headers["content-type"] == "application/pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return DRAWN_BY_LOT.sub("", answer.text)


def test_a_technician_reads_the_paper_of_the_inspection(world: World) -> None:
    paper = world.one(Paper, Paper.kind == "pdi_sheet")
    assert world.visitor("zhou").get(f"/papers/{paper.number}.pdf").status_code == 200
    confirmation = world.one(Paper, Paper.kind == "delivery_confirmation")
    assert world.visitor("zhou").get(f"/papers/{confirmation.number}.pdf").status_code == 404
    assert NAME in text_of(world.visitor("chen").get(f"/papers/{confirmation.number}.pdf"))


def test_a_technician_sees_their_own_signature_and_no_customers(world: World) -> None:
    own, customers = (world.one(Signature, Signature.role == role) for role in ("technician", "customer"))
    assert world.visitor("zhou").get(f"/signatures/{own.id}").status_code == 200
    assert world.visitor("zhou").get(f"/signatures/{customers.id}").status_code == 404


def test_a_technician_sees_what_the_owner_signed_on_a_visit_they_go_on(world: World) -> None:
    with world.database.work(world.cast.store) as session:
        zhou = world.cast.zhou
        visit = next(one for one in session.scalars(select(HomeVisit)) if one.run_id and zhou.id in one.crew)
        signed = taps.sign(
            session, session.get_one(Run, visit.run_id), by=zhou, role="customer", name=NAME, ink=None
        ).id  # fmt: skip
        assert world.cast.wu.id not in visit.crew
    seen = {name: world.visitor(name).get(f"/signatures/{signed}").status_code for name in ("zhou", "wu", "he")}
    assert seen == {"zhou": 200, "wu": 404, "he": 200}


# --- What the street sees -------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["delivery_confirmation", "pdi_sheet"])
def test_anybody_proves_a_paper_and_learns_nothing_about_a_person(world: World, kind: str) -> None:
    paper: Paper = world.one(Paper, Paper.kind == kind)
    for query in ({}, {"store": "WH01", "code": paper.code}, {"code": "0" * 16}):
        answer = world.visitor(None).get(f"/papers/{paper.number}", **query)
        assert answer.status_code == (404 if query == {"code": "0" * 16} else 200)
        secrets = [NAME, PHONE[:-1], PHONE[-5:-1], paper.content["car"]["vin"], paper.content["car"]["vin"][-6:]]
        secrets += [staff["name"] for staff in paper.content["people"]]
        told = text_of(answer)
        assert not [secret for secret in secrets if secret in told]


def test_the_street_gets_no_pdf(world: World) -> None:
    paper = world.one(Paper, Paper.kind == "pdi_sheet")
    answer = world.visitor(None).get(f"/papers/{paper.number}.pdf")
    assert (answer.status_code, answer.headers["location"][:9]) == (303, "/sign-in?")


# --- What a stranger does not reach ---------------------------------------------------------


@pytest.mark.parametrize("name", ["tang", STRANGER])
def test_a_stranger_prints_no_paper_of_ours(world: World, name: str) -> None:
    for kind in ("pdi_sheet", "delivery_confirmation"):
        number = world.one(Paper, Paper.kind == kind).number
        assert world.visitor(name).get(f"/papers/{number}.pdf").status_code == 404


def test_a_stranger_finds_nobody_of_ours(world: World) -> None:
    visitor = world.visitor(STRANGER)
    for place in ("/", "/deliveries", "/deliveries?show=done", "/pdi", "/contacts?show=later", "/customers"):
        assert NAME not in visitor.get(place).text, place
    for asked in (NAME, "ouyang jianguo", PHONE[:-1] + "1", "LVVDB11B1RD110231", "0231"):
        assert 'href="/customers/0' not in visitor.get("/customers", q=asked).text, asked
    assert NAME not in visitor.get("/customers/likely", name=NAME, phone=PHONE[:-1] + "1").text


def test_a_stranger_names_our_things_in_their_own_forms_in_vain(world: World) -> None:
    visitor, known = world.visitor(STRANGER), world.examples()
    before = world.counts()
    assert visitor.get("/deliveries/new", customer=known["customer_id"]).status_code == 404
    assert visitor.post("/deliveries", customer=str(known["customer_id"])).status_code == 404
    assert visitor.post("/switch", name="lin", pin="246813").status_code == 422
    assert world.counts() | {"events": 0} == before | {"events": 0}


def test_what_is_of_one_colleague_is_not_of_another(world: World) -> None:
    for notice in (world.one(Notice, Notice.staff_id == world.cast.lin.id),):
        assert world.visitor("gao").post(f"/notices/{notice.id}/reading").status_code == 404


def test_only_who_inspects_or_hands_over_taps(world: World) -> None:
    """A run of C05 is the workshop's, of C06 and C07 the consultant's."""
    inspection: Run = world.one(Run, Run.code == "C05", Run.state == "open")
    with world.database.work(world.cast.store) as session:
        item = next(runs.sheet_of(session, inspection).questions())
    for name, status in (("zhou", 303), ("wu", 303), ("lin", 403), ("gao", 403), ("chen", 403), ("tang", 404)):
        answer = world.visitor(name).post(f"/runs/{inspection.id}/items/{item.id}/answer", answer="ok")
        assert answer.status_code == status, name
