"""Nothing twice: the same key is done once and answered as often as it is asked; numbers have no gaps."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from sqlalchemy import func, select

from server.database import Database, uuid7
from server.domain.billing import next_number
from server.domain.people import Person
from server.domain.records import Event, events
from server.domain.records.receipts import Receipt
from tests.cast import PASSWORD, Cast, a_completed_delivery
from tests.visitor import Visitor

Come = Callable[..., Visitor]
PINS = [f"{n}35791" for n in range(10)]


def pins_set(database: Database, by: Person) -> int:
    with database.work(by.store_id) as session:
        query = select(func.count()).where(Event.verb == "person.pin_set", Event.actor_id == by.id)
        return session.scalar(query) or 0


def test_two_hundred_posts_of_ten_keys_are_ten_deeds(address: str, database: Database, cast: Cast) -> None:
    keys = [str(uuid7()) for _ in PINS]
    with httpx.Client(base_url=address, timeout=60, limits=httpx.Limits(max_connections=40)) as http:
        visitor = Visitor(http).sign_in("lin")
        assert visitor.token

        def post(n: int) -> httpx.Response:
            return visitor.post("/me/pin", password=PASSWORD, pin=PINS[n % 10], _key=keys[n % 10])

        with ThreadPoolExecutor(40) as people:
            answers = list(people.map(post, range(200)))
    assert Counter(answer.status_code for answer in answers) == {303: 200}
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 190
    assert pins_set(database, cast.lin) == 10
    with database.work() as session:
        assert session.scalar(select(func.count()).select_from(Receipt).where(Receipt.key.in_(keys))) == 10
        assert events.first_break(session, cast.store) is None


def test_the_same_key_again_gives_the_same_answer(client: Come, database: Database, cast: Cast) -> None:
    visitor, key = client("lin"), str(uuid7())
    first, second = (visitor.post("/me/pin", password=PASSWORD, pin="135791", _key=key) for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert pins_set(database, cast.lin) == 1


def test_a_new_token_of_the_page_does_not_make_it_another_form(client: Come, database: Database, cast: Cast) -> None:
    visitor, key = client("lin"), str(uuid7())
    for _ in range(2):
        visitor._token = None
        assert visitor.post("/me/pin", password=PASSWORD, pin="135791", _key=key).status_code == 303
    assert pins_set(database, cast.lin) == 1


def test_the_same_key_with_another_body_is_refused(client: Come, database: Database, cast: Cast) -> None:
    visitor, key = client("lin"), str(uuid7())
    assert visitor.post("/me/pin", password=PASSWORD, pin="135791", _key=key).status_code == 303
    assert visitor.post("/me/pin", password=PASSWORD, pin="135792", _key=key).status_code == 422
    assert pins_set(database, cast.lin) == 1


def test_nobody_else_gets_the_answer_of_a_key(client: Come, database: Database, cast: Cast) -> None:
    key = str(uuid7())
    assert client("lin").post("/me/pin", password=PASSWORD, pin="135791", _key=key).status_code == 303
    for other in ("chen", "tang"):
        assert client(other).post("/me/pin", password=PASSWORD, pin="135791", _key=key).status_code == 422


@pytest.mark.parametrize("key", ["", "not a key", "0", "9" * 500])
def test_a_form_without_a_key_is_not_taken(client: Come, database: Database, cast: Cast, key: str) -> None:
    assert client("lin").post("/me/pin", password=PASSWORD, pin="135791", _key=key).status_code == 422
    assert pins_set(database, cast.lin) == 0


def test_a_refusal_is_answered_again_as_it_was(client: Come, database: Database, cast: Cast) -> None:
    visitor, key = client("lin"), str(uuid7())
    first, second = (visitor.post("/me/pin", password=PASSWORD, pin="111111", _key=key) for _ in range(2))
    assert first.status_code == second.status_code == 422
    assert "idempotent-replayed" in second.headers
    assert pins_set(database, cast.lin) == 0


def test_a_form_without_the_pages_token_is_not_taken(client: Come, database: Database, cast: Cast) -> None:
    for token in ("", "x" * 80, client("chen").token):
        assert client("lin").post("/me/pin", password=PASSWORD, pin="135791", _csrf=token).status_code == 403
    assert pins_set(database, cast.lin) == 0


def test_a_receipt_keeps_no_password_and_no_cookie(client: Come, database: Database) -> None:
    client("lin").post("/me/pin", password=PASSWORD, pin="135791")
    with database.work() as session:
        for receipt in session.scalars(select(Receipt)):
            assert PASSWORD not in repr((receipt.headers, receipt.body, receipt.path))
            assert "set-cookie" not in receipt.headers


def test_numbers_have_no_gap_however_many_take_one_and_give_up(database: Database, cast: Cast) -> None:
    def take(n: int) -> str | None:
        """Every third one thinks better of it."""
        with suppress(InterruptedError), database.work(cast.store) as session:
            number = next_number(session, "JC", by=cast.lin)
            session.flush()
            if n % 3 == 0:
                raise InterruptedError
            return number
        return None

    with ThreadPoolExecutor(12) as people:
        taken = sorted(number for number in people.map(take, range(60)) if number)
    assert [int(number[-4:]) for number in taken] == list(range(1, 41))


def test_each_store_counts_for_itself(database: Database, cast: Cast) -> None:
    with database.work() as session:
        numbers = [next_number(session, "JC", by=by)[-4:] for by in (cast.lin, cast.tang, cast.lin)]
    assert numbers == ["0001", "0001", "0002"]


def test_a_deed_and_all_that_follows_from_it_are_kept_together_or_not_at_all(database: Database, cast: Cast) -> None:
    with suppress(InterruptedError), database.work(cast.store) as session:
        a_completed_delivery(session, cast)
        raise InterruptedError
    with database.work(cast.store) as session:
        assert a_completed_delivery(session, cast).number.endswith("-0001")
