"""The papers of the showroom and of a deal, in anybody's hand: genuine, called by their own names, nobody's data."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Database
from server.domain.billing import payments
from server.domain.deals import money
from server.domain.deals.orders import Order
from server.domain.people import Store
from server.domain.records import Paper
from server.domain.showroom import driving
from server.routes.paper_reach import SUBJECTS
from server.settings import ROOT
from tests.cast import Cast
from tests.domain.deals.selling import an_order, pdf_text
from tests.domain.drives import a_drive, prepared
from tests.routes.browsing import Come

PRINTED = {form.stem for form in (ROOT / "server" / "templates" / "documents").glob("[!_]*.html")} - {"layout"}
"""Every kind of paper: none is issued without a form to print it."""

NAMES = {
    "quotation": ("报价单", "Quotation"), "order": ("订单", "Order"), "receipt": ("收据", "Receipt"),
    "refund": ("退款收据", "Refund receipt"), "test_drive_agreement": ("试驾协议", "Test drive agreement"),
}  # fmt: skip


@pytest.fixture
def issued(database: Database, cast: Cast) -> dict[str, Paper]:
    """One of each, by its kind: a deal that was paid for and given up, and a drive."""
    with database.work(cast.store) as session:
        order = an_order(session, cast.lin)
        money.take(session, order, by=cast.lin, method="card", amount=100_000)
        money.cancel(session, order, by=cast.gao, reason="no_car", note="")
        money.refund(session, order, by=cast.gao, method="card", amount=100_000)
        driving.set_out(session, prepared(session, cast, a_drive(session, cast)), by=cast.lin)
    with database.work(cast.store) as session:
        return {paper.kind: paper for paper in session.scalars(select(Paper))}


def secrets(session: Session) -> list[str]:
    """What nobody in the street may learn."""
    orders = session.scalars(select(Order)).all()
    paid = [
        payments.yuan(one.amount) for order in orders for one in payments.of_subject(session, order.store_id, order.id)
    ]
    return [*(order.customer.name for order in orders), *paid]


@pytest.mark.parametrize("kind", NAMES)
def test_each_is_proved_by_its_own_name_and_says_nothing_of_anybody(
    client: Come, database: Database, cast: Cast, issued: dict[str, Paper], kind: str
) -> None:
    street, paper = client(), issued[kind]
    with database.work(cast.store) as session:
        code, hidden = session.get_one(Store, cast.store).code, secrets(session)
    for place, language in enumerate(("zh", "en")):
        street.post("/language", language=language)
        proved = street.get(f"/papers/{paper.number}", store=code, code=paper.code)
        assert proved.status_code == 200
        assert f"<dd>{NAMES[kind][place]}</dd>" in proved.text
        assert ("真实有效", "Genuine")[place] in proved.text
        assert not [one for one in hidden if one in proved.text]
    assert street.get(f"/papers/{paper.number}", store=code, code="0" * 16).status_code == 404


def test_of_every_paper_that_is_printed_it_is_said_who_may_read_it() -> None:
    assert set(SUBJECTS) == PRINTED
    assert set(NAMES) <= PRINTED


def test_who_drives_before_they_buy_is_no_owner(client: Come, issued: dict[str, Paper]) -> None:
    printed = pdf_text(client("lin").get(f"/papers/{issued['test_drive_agreement'].number}.pdf").content)
    assert "客户" in printed
    assert "车主" not in printed


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize(
    ("name", "status"), [("lin", 200), ("gao", 200), ("fang", 404), ("chen", 404), ("he", 404), ("zhou", 404)]
)
def test_a_paper_is_read_by_whoever_may_see_what_it_is_about(
    client: Come, issued: dict[str, Paper], kind: str, name: str, status: int
) -> None:
    assert client(name).get(f"/papers/{issued[kind].number}.pdf").status_code == status
