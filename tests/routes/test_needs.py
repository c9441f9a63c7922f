"""The needs of a prospect on the page: a conversation without a script, and each answer kept from a device."""

import pytest

from server.domain.customers import register
from server.domain.showroom import Prospect, needs
from server.domain.showroom import register as register_prospect
from tests.routes.browsing import Browser
from tests.routes.sending import Sending
from tests.routes.world import World


@pytest.fixture
def number(world: World) -> str:
    """A prospect of Lin's."""
    with world.database.work(world.cast.store) as session:
        customer = register(session, by=world.cast.lin, name="穆清", even_so=True)
        return register_prospect(
            session, by=world.cast.lin, customer=customer, source="walk_in", consultant_id=world.cast.lin.id
        ).number


def test_a_conversation_without_a_script(world: World, number: str) -> None:
    place = f"/prospects/{number}/needs"
    browser = Browser(world.visitor("lin")).go(place)
    browser.send(f"{place}/use", purchase="first", use="family", user="self")
    browser.send(f"{place}/car", concerns="space", energy="ice", body="suv", seats="7")
    assert "动力形式合适" in browser.text
    browser.send(f"{place}-day", horizon="H")
    browser.send(f"{place}-model", competitors="哈弗H6，比亚迪宋PLUS")
    prospect: Prospect = world.one(Prospect, Prospect.number == number)
    assert (prospect.grade, prospect.competitors) == ("H", ["哈弗H6", "比亚迪宋PLUS"])
    browser.send(f"{place}-consent", given="yes").send(f"{place}/person", age="30")
    with world.database.work(world.cast.store) as session:
        assert needs.of(session, prospect)["age"] == "30"


def test_an_answer_from_a_device_brings_back_what_fits(world: World, number: str, outbox: Sending) -> None:
    answer = outbox("lin").send(f"/prospects/{number}/needs/money", htmx=True, budget="100-150", payment="cash")
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<aside class="stack" id="matches"')


def test_no_consent_no_question_and_no_such_topic(world: World, number: str) -> None:
    lin = world.visitor("lin")
    assert lin.post(f"/prospects/{number}/needs/person", age="30").status_code == 409
    assert lin.post(f"/prospects/{number}/needs/weather").status_code == 404
    assert lin.post(f"/prospects/{number}/needs/money", budget="much").status_code == 422
    assert world.visitor("tang").get(f"/prospects/{number}/needs").status_code == 404
