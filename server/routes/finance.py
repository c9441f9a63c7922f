"""The finance calculator: what a loan costs, worked out as it is typed; nothing is kept."""

from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server.domain.deals.finance import METHODS, Loan, Terms
from server.domain.deals.offering import loan_of
from server.domain.people import Person, Right
from server.domain.refusals import Invalid
from server.forms import Form
from server.routes import quoting
from server.visit import Visit, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]


@get("/finance", opt=needs(Right.SELL), sync_to_thread=True)
def calculate(request: Ask, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Both methods side by side."""
    typed = Form(dict(request.query_params), {}, {})
    offers = quoting.finance_offers(session, person)
    loans, errors = _both(typed) if "price" in typed.values else ((), {})
    template = "finance/_result.html" if visit.htmx else "finance/index.html"
    fields = {"rate": quoting.percent(offers["annuity"]), "months": str(offers["months"][2])} | typed.values
    return page(template, form=fields, loans=loans, errors=errors, finance=offers, methods=quoting.METHODS)


def _both(typed: Form) -> tuple[list[Loan], dict[str, Any]]:
    """The loan by either method at the typed rate."""
    typed.values.setdefault("method", METHODS[0])
    try:
        price, wish = typed.money("price"), quoting.loan_wish(typed)
        typed.check()
        assert price is not None  # checked just above
        assert wish is not None
        terms = wish.terms(price)
        return [loan_of(Terms(terms.principal, terms.months, terms.rate, method), price) for method in METHODS], {}
    except Invalid as wrong:
        return [], dict(wrong.errors)


ALL = [calculate]
