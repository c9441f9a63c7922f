"""Page by page without JavaScript: every form is filled in as it stands on its page."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from server.commands.demonstration import pictures
from server.commands.demonstration.deliveries import READINGS
from server.database import Database, now
from server.domain.checklists import runs
from server.domain.delivery import Delivery, pdi
from tests.cast import PLACE, VIN, Cast, a_car, a_completed_delivery, a_customer, a_ready_delivery, work
from tests.domain.test_prospects import a_prospect
from tests.routes.browsing import Browser, Come, Fields, Forms


@pytest.fixture
def browse(client: Come) -> Callable[[str], Browser]:
    """`browse("lin")` has come through the door by its form."""

    def enter(name: str) -> Browser:
        browser = Browser(client()).go("/")
        assert browser.place.startswith("/sign-in?next=")
        return browser.send("/sign-in", name=name, password="huanche-demo")

    return enter


def test_a_car_is_handed_over_without_a_script(
    browse: Callable[[str], Browser], database: Database, cast: Cast
) -> None:
    lin = browse("lin").go("/deliveries/new")
    models = re.findall(r'<option value="([0-9a-f-]{36})">', lin.text.split('id="model"')[1].split("</select>")[0])
    colours = re.findall(r'<option value="([^"]+)">', lin.text.split('id="colour"')[1].split("</select>")[0])
    advisors = re.findall(r'<option value="([^"]+)"', lin.text.split('id="advisor"')[1].split("</select>")[0])
    lin.send(
        "/deliveries",
        name="欧阳建国",
        phone="139 8765 4321",
        vin=VIN,
        model=models[0],
        colour=colours[0],
        advisor=advisors[0],
    )
    here = lin.place
    number = here.rpartition("/")[2]
    assert re.fullmatch(r"JC-\d{8}-0001", number)
    assert "欧阳建国" in lin.text

    zhou = browse("zhou").go("/pdi")
    assert here in zhou.links('[^"]*')
    zhou.go(here).send(f"{here}/pdi")
    _walk(zhou, database, "C05")
    zhou.go(f"{here}/pdi")
    zhou.go(zhou.sections()[-1]).send(f"{here}/pdi/signature", typed_name="周强")
    assert zhou.place == here

    lin.go(here).send(f"{here}/handover")
    for code in ("C07", "C06"):
        _walk(lin, database, code)
    lin.go(f"{here}/handover")
    for place in lin.sections():
        lin.go(place)
        section = place.rpartition("=")[2]
        if f"/sections/{section}/signature" in lin.text:
            lin.send(f"{here}/sections/{section}/signature", typed_name="欧阳建国")
    lin.go(f"{here}/handover")
    lin.go(lin.sections()[-1])
    for role, name in (("customer", "欧阳建国"), ("consultant", "林悦")):
        lin.send(f"{here}/signature", role=role, typed_name=name)
    lin.send(f"{here}/completion")
    assert lin.place == here

    papers = lin.links('/papers/[^"]+')
    assert len(papers) == 2
    for place in papers:
        answer = lin.visitor.get(place.replace("&amp;", "&"))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert VIN in text
        assert ("欧阳建国" in text) == (number in place)

    assert "欧阳建国" in browse("chen").text, "the advisor is told"


def _walk(browser: Browser, database: Database, code: str) -> None:
    """Answer everything of a list by the forms on its pages, one by one, as a thumb would."""
    start = browser.place.partition("?")[0]
    for place in browser.go(start).sections():
        browser.go(place)
        for action, fields in Forms(browser.text).found:
            if action.endswith("/answer"):
                browser.send(action, **_tapped(database, action, fields))
            if action.endswith("/photos") and _wants_photo(database, action):
                browser.send(action, files={"photo": ("car.jpg", pictures.photo(1), "image/jpeg")})


def _question(database: Database, action: str) -> Any:
    _, _, run_id, _, item_id, _ = action.split("/")
    with database.work() as session:
        run = session.scalars(select(runs.Run).where(runs.Run.id == runs.UUID(run_id))).one()
        return runs.sheet_of(session, run).question(runs.UUID(item_id))


def _wants_photo(database: Database, action: str) -> bool:
    asked = _question(database, action)
    return asked.photo_needed or asked.kind == "photo"


def _tapped(database: Database, action: str, fields: Fields) -> Fields:
    asked = _question(database, action)
    typed = {"answer": {"rag": "ok", "tick": "yes"}.get(asked.kind, "")}
    if "number" in fields:
        typed["number"] = READINGS[asked.unit["en"]]
    if asked.choices:
        typed["choice"] = asked.choices[0]["code"]
    return typed


@pytest.mark.parametrize(
    "asked", ["欧阳建国", "歐陽建國", "ouyang jianguo", "oyjg", "4321", "13987654321", VIN, VIN[-4:]]
)
def test_a_customer_is_found_without_a_script(client: Come, database: Database, cast: Cast, asked: str) -> None:
    with database.work(cast.store) as session:
        customer = a_customer(session, cast.lin, "欧阳建国", "13987654321")
        car = a_car(session, cast.lin, customer)
    visitor = client("lin")
    for htmx in (False, True):
        answer = visitor.get("/customers", q=asked, htmx=htmx)
        assert answer.status_code == 200
        assert f"/customers/{customer.id}" in answer.text or f"/cars/{car.id}" in answer.text
        assert ("<html" in answer.text) is not htmx


def test_what_the_technician_sees_today(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        delivery = a_ready_delivery(session, cast)
    answer = client("zhou").get("/")
    assert answer.status_code == 200
    assert delivery.number not in answer.text, "what is inspected waits no more"


def test_a_tablet_is_handed_over_by_pin(client: Come) -> None:
    browser = Browser(client("lin")).go("/switch?name=chen")
    browser.send("/switch", pin="246813")
    assert "陈思" in browser.text
    browser.visitor._token = None  # the tablet is somebody else's now
    assert browser.visitor.post("/switch", name="gao", pin="000000").status_code == 422
    assert "陈思" in browser.go("/me").text


@pytest.mark.parametrize(("who", "stays"), [("gao", True), ("fang", False), ("chen", False)])
def test_a_tablet_stays_where_it_was_for_who_reaches_it(
    client: Come, database: Database, cast: Cast, who: str, stays: bool
) -> None:
    with database.work(cast.store) as session:
        place = f"/prospects/{a_prospect(session, cast.lin).number}"
    browser = Browser(client("lin")).go(f"/switch?name={who}&next={place}")
    browser.send("/switch", pin="246813")
    assert browser.place == (place if stays else "/")


def test_one_s_own_pin(client: Come) -> None:
    browser = Browser(client("lin")).go("/me")
    browser.send("/me/pin", password="huanche-demo", pin="135791")
    assert browser.place == "/me"
    other = Browser(client("chen")).go("/switch?name=lin")
    other.send("/switch", pin="135791")
    assert "林悦" in other.text


@pytest.mark.parametrize(
    "place",
    [
        "/", "/customers", "/deliveries", "/deliveries/new", "/contacts", "/me", "/switch", "/prospects",
        "/prospects?show=pool", "/prospects/new", "/prospects/gap", "/lost-deals", "/receptions", "/test-drives",
        "/test-drives/new", "/quotations", "/orders", "/finance?price=150000&down=50000&months=36&rate=4.8", "/stock",
    ],
)  # fmt: skip
def test_a_page_speaks_either_language(client: Come, place: str) -> None:
    browser = Browser(client("lin")).go(place)
    assert '<html lang="zh-Hans"' in browser.text
    browser.send("/language", language="en")
    assert browser.go(place).text.count('<html lang="en"') == 1
    outside = re.sub(r"<[^>]*lang=\"zh-Hans\".*?</", "</", browser.text, flags=re.DOTALL)
    words = re.sub(r"<(script|style|datalist).*?</\1>|<[^>]+>", " ", outside.split("<body")[1], flags=re.DOTALL)
    assert not re.findall("[\\u4e00-\\u9fff]+", words.replace("中文", "")), "Chinese on an English page"


def test_appearance_is_kept_on_the_device(client: Come) -> None:
    browser = Browser(client("lin")).go("/me")
    browser.send("/appearance", theme="dark")
    assert 'data-theme="dark"' in browser.go("/deliveries").text


def test_one_signs_out(client: Come) -> None:
    browser = Browser(client("lin")).go("/me")
    browser.send("/sign-out")
    assert browser.place.startswith("/sign-in")
    assert browser.visitor.get("/").status_code == 303


def test_a_plan_is_moved_and_given_up(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        here = f"/deliveries/{a_ready_delivery(session, cast).number}"
    browser = Browser(client("lin")).go(f"{here}/schedule")
    browser.send(f"{here}/schedule", planned_at="2026-12-24T16:30", note="带家人")
    assert "带家人" in browser.text
    assert "16:30" in browser.text
    browser.send(f"{here}/cancellation", why="客户改主意")
    assert "客户改主意" in browser.text
    assert here in browser.go("/deliveries?show=done").text


def test_a_failed_inspection_goes_to_rework_and_back(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        customer = a_customer(session, cast.lin)
        delivery = work.plan(session, cast.of_wuhu, customer, a_car(session, cast.lin, customer), now(), PLACE)
        here = f"/deliveries/{delivery.number}"
        run = pdi.start(session, pdi.of(session, delivery), by=cast.zhou)
        work._walk(session, run, by=cast.zhou)
        asked = {one.code: one for one in runs.sheet_of(session, run).questions()}
    noise = next(one for code, one in asked.items() if code == work.NOISE)
    browser = Browser(client("zhou")).go(f"{here}/pdi?section={noise.section_id}")
    browser.send(f"/runs/{run.id}/items/{noise.id}/answer", answer="fault", note="左前异响")
    browser.go(f"{here}/pdi?section={noise.section_id}")
    assert re.search(r'class="chip bad push" id="open-count"[^>]*>✕ 1 项不合格<', browser.text), (
        "nothing open is not all good"
    )
    last = f"{here}/pdi?section={asked['C05-25'].section_id}"
    browser.go(last).send(f"{here}/pdi/failure")
    assert "左前" not in browser.text or browser.place == here
    browser.go(last).send(f"{here}/pdi/rework", what="紧固下摆臂")
    browser.go(f"{here}/pdi?section={noise.section_id}").send(
        f"/runs/{run.id}/items/{noise.id}/answer", answer="ok", note=""
    )
    browser.go(last).send(f"{here}/pdi/signature", typed_name="周强")
    assert browser.place == here
    with database.work(cast.store) as session:
        assert session.scalars(select(Delivery.state)).one() == "ready"


def test_a_tap_without_a_script_comes_back_to_its_item(client: Come, database: Database, cast: Cast) -> None:
    run, asked, here = _being_inspected(database, cast)
    answer = client("zhou").post(f"/runs/{run.id}/items/{asked.id}/answer", answer="ok")
    assert answer.headers["location"] == f"{here}/pdi?section={asked.section_id}#item-{asked.id}"


def test_a_tap_with_htmx_brings_its_item_and_what_changed(client: Come, database: Database, cast: Cast) -> None:
    run, asked, _ = _being_inspected(database, cast)
    answer = client("zhou").post(f"/runs/{run.id}/items/{asked.id}/answer", htmx=True, answer="ok")
    assert (answer.status_code, "<html" in answer.text) == (200, False)
    assert f'id="item-{asked.id}"' in answer.text
    assert 'id="progress"' in answer.text
    wrong = client("zhou").post(f"/runs/{run.id}/items/{asked.id}/answer", htmx=True, answer="splendid")
    assert (wrong.status_code, "<html" in wrong.text) == (422, False)


def test_a_remark_made_ready_sets_the_severity_without_a_script(client: Come, database: Database, cast: Cast) -> None:
    run, asked, here = _being_inspected(database, cast)
    browser = Browser(client("zhou")).go(f"{here}/pdi?section={asked.section_id}")
    browser.send(f"/runs/{run.id}/items/{asked.id}/answer", canned="需要返工")
    with database.work(cast.store) as session:
        kept = session.scalars(select(runs.Answer)).one()
        assert (kept.verdict, kept.note) == ("fault", "需要返工")


def test_one_comes_back_on_another_device_to_where_one_was(client: Come, database: Database, cast: Cast) -> None:
    run, _, here = _being_inspected(database, cast)
    with database.work(cast.store) as session:
        part = runs.sheet_of(session, run).parts[3]
    client("zhou").post(f"/runs/{run.id}/items/{part.questions[0].id}/answer", answer="ok")
    place = client("wu").get(f"{here}/pdi").headers["location"]
    assert place == f"{here}/pdi?section={part.id}#item-{part.questions[1].id}"


def _being_inspected(database: Database, cast: Cast) -> tuple[runs.Run, Any, str]:
    with database.work(cast.store) as session:
        customer = a_customer(session, cast.lin)
        delivery = work.plan(session, cast.of_wuhu, customer, a_car(session, cast.lin, customer), now(), PLACE)
        run = pdi.start(session, pdi.of(session, delivery), by=cast.zhou)
        return run, runs.sheet_of(session, run).parts[1].questions[1], f"/deliveries/{delivery.number}"


def test_a_signed_paper_is_corrected_by_the_manager(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        number = a_completed_delivery(session, cast).number
    browser = Browser(client("gao")).go(f"/deliveries/{number}/correction?paper={number}")
    browser.send(f"/deliveries/{number}/correction", code="C06-02", verdict="watch", note="右后门划痕", reason="漏记")
    assert "漏记" in browser.text
    street = client()
    for code, shown in (("", 200), ("0" * 16, 404)):
        assert street.get(f"/papers/{number}", code=code).status_code == shown
    first, second = (browser.visitor.get(f"/papers/{number}.pdf", revision=revision) for revision in (1, 2))
    assert first.content != second.content
    assert first.content == browser.visitor.get(f"/papers/{number}.pdf", revision=1).content


def test_a_care_call_is_made(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        a_completed_delivery(session, cast)
    browser = Browser(client("he")).go("/contacts?show=later")
    place = browser.links('/contacts/[0-9a-f-]{36}[^"]*')[0].partition("?")[0]
    browser.go(place).send(f"{place}/outcome", outcome="reached", note="一切正常")
    assert place in browser.go("/contacts?show=done").text
    assert "一切正常" in browser.go(place).text


def test_a_notice_is_read_and_leads_to_what_it_is_about(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        number = a_ready_delivery(session, cast).number
    browser = Browser(client("chen")).go("/")
    action = next(place for place, _ in Forms(browser.text).found if place.endswith("/reading"))
    browser.send(action)
    assert browser.place == f"/deliveries/{number}"
    assert action not in browser.go("/").text


def test_the_house_is_up(client: Come) -> None:
    assert client().get("/health").json() == {"status": "ok"}


def test_every_answer_carries_the_house_s_headers(client: Come) -> None:
    statuses: set[int] = set()
    for method, place in (
        ("GET", "/"), ("GET", "/nowhere"), ("POST", "/customers"), ("POST", "/me"), ("DELETE", "/sign-in"),
        ("GET", "/static/now/nothing.js"), ("POST", "/static/now/nothing.js"),
    ):  # fmt: skip
        answer = client("lin").http.request(method, place)
        statuses.add(answer.status_code)
        assert "default-src 'none'" in answer.headers["content-security-policy"], (method, place)
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-request-id"]
    assert statuses == {200, 403, 404, 405}
