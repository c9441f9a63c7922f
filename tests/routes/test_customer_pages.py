"""A customer's own pages: who has the link comes in, whoever else asks learns nothing, and nothing is kept there."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from sqlalchemy import select, update

from server.app import create_app
from server.commands.demonstration.pictures import photo
from server.database import Database, now, uuid7
from server.domain.customers import links
from server.domain.customers.links import CustomerLink, Miss
from server.domain.records import Event
from server.domain.records.receipts import Receipt
from server.domain.workshop import OrderJob, answering, asking, customer_links, following, noting
from server.domain.workshop.extra_works import ExtraState, ExtraWork
from server.domain.workshop.findings import FindingPhoto
from server.domain.workshop.repair_orders import MOVES, RepairOrder, State
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.asked import a_car_in_work, a_draft, a_sent
from tests.domain.workshop.repairing import a_signed_order
from tests.visitor import Visitor

Come = Callable[..., Visitor]
PARAMETER = re.compile(r"\{(\w+):\w+\}")


@dataclass
class Asked:
    """Extra work with its link, and a link to follow the car."""

    extra_id: UUID
    order_id: UUID
    token: str
    follow: str
    items: list[UUID]
    photo: UUID
    seen: str


@pytest.fixture
def asked(database: Database, cast: Cast) -> Asked:
    with database.work(cast.store) as session:
        extra = a_draft(session, cast)
        order = extra.order
        finding = noting.of_order(session, order)[0]
        noting.add_photo(session, order, finding, photo(1), by=cast.zhou)
        link = asking.send(session, extra, by=cast.chen, words="王先生，制动片已到极限。")
        follow = customer_links.give(session, links.FOLLOW, order.id, order.customer_id, by=cast.chen)
        lines = answering.lines_of(session, extra)
        return Asked(
            extra.id, order.id, link.token, follow.token, [line.item.id for line in lines],
            session.scalars(select(FindingPhoto.file_id)).one(), answering.digest(extra, lines),
        )  # fmt: skip


def link_routes(app: Litestar) -> Iterator[tuple[str, str]]:
    """Method and path of everything under `/c/`."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/c/"):
            for handler in route.route_handlers:
                for method in handler.http_methods - {"OPTIONS"}:
                    yield str(method), route.path


ROUTES = sorted(link_routes(create_app(Database("sqlite://"))))


def place(path: str, token: str) -> str:
    return PARAMETER.sub(lambda found: token if found[1] == "token" else str(uuid7()), path)


def ask(visitor: Visitor, method: str, path: str) -> int:
    return (visitor.get(path) if method == "GET" else visitor.post(path)).status_code


def sign(visitor: Visitor, asked: Asked, *words: str, **also: str) -> int:
    said = {f"item-{item}": word for item, word in zip(asked.items, words, strict=False)}
    fields = {"typed_name": "王建国", "seen": asked.seen} | said | also
    return visitor.post(f"/c/{asked.token}/answer", **fields).status_code


# --- Who comes in ---------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("name", [None, "chen", "gao", "tang"])
def test_without_the_link_nothing_opens_to_anybody(client: Come, method: str, path: str, name: str | None) -> None:
    visitor = client(name)
    for token in ("x", "A" * 43, str(uuid7()), "%2e%2e"):
        assert ask(visitor, method, place(path, token)) == 404


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("end", ["expired", "revoked", "hash"])
def test_what_has_ended_opens_nothing(
    client: Come, database: Database, cast: Cast, asked: Asked, method: str, path: str, end: str
) -> None:
    tokens = [asked.token, asked.follow]
    with database.work(cast.store) as session:
        if end == "hash":
            tokens = list(session.scalars(select(CustomerLink.token_hash)))
        column = {"expired": "expires_at", "revoked": "revoked_at"}.get(end)
        if column:
            session.execute(update(CustomerLink).values({column: now() - timedelta(minutes=1)}))
    for token in tokens:
        assert ask(client(), method, place(path, token)) == 404


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1] != "/c/{token:str}"])
def test_a_link_opens_its_own_thing_alone(client: Come, asked: Asked, method: str, path: str) -> None:
    """A link to follow the car answers no extra work, and the other way round."""
    other = asked.token if "steps" in path else asked.follow
    assert ask(client(), method, place(path, other)) == 404


def test_who_has_it_reads_what_was_found_and_nothing_personal(client: Come, asked: Asked) -> None:
    answer = client().get(f"/c/{asked.token}")
    assert answer.status_code == 200
    assert "前制动片" in answer.text
    assert "制动片已到极限" in answer.text
    for secret in ("王建国", "13900000231", "00231", "LVVDB11B1RD110231"):
        assert secret not in answer.text
    assert "王**" in answer.text


def test_nothing_of_it_is_kept_or_found(client: Come, asked: Asked) -> None:
    for visitor in (client(), client("chen")):
        for path in (f"/c/{asked.token}", f"/c/{asked.follow}", f"/c/{asked.token}/photos/{asked.photo}"):
            answer = visitor.get(path)
            assert answer.status_code == 200
            assert "no-store" in answer.headers["cache-control"]
            assert "x-offline" not in answer.headers
            assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        page = visitor.get(f"/c/{asked.token}").text
        assert "manifest" not in page
        assert "huanche.js" not in page


def test_whoever_is_signed_in_here_is_nobody_on_the_page(client: Come, asked: Asked) -> None:
    page = client("chen").get(f"/c/{asked.token}").text
    assert "陈静" not in page or "服务顾问" in page
    assert "/switch" not in page


def test_a_write_wants_the_token_of_this_browser(client: Come, asked: Asked) -> None:
    visitor, other = client(), client()
    assert visitor.post(f"/c/{asked.token}/call", _csrf="").status_code == 403
    assert visitor.post(f"/c/{asked.token}/call", _csrf=other.token).status_code == 403
    assert visitor.post(f"/c/{asked.token}/call", _key="").status_code == 422


def test_guessing_is_held_up(client: Come, database: Database, asked: Asked) -> None:
    visitor = client()
    for number in range(links.MISSES):
        answer = visitor.get(f"/c/{number:043}") if number % 2 else visitor.post(f"/c/{number:043}/call")
        assert answer.status_code == 404
    for method, path in ROUTES:
        assert ask(visitor, method, place(path, asked.token)) == 429
    with database.work() as session:
        assert len(session.scalars(select(Miss)).all()) == links.MISSES
        session.execute(update(Miss).values(at=now() - links.WINDOW))
    assert visitor.get(f"/c/{asked.token}").status_code == 200


def test_coming_back_to_a_link_that_ended_is_no_guessing(client: Come, database: Database, asked: Asked) -> None:
    with database.work() as session:
        session.execute(update(CustomerLink).values(revoked_at=now()))
    for _ in range(links.MISSES + 1):
        assert client().get(f"/c/{asked.token}").status_code == 404
    with database.work() as session:
        assert session.scalars(select(Miss)).all() == []


def test_the_token_is_written_down_nowhere(client: Come, database: Database, asked: Asked) -> None:
    visitor = client()
    visitor.get(f"/c/{asked.token}")
    assert sign(visitor, asked, "agree", "decline") == 303
    with database.work() as session:
        kept = [(one.path, str(one.headers), one.body) for one in session.scalars(select(Receipt))]
        events = [str(one.data) for one in session.scalars(select(Event))]
    assert not [one for one in kept if asked.token in one[0] + one[1] or asked.token.encode() in one[2]]
    assert not [one for one in events if asked.token in one]


def test_photos_are_those_of_this_question(client: Come, database: Database, cast: Cast, asked: Asked) -> None:
    with database.work(cast.store) as session:
        order = a_signed_order(session, cast, OTHER_VIN)
        finding = noting.note(session, order, by=cast.zhou, verdict="watch", name="别的")
        noting.add_photo(session, order, finding, photo(2), by=cast.zhou)
        session.flush()
        other = session.scalars(select(FindingPhoto.file_id).where(FindingPhoto.finding_id == finding.id)).one()
    visitor = client()
    assert visitor.get(f"/c/{asked.token}/photos/{asked.photo}").headers["content-type"] == "image/jpeg"
    assert len(visitor.get(f"/c/{asked.token}/photos/{asked.photo}?small=1").content) > 100
    assert visitor.get(f"/c/{asked.token}/photos/{other}").status_code == 404


def test_opening_is_counted_once_for_each_page(client: Come, database: Database, asked: Asked) -> None:
    visitor = client()
    for _ in range(2):
        visitor.get(f"/c/{asked.follow}")
    visitor.get(f"/c/{asked.follow}/steps", htmx=True)
    with database.work() as session:
        found = session.scalars(select(CustomerLink).where(CustomerLink.kind == links.FOLLOW)).one()
        assert found.opens == 2
        assert found.token == asked.follow


# --- Answering ------------------------------------------------------------------------------


def test_line_by_line_and_once(client: Come, database: Database, asked: Asked) -> None:
    visitor = client()
    assert sign(visitor, asked, "agree", "decline", **{f"why-{asked.items[1]}": "下次"}) == 303
    assert sign(visitor, asked, "decline", "decline") == 303, "sent twice: the first one counts"
    with database.work() as session:
        jobs = session.scalars(select(OrderJob).where(OrderJob.extra_id == asked.extra_id).order_by(OrderJob.position))
        assert [(job.state, job.why_declined) for job in jobs] == [("approved", ""), ("declined", "下次")]
        assert session.get_one(ExtraWork, asked.extra_id).state == ExtraState.ANSWERED
    page = visitor.get(f"/c/{asked.token}").text
    assert "您已同意" in page
    assert 'name="seen"' not in page


def test_what_is_missing_is_told_at_its_line_and_what_was_chosen_is_still_there(client: Come, asked: Asked) -> None:
    visitor = client()
    answer = visitor.post(
        f"/c/{asked.token}/answer", **{f"item-{asked.items[0]}": "agree", "seen": asked.seen, "typed_name": ""}
    )
    assert answer.status_code == 422
    assert f'id="item-{asked.items[1]}-error"' in answer.text
    assert f'id="item-{asked.items[0]}-error"' not in answer.text
    assert re.search(rf'name="item-{asked.items[0]}" value="agree" checked', answer.text)


def test_old_prices_are_shown_anew_and_not_signed(client: Come, database: Database, asked: Asked) -> None:
    answer = client().post(f"/c/{asked.token}/answer", seen="0" * 64, typed_name="王建国",
                           **{f"item-{item}": "agree" for item in asked.items})  # fmt: skip
    assert answer.status_code == 409
    assert asked.seen in answer.text
    with database.work() as session:
        assert session.get_one(ExtraWork, asked.extra_id).state == ExtraState.SENT


def test_a_call_is_asked_for_and_the_customer_may_still_sign(client: Come, database: Database, asked: Asked) -> None:
    visitor = client()
    for _ in range(2):
        assert visitor.post(f"/c/{asked.token}/call", words="还能再开多久？").status_code == 303
    assert sign(visitor, asked, "agree", "agree") == 303
    with database.work() as session:
        extra = session.get_one(ExtraWork, asked.extra_id)
        assert (extra.state, extra.call_words) == (ExtraState.ANSWERED, "还能再开多久？")


def test_signed_by_hand_it_carries_the_name_on_file(client: Come, database: Database, asked: Asked) -> None:
    ink = '[{"points":[{"x":1,"y":2},{"x":30,"y":40}]}]'
    assert sign(client(), asked, "agree", "agree", ink=ink, typed_name="") == 303
    with database.work() as session:
        extra = session.get_one(ExtraWork, asked.extra_id)
        assert (extra.said_by, extra.ink is None) == ("王建国", False)


# --- Following ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
def test_the_car_is_followed_in_every_state(client: Come, database: Database, asked: Asked, state: State) -> None:
    with database.work() as session:
        session.get_one(RepairOrder, asked.order_id).state = state
    page = client().get(f"/c/{asked.follow}")
    part = client().get(f"/c/{asked.follow}/steps", htmx=True)
    assert (page.status_code, part.status_code) == (200, 200)
    assert part.text.lstrip().startswith("<section")
    assert ("hx-get" in part.text) == bool(MOVES[state]), "what has ended is not asked about again"


def test_a_step_shows_its_time_once_the_car_is_there(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order = a_car_in_work(session, cast, OTHER_VIN)
        shown = following.steps(order)
        assert [step.is_now for step in shown].index(True) == 2
        assert [bool(step.at) for step in shown] == [True, True, True, False, False, False, False]
        order.wash = False
        assert len(following.steps(order)) == len(shown) - 1


def test_who_follows_is_led_to_the_question(client: Come, asked: Asked) -> None:
    assert f"/c/{asked.token}" in client().get(f"/c/{asked.follow}").text


def test_both_languages(client: Come, asked: Asked) -> None:
    visitor = client()
    visitor.http.headers["accept-language"] = "en"
    page = visitor.get(f"/c/{asked.token}").text
    assert 'lang="en"' in page
    assert "Please call me" in page
    visitor.http.headers["accept-language"] = "zh-CN"
    assert "请给我来电" in visitor.get(f"/c/{asked.token}").text


# --- At the advisor's desk -----------------------------------------------------------------


def test_the_desk_prices_sends_and_closes(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order = a_car_in_work(session, cast)
        finding = noting.note(session, order, by=cast.zhou, verdict="fault", name="前制动片", number="2.1 mm")
        where, found = order.address, finding.id
    chen = client("chen")
    assert "前制动片" in chen.get(where).text
    extra = chen.post(f"{where}/extra-works", finding=str(found)).headers["location"]
    offered = chen.get(f"{extra}/catalogue", q="R-PADF3", finding=str(found), htmx=True).text
    job = re.search(r'name="job" value="([^"]+)"', offered)
    assert job
    assert chen.post(f"{extra}/items", job=job[1], finding=str(found)).status_code == 303
    page = chen.get(extra).text
    item = re.search(r"/items/([0-9a-f-]{36})\"", page)
    assert item
    said = chen.post(f"{extra}/items/{item[1]}", words="制动片已磨到极限", urgency="safety")
    assert said.status_code == 303
    assert chen.post(f"{extra}/sending", words="请您确认").status_code == 303
    link = re.search(r'value="http[^"]*/c/([\w-]{43})"', chen.get(extra).text)
    assert link
    assert "制动片已磨到极限" in client().get(f"/c/{link[1]}").text
    assert "1" in chen.get(extra).text
    assert chen.post(f"{extra}/link").status_code == 303
    assert client().get(f"/c/{link[1]}").status_code == 404
    assert chen.post(f"{extra}/link/revocation").status_code == 303
    said = chen.post(f"{extra}/word", **{f"item-{item[1]}": "agree", "name": "王建国", "phone": "13800001101"})
    assert said.status_code == 303
    assert "电话口头同意" in chen.get(extra).text


def test_following_is_given_and_closed_at_the_desk(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        where = a_car_in_work(session, cast).address
    chen = client("chen")
    assert chen.post(f"{where}/link").status_code == 303
    link = re.search(r'value="http[^"]*/c/([\w-]{43})"', chen.get(where).text)
    assert link
    assert client().get(f"/c/{link[1]}").status_code == 200
    assert chen.post(f"{where}/link/revocation").status_code == 303
    assert client().get(f"/c/{link[1]}").status_code == 404


def test_withdrawn_the_page_says_so(client: Come, database: Database, asked: Asked) -> None:
    chen, visitor = client("chen"), client()
    assert chen.post(f"/extra-works/{asked.extra_id}/withdrawal", why="").status_code == 422
    assert chen.post(f"/extra-works/{asked.extra_id}/withdrawal", why="缺件").status_code == 303
    assert visitor.get(f"/c/{asked.token}").status_code == 404


def test_another_store_and_the_workshop_see_no_desk(client: Come, asked: Asked) -> None:
    for name, wanted in (("tang", 403), ("zhou", 403), ("qin", 403), ("pei", 403), ("xu", 200), ("gao", 200)):
        assert client(name).get(f"/extra-works/{asked.extra_id}").status_code == wanted


def test_two_extra_works_do_not_mix(database: Database, cast: Cast, client: Come, asked: Asked) -> None:
    with database.work(cast.store) as session:
        other = a_sent(session, cast, a_signed_order(session, cast, OTHER_VIN))
        item = asking.items_of(session, other)[0].id
    assert client("chen").post(f"/extra-works/{asked.extra_id}/items/{item}/removal").status_code == 404
