"""Comebacks on the order's page: the advisor says whether it is one."""

from uuid import UUID

from litestar import post
from sqlalchemy.orm import Session

from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal
from server.domain.workshop import coming_back
from server.domain.workshop.reach import visible_to
from server.forms import Form
from server.routes.repair_orders import again
from server.visit import needs
from server.web import Html, Page


@post(
    "/repair-orders/{order_id:uuid}/comebacks/{comeback_id:uuid}", opt=needs(Right.WRITE_ORDERS), status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def decide(order_id: UUID, comeback_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """It is one, and free within the guarantee; or it is another fault."""
    order = visible_to(session, person).one(order_id)
    comeback = coming_back.one(session, order, comeback_id)
    try:
        answer, why = form.choice("comeback", ("yes", "no")), form.text("why_not", most=200)
        form.check()
        if answer == "yes":
            coming_back.confirm(session, comeback, by=person)
        else:
            coming_back.dismiss(session, comeback, by=person, why=why)
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    word = N_("It is kept as a comeback.") if answer == "yes" else N_("It is kept as another fault.")
    return page.go(f"{order.address}#comebacks", word)


ALL = [decide]
