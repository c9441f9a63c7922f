"""Quotations at the counter: the form, the sum, the manager's phone, the papers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from server.database import Database, now, uuid7
from server.domain.catalogue import CarModel
from server.domain.deals import Quotation
from server.domain.deals.lists import PAGE
from server.domain.deals.offering import quote
from tests.cast import Cast
from tests.domain.deals.selling import GUIDE, OWN, a_choice, a_prospect, pdf_text, the_model
from tests.visitor import Visitor

Come = Callable[..., Visitor]


@pytest.fixture
def deal(database: Database, cast: Cast) -> tuple[str, CarModel]:
    """A prospect of Lin's by number, and the model that is quoted."""
    with database.work(cast.store) as session:
        return a_prospect(session, cast.lin).number, the_model(session, cast.lin)


def fields(deal: tuple[str, CarModel], discount: int = 0, **more: Any) -> dict[str, Any]:
    """The form as it is sent."""
    number, model = deal
    prices = {"price-car_01": f"{(GUIDE - discount) / 100:.2f}", "take-mats": "1", "price-mats": ""}
    return {"prospect": number, "model": str(model.id), **prices} | more


def test_the_form_offers_the_marked_prices(client: Come, deal: tuple[str, CarModel]) -> None:
    """Nothing but the car is ticked beforehand: insurance and registration are nobody's duty here."""
    page = client("lin").get(f"/prospects/{deal[0]}/quotations/new", model=str(deal[1].id))
    assert page.status_code == 200
    assert page.text.count('name="take-') == 13
    assert 'name="take-compulsory_six" value="1" checked' not in page.text
    assert "145900" in page.text


def test_within_the_limit_it_is_offered_and_printed(client: Come, deal: tuple[str, CarModel]) -> None:
    """The PDF says what was quoted, in both languages; the paper can be proved."""
    lin = client("lin")
    answer = lin.post("/quotations", **fields(deal, 100_000, with_tax="1"))
    assert answer.status_code == 303, answer.text
    number = answer.headers["location"].split("/")[2].split("?")[0]
    assert "144,900.00" in lin.get(answer.headers["location"]).text
    paper = lin.get(f"/papers/{number}-1.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    printed = pdf_text(paper.content)
    assert "购车报价单" in printed
    assert "Quotation" in printed
    assert "144,900.00" in printed
    assert client().get(f"/papers/{number}-1").status_code == 200


def test_above_the_marked_price_is_refused_at_the_field(client: Come, deal: tuple[str, CarModel]) -> None:
    """What was typed is still there."""
    answer = client("lin").post("/quotations", **fields(deal, -1))
    assert answer.status_code == 422
    assert 'id="price-car_01-error"' in answer.text
    assert 'value="145900.01"' in answer.text
    extra = client("lin").post("/quotations", **fields(deal, **{"price-mats": "598.01"}))
    assert 'id="price-mats-error"' in extra.text


@pytest.mark.parametrize("typed", ["-1", "1.234", "abc", "1e9", "99999999999"])
def test_what_is_no_amount_is_told(client: Come, deal: tuple[str, CarModel], typed: str) -> None:
    """At the field, and nothing is kept."""
    answer = client("lin").post("/quotations", **fields(deal, **{"price-car_01": typed}))
    assert answer.status_code == 422
    assert 'id="price-car_01-error"' in answer.text


def test_the_manager_decides_on_the_phone(client: Come, deal: tuple[str, CarModel]) -> None:
    """Asked, told, approved with a word; the consultant cannot decide it."""
    lin, gao = client("lin"), client("gao")
    without = lin.post("/quotations", **fields(deal, OWN + 1))
    assert (without.status_code, 'id="why-error"' in without.text) == (422, True)
    address = lin.post("/quotations", **fields(deal, OWN + 1, why="同城报价更低")).headers["location"]
    number = address.split("/")[2].split("?")[0]
    assert "decision" not in lin.get(address).text
    assert number in gao.get("/").text
    assert 'value="agree"' in gao.get(address).text
    decision = f"/quotations/{number}/decision"
    assert lin.post(decision, revision="1", decision="agree").status_code == 403
    refused = gao.post(decision, revision="1", decision="refuse", word="")
    assert (refused.status_code, 'id="word-error"' in refused.text) == (422, True)
    assert gao.post(decision, revision="1", decision="agree", word="可以").status_code == 303
    page = lin.get(address).text
    assert "可以" in page
    assert f"/quotations/{number}/acceptance" in page


def test_versions_stand_side_by_side(client: Come, deal: tuple[str, CarModel]) -> None:
    """One number, two columns; the second begins with what the first says."""
    lin = client("lin")
    address = lin.post("/quotations", **fields(deal, 50_000)).headers["location"]
    number = address.split("/")[2].split("?")[0]
    again = lin.get(f"/prospects/{deal[0]}/quotations/new", like=f"{number}~1").text
    assert 'value="145400"' in again
    assert 'name="take-mats" value="1" checked' in again
    second = lin.post("/quotations", **fields(deal, 80_000, like=f"{number}~1")).headers["location"]
    assert second == f"/quotations/{number}?revision=2"
    page = lin.get(second).text
    assert page.count('scope="col" class="num"') == 2
    assert "145,400.00" in page
    assert "145,100.00" in page


def test_the_sum_follows_with_and_without_script(client: Come, deal: tuple[str, CarModel]) -> None:
    """As a part for htmx, and as the page again with nothing kept."""
    lin = client("lin")
    part = lin.get("/quotations/sum", htmx=True, **fields(deal, 90_000, financed="1", down="50000", months="36",
                   rate="3", method="flat"))  # fmt: skip
    assert "<!doctype" not in part.text
    assert "145,598.00" in part.text
    assert "2,894.49" in part.text
    whole = lin.post("/quotations", only="sum", **fields(deal, 90_000))
    assert (whole.status_code, "145,598.00" in whole.text) == (200, True)
    assert "/quotations?" not in lin.get("/quotations").text.split('class="card"')[1].split("empty")[0]


def test_a_loan_is_reckoned_both_ways_beside_the_sum(client: Come, deal: tuple[str, CarModel]) -> None:
    loan = {"financed": "1", "down": "40000", "months": "36", "rate": "4.5", "method": "flat"}
    page = client("lin").get("/quotations/sum", **fields(deal), **loan).text
    assert page.index("固定费率") < page.index("等额本息"), "what was chosen stands first"
    assert page.count("实际年利率") == 2


def test_the_compulsory_insurance_is_that_of_the_seats(
    client: Come, database: Database, cast: Cast, deal: tuple[str, CarModel]
) -> None:
    with database.work(cast.store) as session:
        models = session.scalars(select(CarModel).where(CarModel.store_id == cast.store)).all()
        seated = {model.id: model.seats or 0 for model in models}
    for model, seats in seated.items():
        page = client("lin").get(f"/prospects/{deal[0]}/quotations/new", model=str(model)).text
        taken, price = ("compulsory_six", "1,100.00") if seats >= 6 else ("compulsory", "950.00")
        assert page.count('name="take-compulsory') == 1
        assert f'name="take-{taken}"' in page
        assert price in page


def test_outsiders_find_nothing(client: Come, deal: tuple[str, CarModel]) -> None:
    """Another store, and those who do not sell."""
    address = client("lin").post("/quotations", **fields(deal)).headers["location"]
    assert client("tang").get(address).status_code == 404
    assert client("tang").get(f"/prospects/{deal[0]}/quotations/new").status_code == 404
    for name in ("chen", "zhou", "he"):
        assert client(name).get(address).status_code == 403


def test_a_list_is_read_in_few_questions(client: Come, database: Database, cast: Cast) -> None:
    """As many for a full page as for one row; pages follow one another without a gap or a double."""
    lin = client("lin")
    with database.work(cast.store) as session:
        prospect = a_prospect(session, cast.lin)
        first = quote(session, prospect, a_choice(session, cast.lin), by=cast.lin)
    few = asked(database, lambda: lin.get("/quotations"))
    with database.work(cast.store) as session:
        first = session.get_one(Quotation, first.id)
        for step in range(PAGE + 4):
            quote(session, first.prospect, a_choice(session, cast.lin, step), by=cast.lin, like=first)
    assert asked(database, lambda: lin.get("/quotations")) == few <= 12
    seen, address = [], "/quotations"
    while address:
        page = lin.get(address).text
        seen += [part.split('"')[0] for part in page.split('class="whole" href="')[1:]]
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert len(seen) == len(set(seen)) == PAGE + 5
    middle = lin.get(seen[5].replace("&amp;", "&")).text
    assert f'rel="prev" href="{seen[4]}"' in middle
    assert f'rel="next" href="{seen[6]}"' in middle


def asked(database: Database, deed: Callable[[], Any]) -> int:
    """How many questions the database was asked."""
    questions: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            questions.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        assert deed().status_code == 200
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(questions)


def test_an_old_car_is_written_down_photographed_and_valued(client: Come, deal: tuple[str, CarModel]) -> None:
    """Its identity is from the device; the value enters the quotation as a line."""
    from server.commands.demonstration.pictures import photo

    lin, gao, born = client("lin"), client("gao"), str(uuid7())
    old = {"id": born, "model": "大众 朗逸", "year": "2018", "mileage_km": "86,000", "condition": "fair"}
    wrong = lin.post(f"/prospects/{deal[0]}/trade-ins", **old | {"year": "1900", "condition": "", "expected": "x"})
    assert wrong.status_code == 422
    assert all(f'id="{name}-error"' in wrong.text for name in ("year", "condition", "expected"))
    kept = lin.post(f"/prospects/{deal[0]}/trade-ins", **old | {"expected": "50000"})
    assert kept.headers["location"] == f"/trade-ins/{born}"
    sent = lin.post(f"/trade-ins/{born}/photos", files={"photo": ("car.jpg", photo(3), "image/jpeg")})
    assert sent.status_code == 303
    assert lin.get(f"/trade-ins/{born}").text.count('class="thumb"') == 1
    assert lin.post(f"/trade-ins/{born}/valuation", amount="42000").status_code == 403
    assert gao.post(f"/trade-ins/{born}/valuation", amount="42,000", note="前杠喷漆").status_code == 303
    offered = lin.post("/quotations", **fields(deal, trade_in=born)).headers["location"]
    assert "104,498.00" in lin.get(offered).text
    assert client("tang").get(f"/trade-ins/{born}").status_code == 404


def test_the_calculator_shows_both_ways_to_reckon(client: Come) -> None:
    """Whole without script, a part with it; what is wrong is told."""
    lin = client("lin")
    assert lin.get("/finance").status_code == 200
    told = {"price": "145,900", "down": "45900", "months": "36", "rate": "3"}
    page = lin.get("/finance", **told).text
    assert "2,777.77" in page.replace("&nbsp;", "") or "3,027.77" in page
    assert "5.8" in page
    part = lin.get("/finance", htmx=True, **told).text
    assert part.lstrip().startswith('<div class="split even" id="loans"')
    assert "error" in lin.get("/finance", **told | {"down": "200000"}).text
    assert client("zhou").get("/finance").status_code == 403


def test_a_quotation_expires_by_the_clock(client: Come, database: Database, deal: tuple[str, CarModel]) -> None:
    """The house's own round; afterwards it cannot be accepted."""
    from server import rounds

    lin = client("lin")
    address = lin.post("/quotations", **fields(deal)).headers["location"]
    number = address.split("/")[2].split("?")[0]
    assert rounds.turn(database, rounds.EXPIRY, now() + timedelta(days=8))
    assert (
        lin.post(
            f"/quotations/{number}/acceptance", revision="1", promised_on=str((now() + timedelta(days=20)).date())
        ).status_code
        == 409
    )


def test_insurance_is_charged_as_it_is(client: Come, deal: tuple[str, CarModel]) -> None:
    """No field for a price stands beside it, and one that is sent nevertheless is refused there."""
    lin = client("lin")
    page = lin.get(f"/prospects/{deal[0]}/quotations/new", model=str(deal[1].id)).text
    assert 'name="price-mats"' in page
    assert 'name="take-compulsory_six"' in page
    assert 'name="price-compulsory_six"' not in page
    cheaper = lin.post("/quotations", **fields(deal, **{"take-compulsory_six": "1", "price-compulsory_six": "500"}))
    assert (cheaper.status_code, 'id="price-compulsory_six-error"' in cheaper.text) == (422, True)


def test_the_last_instalment_is_not_counted_among_the_others(client: Come, deal: tuple[str, CarModel]) -> None:
    """Thirty-six months are thirty-five times the same and once the rest: on the page and on the paper."""
    lin = client("lin")
    loan = {"financed": "1", "down": "50000", "months": "36", "rate": "4.8", "method": "annuity"}
    address = lin.post("/quotations", **fields(deal, **loan)).headers["location"]
    assert "× 35" in lin.get(address).text
    number = address.split("/")[2].split("?")[0]
    assert "× 35" in pdf_text(lin.get(f"/papers/{number}-1.pdf").content)
