"""Prospects at the desk and on the telephone: what the pages say, keep and lead to, without a script too."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server import i18n
from server.database import Database, now, uuid7
from server.domain.catalogue import entries
from server.domain.catalogue.stock_cars import StockCar
from server.domain.customers import Customer
from server.domain.deals import offering, placing, trade_ins
from server.domain.deals.trade_ins import OldCar
from server.domain.records import consents
from server.domain.showroom import FollowUp, Prospect, lost_deals, meeting, receptions
from server.domain.showroom.lists import PAGE
from server.domain.showroom.lost_deals import Loss
from tests.cast import Cast, a_customer
from tests.domain.deals.selling import OWN, a_choice
from tests.domain.drives import a_drive
from tests.domain.test_prospect_lists import some
from tests.domain.test_prospects import a_prospect
from tests.domain.test_selling import another_maker_s
from tests.routes.browsing import Come

NEW = {"name": "周敏", "phone": "13855301001", "source": "walk_in", "horizon": "H", "wish": "两个孩子，要大空间"}


def one(database: Database, cast: Cast) -> Prospect:
    """The only prospect there is."""
    with database.work(cast.store) as session:
        return session.scalars(select(Prospect)).one()


def kept(database: Database, cast: Cast) -> str:
    """The number of somebody whom Lin looks after."""
    with database.work(cast.store) as session:
        return a_prospect(session, cast.lin).number


def test_somebody_new_is_registered_and_stands_on_the_list(client: Come, database: Database, cast: Cast) -> None:
    lin = client("lin")
    answer = lin.post("/prospects", **NEW)
    prospect = one(database, cast)
    assert answer.headers["location"] == f"/prospects/{prospect.number}"
    assert (prospect.grade, prospect.consultant_id) == ("H", cast.lin.id)
    assert "周敏" in lin.get("/prospects").text
    assert "周敏" not in client("fang").get("/prospects").text
    assert "周敏" in client("gao").get("/prospects").text


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(client: Come) -> None:
    answer = client("lin").post("/prospects", **(NEW | {"source": "", "phone": "12", "referrer": "13911112222"}))
    assert answer.status_code == 422
    for told in ("source-error", "phone-error", "referrer-error", "两个孩子，要大空间"):
        assert told in answer.text


def test_a_colleague_s_customer_is_not_registered_again(client: Come, database: Database, cast: Cast) -> None:
    client("lin").post("/prospects", **NEW)
    with database.work(cast.store) as session:
        customer = session.scalars(select(Customer.id)).one()
    answer = client("fang").post("/prospects", customer=str(customer), source="walk_in")
    assert answer.status_code == 409
    assert "林悦" in answer.text
    assert one(database, cast).consultant_id == cast.lin.id


def test_a_device_without_a_network_has_named_it(client: Come, database: Database, cast: Cast) -> None:
    born = uuid7()
    client("lin").post("/prospects", id=str(born), **NEW)
    assert one(database, cast).id == born


def test_a_manager_puts_somebody_into_the_pool_and_a_consultant_takes_them(
    client: Come, database: Database, cast: Cast
) -> None:
    client("gao").post("/prospects", consultant="pool", **NEW)
    number = one(database, cast).number
    fang = client("fang")
    assert "周敏" in fang.get("/prospects?show=pool").text
    assert fang.get("/prospects/pool").headers["location"] == "/prospects?show=pool"
    assert fang.post(f"/prospects/{number}/taking").status_code == 303
    assert one(database, cast).consultant_id == cast.fang.id
    assert client("lin").post(f"/prospects/{number}/taking").status_code == 404


def test_a_talk_moves_the_grade_and_sets_the_next_contact(client: Come, database: Database, cast: Cast) -> None:
    number, lin = kept(database, cast), client("lin")
    assert lin.get(f"/prospects/{number}/follow-ups/new").status_code == 200
    said = {
        "method": "phone",
        "reached": "yes",
        "content": "谈了置换",
        "customer_words": "再低两千",
        "horizon": "H",
        "next": "1",
    }
    answer = lin.post(f"/prospects/{number}/follow-ups", countermeasure="请评估师", **said)
    assert answer.headers["location"] == f"/prospects/{number}"
    prospect = one(database, cast)
    assert prospect.grade == "H"
    assert prospect.next_contact_at.astimezone(cast.lin.zone).date() == now().astimezone(
        cast.lin.zone
    ).date() + timedelta(days=1)
    page = lin.get(f"/prospects/{number}").text
    for told in ("谈了置换", "再低两千", "请评估师", "B → H"):
        assert told in page


def test_a_talk_that_lacks_something_is_shown_again(client: Come, database: Database, cast: Cast) -> None:
    number = kept(database, cast)
    answer = client("lin").post(f"/prospects/{number}/follow-ups", method="phone", reached="yes", customer_words="原话")
    assert answer.status_code == 422
    assert "content-error" in answer.text
    assert "原话" in answer.text
    answer = client("lin").post(f"/prospects/{number}/follow-ups", method="phone", content="x", horizon="H", next="7")
    assert answer.status_code == 422
    assert "next_at-error" in answer.text


def test_the_manager_says_something_and_it_stands_with_the_talk(client: Come, database: Database, cast: Cast) -> None:
    number = kept(database, cast)
    client("lin").post(f"/prospects/{number}/follow-ups", method="phone", content="x", horizon="keep")
    with database.work(cast.store) as session:
        talk = session.scalars(select(FollowUp.id)).one()
    place = f"/prospects/{number}/follow-ups/{talk}/comments"
    assert client("lin").post(place, text="y").status_code == 403
    assert client("gao").post(place, text="先报置换价").headers["location"] == f"/prospects/{number}#follow-up-{talk}"
    assert "先报置换价" in client("lin").get(f"/prospects/{number}").text
    assert "点评" in client("lin").get("/").text


def test_who_does_not_want_to_be_contacted_is_left_alone_everywhere(
    client: Come, database: Database, cast: Cast
) -> None:
    number, lin = kept(database, cast), client("lin")
    assert "tel:" in lin.get(f"/prospects/{number}").text
    assert "tel:" in lin.get("/prospects").text
    lin.post(f"/prospects/{number}/follow-ups", method="phone", content="别打了", horizon="keep", hush="1")
    customer = one(database, cast).customer_id
    for place in ("/", "/prospects", f"/prospects/{number}", "/contacts?show=later", f"/customers/{customer}"):
        assert "tel:" not in lin.get(place).text, place
    assert "请勿打扰" in lin.get(f"/prospects/{number}").text
    with database.work(cast.store) as session:
        assert not consents.standing(session, cast.store, customer)["contact"].given


def test_a_call_that_is_owed_leads_to_the_prospect(client: Come, database: Database, cast: Cast) -> None:
    number, lin = kept(database, cast), client("lin")
    listed = lin.get("/contacts?show=later").text
    assert f'href="/prospects/{number}"' in listed
    assert "新客次日回访" in listed


def test_one_comes_back_to_where_one_was(client: Come, database: Database, cast: Cast) -> None:
    """The filter and the page of the list go into the record and out again; so do the neighbours."""
    with database.work(cast.store) as session:
        made = some(session, cast.lin, PAGE + 4, grade="A")
    lin = client("lin")
    first = lin.get("/prospects", grade="A").text
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    second = lin.get(further[1].replace("&amp;", "&")).text
    assert second.count('class="whole"') == 4
    row = re.search(rf'href="(/prospects/{made[PAGE + 1].number}[^"]*)"', second)
    assert row
    record = lin.get(row[1].replace("&amp;", "&")).text
    back = re.search(r'class="back" href="([^"#]+)#', record)
    assert back
    assert lin.get(back[1].replace("&amp;", "&")).text.count('class="whole"') == 4
    for rel, neighbour in (("prev", made[PAGE]), ("next", made[PAGE + 2])):
        assert re.search(rf'rel="{rel}" href="/prospects/{neighbour.number}\?[^"]*grade=A', record)


def test_htmx_gets_the_list_alone(client: Come, database: Database, cast: Cast) -> None:
    number = kept(database, cast)
    part = client("lin").get("/prospects", htmx=True, q="wjg").text
    assert part.strip().startswith('<section class="card" id="list"')
    assert number in part


SENSELESS = ["show=moon", "grade=%25", "after=x~y", "before=2026~1", "model=1&consultant=2", "within=99", "q=%25"]


@pytest.mark.parametrize("query", SENSELESS)
def test_an_address_that_makes_no_sense_shows_a_list(client: Come, query: str) -> None:
    assert client("lin").get(f"/prospects?{query}").status_code == 200


def test_what_they_want_is_written_down(client: Come, database: Database, cast: Cast) -> None:
    number, lin = kept(database, cast), client("lin")
    assert lin.get(f"/prospects/{number}/wish").status_code == 200
    version = one(database, cast).version
    lin.post(f"/prospects/{number}/wish", version=version, wish="七座", competitors="哈弗 H6，长安 CS75、吉利")
    prospect = one(database, cast)
    assert (prospect.wish, prospect.competitors) == ("七座", ["哈弗 H6", "长安 CS75", "吉利"])
    assert lin.post(f"/prospects/{number}/wish", version=version, wish="五座").status_code == 409
    assert one(database, cast).wish == "七座"


def test_all_of_a_leaver_s_are_handed_over(client: Come, database: Database, cast: Cast) -> None:
    number, gao = kept(database, cast), client("gao")
    assert "林悦" in gao.get("/prospects/hand-over").text
    assert "跟进中 1 位<" in gao.get("/prospects/hand-over").text
    wrong = gao.post("/prospects/hand-over", **{"from": str(cast.lin.id), "to": "nobody", "sure": "1"})
    assert wrong.status_code == 422
    everything = {"from": str(cast.lin.id), "to": str(cast.fang.id)}
    assert gao.post("/prospects/hand-over", **everything).status_code == 422, "never by one slip of the thumb"
    gao.post("/prospects/hand-over", **everything, sure="1")
    assert one(database, cast).consultant_id == cast.fang.id
    assert client("lin").get(f"/prospects/{number}").status_code == 404
    assert client("fang").get(f"/prospects/{number}").status_code == 200
    assert client("lin").get("/prospects/hand-over").status_code == 403


def test_a_prospect_is_given_back_with_a_reason(client: Come, database: Database, cast: Cast) -> None:
    number, lin = kept(database, cast), client("lin")
    assert lin.post(f"/prospects/{number}/return", why="").status_code == 422
    assert lin.post(f"/prospects/{number}/return", why="no_time").status_code == 303
    assert one(database, cast).in_pool
    assert "退回公海" in client("gao").get(f"/prospects/{number}").text


def test_a_manager_goes_from_one_lost_deal_that_waits_to_the_next(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        people = [a_customer(session, cast.lin, phone=f"1380000900{place}") for place in range(3)]
        theirs = [a_prospect(session, cast.lin, customer) for customer in people]
        loss = Loss(reason="budget", story="超预算")
        waiting = [lost_deals.apply(session, prospect, loss, by=cast.lin).id for prospect in theirs]
    pages = [client("gao").get(f"/lost-deals/{deal}").text for deal in waiting]
    way = r'rel="%s" href="/lost-deals/([^"]+)"'
    ways = [(re.search(way % "prev", page), re.search(way % "next", page)) for page in pages]
    first, second, third = map(str, waiting)
    found = [tuple(one[1] if one else None for one in pair) for pair in ways]
    assert found == [(None, second), (first, third), (second, None)]


def test_a_prospect_is_given_up_and_the_manager_decides(client: Come, database: Database, cast: Cast) -> None:
    number, lin, gao = kept(database, cast), client("lin"), client("gao")
    assert lin.get(f"/prospects/{number}/loss").status_code == 200
    wrong = lin.post(f"/prospects/{number}/loss", reason="competitor", story="定了别家")
    assert wrong.status_code == 422
    assert "competitor_brand-error" in wrong.text
    said = {"reason": "competitor", "story": "定了别家", "competitor_brand": "比亚迪", "competitor_model": "宋"}
    assert lin.post(f"/prospects/{number}/loss", **said).status_code == 303
    place = re.search(r'href="(/lost-deals/[0-9a-f-]+)"', gao.get("/lost-deals").text)
    assert place
    assert gao.post(f"{place[1]}/decision", decision="reject", advice="").status_code == 422
    assert lin.post(f"{place[1]}/decision", decision="agree").status_code == 403
    assert gao.post(f"{place[1]}/decision", decision="agree").status_code == 303
    assert one(database, cast).state == "lost"
    head = lin.get(f"/prospects/{number}").text.split("<h1>")[1].split("</h1>")[0]
    assert 'class="chip bad"' in head
    assert "战败" in head
    analysis = gao.get("/lost-deals", competitor="比亚迪", reason="competitor", days=30).text
    assert "100.0 %" in analysis
    assert "王建国" in analysis
    assert "王建国" not in gao.get("/lost-deals", competitor="吉利").text


def test_the_gap_is_worked_out_and_supposed(client: Come, database: Database, cast: Cast) -> None:
    kept(database, cast)
    gao = client("gao")
    supposed = {"target": 100, "conversion": 20, "on_hand": 320, "new_rate": 12, "days": 26}
    page = gao.get("/prospects/gap", **supposed).text
    assert '<b class="num">180</b>' in page
    weighted = {"target": 50, "stock_H": 20, "rate_H": 60, "stock_A": 40, "rate_A": 30, "stock_B": 60, "rate_B": 10}
    weighted |= {"stock_C": 80, "rate_C": 3, "stock_N": 0}
    page = gao.get("/prospects/gap", **(supposed | weighted)).text
    assert '<b class="num">147</b>' in page
    assert "32.4" in page
    assert "5.7" in page
    wrong = gao.get("/prospects/gap", target="1e9", conversion="200")
    assert wrong.status_code == 200
    assert wrong.text.count('aria-invalid="true"') == 2


def test_a_target_stands_from_this_month_on(client: Come, cast: Cast) -> None:
    gao = client("gao")
    gao.post("/prospects/gap/targets", whose=str(cast.lin.id), cars="9")
    gao.post("/prospects/gap/targets", whose="store", cars="55")
    assert "目标 55" in gao.get("/prospects/gap").text
    assert "目标 9" in client("lin").get("/prospects/gap").text
    assert client("lin").post("/prospects/gap/targets", whose="store", cars="1").status_code == 403
    refused = gao.post("/prospects/gap/targets", whose="store", cars="-3")
    assert refused.status_code == 422
    assert 'value="-3"' in refused.text
    assert 'class="field wrong"' in refused.text


def test_a_target_that_makes_no_sense_comes_back_in_its_form(client: Come, cast: Cast) -> None:
    wrong = client("gao").post("/prospects/gap/targets", whose=str(cast.lin.id), cars="-3")
    assert wrong.status_code == 422
    assert 'id="cars-error"' in wrong.text
    assert 'value="-3"' in wrong.text
    assert 'class="rail"' in wrong.text, "one is still in the house"


def test_all_that_happened_stands_on_one_line_of_time(client: Come, database: Database, cast: Cast) -> None:
    """A colleague's words about a visit, a drive, versions of a quotation with the manager's word, the old car."""
    with database.work(cast.store) as session:
        drive = a_drive(session, cast)
        prospect = drive.prospect
        assert prospect is not None
        visit = receptions.begin(session, by=cast.fang)
        meeting.meet(session, visit, prospect.customer, by=cast.fang)
        meeting.see_off(session, visit, by=cast.fang, story="同城另一家便宜两千")
        asked = offering.quote(session, prospect, a_choice(session, cast.lin, OWN + 1, why="同城更低"), by=cast.lin)
        offering.decide(session, asked, by=cast.gao, agree=True, word="送脚垫")
        old = OldCar(model="朗逸", year=2018, mileage_km=80_000, condition="good")
        trade_in = trade_ins.register(session, prospect, old, by=cast.lin)
        order = placing.place(session, asked, by=cast.lin)
    page = client("lin").get(f"/prospects/{prospect.number}").text.split('id="history"')[1]
    links = [f"/test-drives/{drive.id}", f"/quotations/{asked.number}?revision=1", f"/trade-ins/{trade_in.id}"]
    for link in (*links, f"/orders/{order.number}"):
        assert f'href="{link}"' in page, link
    for words in ("同城另一家便宜两千", "送脚垫", "朗逸 2018 年", "让利审批"):
        assert words in page, words
    assert f"/receptions/{visit.id}" not in page, "a page of a colleague's that Lin may not open"
    assert f"/receptions/{visit.id}" in client("gao").get(f"/prospects/{prospect.number}").text


def test_the_line_of_time_says_why_it_was_lost_and_speaks_the_reader_s_language(
    client: Come, database: Database, cast: Cast
) -> None:
    with database.work(cast.store) as session:
        drive = a_drive(session, cast)
        prospect = drive.prospect
        assert prospect is not None
        prospect.expected_on = now().date().replace(year=now().year + 1, month=2, day=21)
        model, begins, zone = drive.car.model, drive.starts_at, cast.lin.zone
        loss = Loss(reason="competitor", competitor_brand="比亚迪", competitor_model="宋 PLUS", story="周末交了定金")
        lost_deals.agree(session, lost_deals.apply(session, prospect, loss, by=cast.lin), by=cast.gao)
        reason = {one.code: one.name for one in entries(session, cast.store, "lost_reason")}["competitor"]
    lin = client("lin")
    for language, name in (("zh", model.called["zh"]), ("en", model.called["en"])):
        lin.post("/language", language=language, next="/")
        page = lin.get(f"/prospects/{prospect.number}").text
        line = page.split('id="history"')[1]
        assert f"{i18n.moment(begins, language, zone)} · {name} · {drive.car.plate}" in line
        assert f">{i18n.say(reason, language)}</a> · 比亚迪 宋 PLUS" in line
        assert str(now().year + 1) in page, "a day of another year says so"


def test_a_model_is_typed_where_there_are_many_and_other_makers_are_not_offered(
    client: Come, database: Database, cast: Cast
) -> None:
    with database.work(cast.store) as session:
        other = another_maker_s(session, cast)
    lin = client("lin")
    assert "宝来" not in lin.get("/prospects/new").text
    assert lin.post("/prospects", **NEW, model=str(other.id)).status_code == 422
    with database.work(cast.store) as session:
        for place in range(20):
            some_model = another_maker_s(session, cast, 2000 + place)
            session.add(StockCar(
                store_id=cast.store, vin=f"LVVDB11B9RD11{place:04d}", model_id=some_model.id, colour="white",
                engine_no="", arrived_on=None, sold_at=None,
            ))  # fmt: skip
    assert '<input id="model" name="model" list="model-offered"' in lin.get("/prospects/new").text
    assert lin.post("/prospects", **NEW, model="宝来").status_code == 422, "which of the twenty?"
    assert lin.post("/prospects", **NEW, model="一汽-大众 宝来 1.5L 自动 2007款").status_code == 303
    assert one(database, cast).model_id is not None
    assert 'value="一汽-大众 宝来 1.5L 自动 2007款"' in lin.get(f"/prospects/{one(database, cast).number}/wish").text


def test_a_customer_s_page_leads_to_their_prospect_or_makes_them_one(
    client: Come, database: Database, cast: Cast
) -> None:
    number, lin = kept(database, cast), client("lin")
    customer = one(database, cast).customer_id
    assert lin.get(f"/customers/{customer}/prospect").headers["location"] == f"/prospects/{number}"
    with database.work(cast.store) as session:
        other = a_customer(session, cast.lin, "孙倩", "13800008801").id
    new = lin.get(f"/customers/{other}/prospect").headers["location"]
    assert new == f"/prospects/new?customer={other}"
    assert "孙倩" in lin.get(new).text
