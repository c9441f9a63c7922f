"""Receptions on the page and from a device that had no network."""

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.database import uuid7
from server.domain.customers import Customer, register
from server.domain.showroom import Prospect, Reception
from server.domain.showroom import register as register_prospect
from tests.routes.browsing import Browser
from tests.routes.sending import Outbox, Sending, said
from tests.routes.world import World


@pytest.fixture
def browser(world: World) -> Browser:
    """Lin's, without a script."""
    return Browser(world.visitor("lin"))


def test_a_visit_from_the_door_to_the_door_without_a_script(world: World, browser: Browser) -> None:
    browser.go("/receptions").send("/receptions")
    place = browser.place
    browser.send(f"{place}/facts", party="3", purpose="look", source="referral")
    browser.send(f"{place}/consent")
    browser.send(f"{place}/customer", name="邓小燕", phone="13611112222", horizon="A")
    assert "邓小燕" in browser.text
    browser.go(f"{place}/checklist")
    assert "客户点头了再登记" in "".join(browser.go(one).text for one in browser.sections())
    browser.go(place).send(f"{place}/departure", story="看了瑞虎8")
    reception: Reception = world.one(Reception, Reception.party == 3)
    assert (reception.state, reception.purpose, reception.source) == ("left", "look", "referral")
    prospect: Prospect = world.one(Prospect, Prospect.id == reception.prospect_id)
    assert (prospect.grade, prospect.source, prospect.consultant_id) == ("A", "referral", world.cast.lin.id)


def test_where_they_come_from_in_detail_goes_with_the_prospect(world: World, browser: Browser) -> None:
    place = browser.go("/receptions").send("/receptions").place
    browser.send(f"{place}/facts", party="1", source="online")
    browser.send(f"{place}/consent")
    details = re.findall(r'<option value="((?:online|event)\.\w+)"', browser.text)
    online, other = (next(one for one in details if one.startswith(source)) for source in ("online.", "event."))
    lin, them = world.visitor("lin"), {"name": "邓晓光", "phone": "13611115555"}
    assert 'id="sub_source-error"' in lin.post(f"{place}/customer", **them, sub_source=other).text
    browser.send(f"{place}/customer", **them, sub_source=online)
    reception: Reception = world.one(Reception, Reception.id == UUID(place.split("/")[-1]))
    prospect: Prospect = world.one(Prospect, Prospect.id == reception.prospect_id)
    assert (prospect.source, prospect.sub_source) == ("online", online)


def test_nobody_new_is_written_down_before_they_agree(world: World, browser: Browser) -> None:
    place = browser.go("/receptions").send("/receptions").place
    answer = world.visitor("lin").post(f"{place}/customer", name="贺强", phone="13611113333")
    assert answer.status_code == 409
    with world.database.work(world.cast.store) as session:
        assert session.scalar(select(Customer).where(Customer.name == "贺强")) is None


def test_a_reception_made_without_a_network_arrives_as_it_was(world: World, outbox: Sending) -> None:
    device: Outbox = outbox("lin")
    born, new = str(uuid7()), str(uuid7())
    deeds: list[tuple[str, dict[str, Any]]] = [
        ("/receptions", {"id": born}), (f"/receptions/{born}/facts", {"party": "2", "source": "walk_in"}),
        (f"/receptions/{born}/consent", {"_": ""}),
        (f"/receptions/{born}/customer", {"id": new, "name": "白雪", "phone": "13611114444", "horizon": "unknown"}),
        (f"/receptions/{born}/departure", {"story": ""}),
    ]  # fmt: skip
    for number, (path, fields) in enumerate(deeds):
        assert "outbox-location" in device.send(path, ago=3600 - 600 * number, **fields).headers, path
    reception: Reception = world.one(Reception, Reception.id == born)
    assert str(reception.customer_id) == new
    assert reception.left_at is not None
    assert reception.stayed(reception.left_at) == 40


def test_a_colleagues_customer_is_shown_as_theirs(world: World, browser: Browser) -> None:
    with world.database.work(world.cast.store) as session:
        customer = register(session, by=world.cast.gao, name="施文", phone="13611115555", even_so=True)
        register_prospect(
            session, by=world.cast.gao, customer=customer, source="online", consultant_id=world.cast.gao.id
        )
    place = browser.go("/receptions").send("/receptions").place
    found = world.visitor("lin").get(f"{place}/known?q=5555", htmx=True)
    assert "高峰" in found.text
    assert world.visitor("lin").post(f"{place}/customer", customer=str(customer.id)).status_code == 303
    assert "高峰" in browser.go(place).text
    browser.send(f"{place}/hand-over-request")
    assert world.visitor("lin").post(f"{place}/hand-over-request").status_code == 409


def test_who_turns_out_to_be_on_file_is_offered_as_such(world: World, browser: Browser) -> None:
    with world.database.work(world.cast.store) as session:
        customer = register(session, by=world.cast.gao, name="柏青", phone="13622226666", even_so=True)
        register_prospect(
            session, by=world.cast.gao, customer=customer, source="online", consultant_id=world.cast.gao.id
        )
    place, lin = browser.go("/receptions").send("/receptions").place, world.visitor("lin")
    assert lin.post(f"{place}/consent").status_code == 303
    answer = lin.post(f"{place}/customer", name="柏先生", phone="13622226666")
    assert answer.status_code == 409
    assert "高峰" in answer.text
    assert f'name="customer" value="{customer.id}"' in answer.text
    assert 'name="even_so"' in answer.text
    assert 'value="柏先生"' in answer.text
    sure = lin.post(f"{place}/customer", name="柏青", phone="13622226666", even_so="1")
    assert (sure.status_code, 'name="even_so"' in sure.text) == (409, False)


def test_what_is_wrong_is_told_at_its_field(world: World, browser: Browser, outbox: Sending) -> None:
    place = browser.go("/receptions").send("/receptions").place
    answer = world.visitor("lin").post(f"{place}/facts", party="99", source="nowhere")
    assert answer.status_code == 422
    assert 'class="field wrong"' in answer.text
    again = outbox("lin").send("/receptions", id=place.rsplit("/", 1)[1])
    assert (again.status_code, "已经保存" in said(again)) == (409, True)


def test_the_facts_come_back_as_a_part(world: World, browser: Browser) -> None:
    place = browser.go("/receptions").send("/receptions").place
    answer = world.visitor("lin").post(f"{place}/facts", htmx=True, party="4", source="walk_in")
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<form")
    assert "<html" not in answer.text


def test_who_is_received_from_their_own_page_is_known_already(world: World, browser: Browser, outbox: Sending) -> None:
    with world.database.work(world.cast.store) as session:
        cast = world.cast
        people = [
            register(session, by=cast.lin, name=f"邱{name}", phone=f"1371111555{name}", even_so=True) for name in "12"
        ]
        mine, theirs = (
            register_prospect(session, by=by, customer=customer, source="walk_in", consultant_id=by.id).number
            for by, customer in zip((cast.lin, cast.gao), people, strict=True)
        )
    browser.go(f"/prospects/{mine}").send("/receptions")
    assert "邱1" in browser.text
    reception: Reception = world.newest(Reception)
    assert (str(reception.id), reception.prospect_id is not None) == (browser.place.rpartition("/")[2], True)
    born = str(uuid7())
    assert outbox("lin").send("/receptions", ago=600, id=born, prospect=mine).headers["outbox-location"].endswith(born)
    assert world.visitor("lin").post("/receptions", prospect=theirs).status_code == 404
