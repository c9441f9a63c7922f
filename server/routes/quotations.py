"""Quotations: the lists, a new version with its sum as it is typed, all versions side by side, the manager's word."""

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import MultiDict, State
from sqlalchemy.orm import Session

from server.domain.catalogue import words_of
from server.domain.catalogue.price_list import KINDS
from server.domain.deals import Quotation, approvals, lists, offering, orders, papers, placing, reach, trade_ins
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, NotThere, Refusal, WrongMove
from server.domain.showroom import Prospect, visible_to
from server.forms import Form, uuid_or_none
from server.routes import quoting
from server.routes.deal_lists import Asked
from server.routes.places import beside
from server.visit import field, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]


@get("/quotations", opt=needs(Right.SELL), sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """What was offered, newest first."""
    asked = Asked("quotations", request.query_params, person)
    listed = lists.of_quotations(session, person).page(session, asked.wanted, asked.place)
    return page("quotations/index.html", asked=asked, listed=listed)


@get("/prospects/{prospect_number:str}/quotations/new", opt=needs(Right.SELL), sync_to_thread=True)
def new(prospect_number: str, request: Ask, session: Session, person: Person, page: Page) -> Html:
    """The form for a prospect, or for another version of a quotation; what is in the address is filled in."""
    typed = Form(dict(request.query_params), {}, {})
    like = _like(session, person, typed.text("like", most=80))
    prospect = _prospect(session, person, prospect_number)
    if like:
        typed.values = quoting.as_typed(like) | typed.values
    offered = quoting.choices(session, person, typed, prospect)
    fields = quoting.usual(offered["finance"], offered["guide"]) | typed.values
    worked = _worked(typed, session, person, prospect)
    return page("quotations/new.html", form=fields, like=like, worked=worked, **offered)


@get("/quotations/sum", opt=needs(Right.SELL), sync_to_thread=True)
def add_up(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """What the form comes to as it stands."""
    typed = Form(dict(request.query_params), {}, {})
    errors: dict[str, Any] = {}
    number = typed.text("prospect", most=40)
    worked = _worked(typed, session, person, _prospect(session, person, number), errors) if number else None
    return page("quotations/_sum.html", worked=worked, errors=errors, kinds=KINDS, methods=quoting.METHODS)


@post("/quotations", opt=field(Right.SELL), status_code=200, sync_to_thread=True)
def create(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Offer it, or ask the manager; with `only` it is added up and nothing is kept."""
    like = _like(session, person, form.text("like", most=80))
    if like is None and not form.text("prospect", most=40):
        raise WrongMove(N_("Choose the prospect first; the quotation begins there."))
    prospect = like.prospect if like else _prospect(session, person, form.text("prospect", most=40))
    try:
        choice = quoting.read(form, session, person, prospect)
        if form.text("only", most=10):
            worked = quoting.worked(session, choice, person)
            offered = quoting.choices(session, person, form, prospect)
            return page("quotations/new.html", form=form.values, like=like, worked=worked, **offered)
        born = uuid_or_none(form.text("id", most=36))
        quotation = offering.quote(session, prospect, choice, by=person, like=like, id=born)
    except Refusal as wrong:
        told = quoting.choices(session, person, form, prospect) | {"like": like, "worked": None}
        return page.again("quotations/new.html", wrong, form, **told)
    word = N_("The manager is asked.") if quotation.state == "asked" else N_("Quotation %(number)s is offered.")
    return page.go(quotation.address, word, number=quotation.number)


@get("/quotations/{quotation_number:str}", opt=needs(Right.SELL), sync_to_thread=True)
def show(quotation_number: str, request: Ask, session: Session, person: Person, page: Page, revision: int = 0) -> Html:
    """All versions side by side, and what can be done with the one that is looked at."""
    asked = Asked("quotations", request.query_params, person)
    context = _shown(session, person, quotation_number, revision)
    around = lists.of_quotations(session, person).neighbours(session, asked.wanted, context["quotation"])
    return page("quotations/show.html", asked=asked, **beside(asked.record, around), **context)


@post("/quotations/{quotation_number:str}/decision", opt=field(Right.APPROVE), status_code=200, sync_to_thread=True)
def decide(quotation_number: str, form: Form, session: Session, person: Person, page: Page, revision: int = 0) -> Html:
    """The manager agrees to this version, or refuses it with a word."""
    quotation = _version(session, person, quotation_number, form, revision)
    try:
        decision, word = form.choice("decision", ("agree", "refuse")), form.text("word", most=300)
        form.check()
        offering.decide(session, quotation, by=person, agree=decision == "agree", word=word)
    except Refusal as wrong:
        return _again(session, person, page, quotation, wrong, form)
    return page.go(quotation.address, N_("Decided; the consultant is told."))


@post("/quotations/{quotation_number:str}/withdrawal", opt=needs(Right.SELL), status_code=200, sync_to_thread=True)
def withdraw(quotation_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """This version is not offered any more."""
    quotation = _version(session, person, quotation_number, form)
    offering.withdraw(session, quotation, by=person)
    return page.go(quotation.address, N_("The quotation is withdrawn."))


@post("/quotations/{quotation_number:str}/acceptance", opt=needs(Right.SELL), status_code=200, sync_to_thread=True)
def accept(quotation_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer takes this version: the order is placed."""
    quotation = _version(session, person, quotation_number, form)
    try:
        promised_on = form.day("promised_on", required=True)
        form.check()
        order = placing.place(session, quotation, by=person, promised_on=promised_on)
    except Refusal as wrong:
        return _again(session, person, page, quotation, wrong, form)
    return page.go(order.address, N_("Order %(number)s is placed."), number=order.number)


@get("/prospects/{prospect_number:str}/deal", opt=needs(Right.SELL), sync_to_thread=True)
def deal(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """Everything that was offered, valued and ordered with one prospect."""
    prospect = visible_to(session, person).one(prospect_number)
    return page("quotations/deal.html", prospect=prospect, trade_ins=trade_ins.of_prospect(session, prospect),
                **reach.of_prospect(session, person, prospect))  # fmt: skip


def _shown(session: Session, person: Person, number: str, revision: int) -> dict[str, Any]:
    versions = reach.versions(session, person, number)
    quotation = next((one for one in versions if one.revision == revision), versions[-1])
    rows: dict[tuple[str, str], dict[int, Any]] = {}
    for version in versions:
        for line in version.lines:
            rows.setdefault((line.kind, line.code), {})[version.revision] = line
    order_of = [*KINDS, "tax", "trade_in"]
    asked = approvals.of_subjects(session, person.store_id, [one.id for one in versions])
    return {
        "quotation": quotation, "versions": versions,
        "rows": [rows[key] for key in sorted(rows, key=lambda key: order_of.index(key[0]))],
        "approvals": {one.subject_id: one for one in reversed(asked)},
        "papers": papers.of_subjects(session, person.store_id, *(one.id for one in versions)),
        "words": words_of(session, person.store_id, "colour")["colour"],
        "order": orders.of_quotations(session, person.store_id, [one.id for one in versions]),
        "today": quoting.today_of(person), "limits": offering.limits(session, quotation.guide, by=person),
    }  # fmt: skip


def _again(session: Session, person: Person, page: Page, quotation: Quotation, wrong: Refusal, form: Form) -> Html:
    asked = Asked("quotations", MultiDict(), person)
    context = _shown(session, person, quotation.number, quotation.revision)
    return page.again("quotations/show.html", wrong, form, asked=asked, **context)


def _worked(
    typed: Form, session: Session, person: Person, prospect: Prospect, errors: dict[str, Any] | None = None
) -> quoting.Worked | None:
    """The sums, or None while the form cannot be added up; what is wrong with it goes into `errors`."""
    try:
        return quoting.worked(session, quoting.read(typed, session, person, prospect), person)
    except Invalid as wrong:
        if errors is not None and typed.text("model", most=40):
            errors |= wrong.errors
        return None


def _prospect(session: Session, person: Person, number: str) -> Prospect:
    return visible_to(session, person).one(number)


def _like(session: Session, person: Person, said: str) -> Quotation | None:
    """`BJ-20261122-0001~2`: the version that another one is made of."""
    number, _, revision = said.partition("~")
    if not number:
        return None
    found = next((one for one in reach.versions(session, person, number) if str(one.revision) == revision), None)
    if found is None:
        raise NotThere
    return found


def _version(session: Session, person: Person, number: str, form: Form, revision: int = 0) -> Quotation:
    """The version that is meant; the newest when it is not said."""
    versions = reach.versions(session, person, number)
    wanted = form.text("revision", most=6) or str(revision or versions[-1].revision)
    found = next((one for one in versions if str(one.revision) == wanted), None)
    if found is None:
        raise NotThere
    return found


ALL = [index, new, add_up, create, show, decide, withdraw, accept, deal]
