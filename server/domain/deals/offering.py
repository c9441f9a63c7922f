"""Making a version of a quotation: within the own limit it is offered at once, beyond it the manager is asked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.billing import next_number, yuan
from server.domain.catalogue import CarModel, value_of
from server.domain.catalogue.price_list import prices
from server.domain.catalogue.purchase_tax import tax_rule
from server.domain.deals import approvals, papers, quotations, sheets
from server.domain.deals.finance import Loan, Terms, half_up, lend
from server.domain.deals.quotations import Quotation, QuotationLine, State
from server.domain.deals.sheets import Sheet, Trade
from server.domain.deals.trade_ins import State as TradeState
from server.domain.deals.trade_ins import TradeIn
from server.domain.people import RIGHTS, Person, Right, Role
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, WrongMove
from server.domain.showroom import Prospect
from server.domain.showroom.prospects import State as ProspectState


class Choice(msgspec.Struct, kw_only=True):
    """What goes into a quotation."""

    model: CarModel
    colour: str = ""
    prices: Mapping[str, int | None] = {}
    """By code of the price list, in fen; None is as marked."""
    with_tax: bool = False
    trade_in: TradeIn | None = None
    loan: Terms | None = None
    note: str = ""
    why: str = ""
    """For the manager, should it need one."""


class Limits(msgspec.Struct, frozen=True):
    """How much of a guide price somebody may give away, in fen."""

    own: int
    store: int
    """What the store gives at the very most."""


def sheet_of(session: Session, choice: Choice, *, by: Person) -> Sheet:
    """The sum of a choice at the prices of the day on which it was made. Raises Invalid."""
    day = by.moment().astimezone(by.zone).date()
    offered = prices(session, by.store_id, choice.model.id, day)
    unknown = set(choice.prices) - {price.code for price in offered}
    if unknown:
        raise Invalid.at("model", N_("The price list has changed. Look at the prices once more."))
    rule = tax_rule(value_of(session, by.store_id, "purchase_tax", day)) if choice.with_tax else None
    return sheets.draw_up(offered, choice.model, choice.prices, rule, _trade(choice.trade_in))


def limits(session: Session, guide: int, *, by: Person) -> Limits:
    """By the person's roles, of a car at this guide price."""
    day = by.moment().astimezone(by.zone).date()
    given: dict[str, float] = value_of(session, by.store_id, "discount_limits", day)
    own = max((given.get(role, 0) for role in by.roles), default=0)
    most = max((share for role, share in given.items() if Right.APPROVE in RIGHTS.get(Role(role), ())), default=0)
    return Limits(_share(guide, own), max(_share(guide, own), _share(guide, most)))


def quote(
    session: Session, prospect: Prospect, choice: Choice, *, by: Person, like: Quotation | None = None,
    id: UUID | None = None,
) -> Quotation:  # fmt: skip
    """A first version, or another one of `like`. Raises Invalid, WrongMove; beyond the own limit it waits."""
    if not by.may(Right.SELL):
        raise NotAllowed
    if prospect.state not in (ProspectState.OPEN, ProspectState.ORDERED):
        raise WrongMove(N_("Only to a prospect who is followed up can something be offered."))
    take_turn(session, by.store_id)  # two devices that make a version at once make two
    sheet = sheet_of(session, choice, by=by)
    allowed = limits(session, sheet.guide, by=by)
    _within_the_store(sheet, allowed, choice)
    quotation = _version(session, prospect, choice, sheet, by, like, id)
    if sheet.given <= allowed.own:
        _offer(session, quotation, by=by)
        return quotation
    quotations.tell(session, "quotation.asked", quotation, by=by, given=sheet.given)
    approvals.ask(
        session, approvals.DISCOUNT, quotation.id, quotation.digest, by=by, amount=sheet.given, granted=allowed.own,
        why=choice.why, address=quotation.address, number=quotation.number, model=choice.model.name,
    )  # fmt: skip
    return quotation


def decide(session: Session, quotation: Quotation, *, by: Person, agree: bool, word: str) -> None:
    """The manager's answer to this very version. Raises WrongMove when nothing is asked."""
    approval = approvals.waiting(session, quotation.store_id, quotation.id)
    if agree and quotation.given > limits(session, quotation.guide, by=by).own:
        raise WrongMove(N_("This is more than you may give away."))
    approvals.decide(
        session, approval, by=by, agree=agree, word=word, number=quotation.number, model=quotation.model.name
    )
    if agree:
        if not approval.covers(quotation.sheet.digest):
            raise WrongMove(N_("This is not the version that was asked about."))
        _offer(session, quotation, by=by)
    else:
        quotations.move(session, quotation, State.REFUSED, "quotation.refused", by=by)


def withdraw(session: Session, quotation: Quotation, *, by: Person) -> None:
    """It is not wanted any more; the manager need not decide."""
    quotations.withdraw(session, quotation, by=by)
    approvals.void(session, quotation.id, by=by)


def withdraw_all(session: Session, prospect: Prospect, *, by: Person) -> None:
    """Nothing stands offered to them any more."""
    query = select(Quotation).where(Quotation.store_id == prospect.store_id, Quotation.prospect_id == prospect.id)
    for quotation in session.scalars(query.where(Quotation.state.in_(quotations.STANDING))):
        withdraw(session, quotation, by=by)


def loan_of(terms: Terms, total: int) -> Loan:
    """What the instalments are. Raises Invalid at `down` and `months`."""
    if terms.principal > total:
        raise Invalid.at("down", N_("More is borrowed than is to pay."))
    try:
        return lend(terms)
    except ValueError as fault:
        word = N_("Such a loan is not offered: look at the down payment, months and rate.")
        raise Invalid.at("down", word) from fault


def _version(
    session: Session, prospect: Prospect, choice: Choice, sheet: Sheet, by: Person, like: Quotation | None,
    id: UUID | None,
) -> Quotation:  # fmt: skip
    day = by.moment().astimezone(by.zone).date()
    days: int = value_of(session, by.store_id, "quotation_rules", day)["valid_days"]
    # `like` has its number from the series already; a first version takes one.
    number = like.number if like else next_number(session, "BJ", by=by)
    query = select(func.max(Quotation.revision)).where(Quotation.store_id == by.store_id, Quotation.number == number)
    quotation = Quotation(
        id=id or uuid7(), store_id=by.store_id, number=number, revision=(session.scalar(query) or 0) + 1,
        state=State.ASKED, prospect=prospect, customer_id=prospect.customer_id, consultant_id=by.id,
        model=choice.model, colour=choice.colour, guide=sheet.guide, given=sheet.given, total=sheet.total,
        digest=sheet.digest, trade_in_id=choice.trade_in.id if choice.trade_in else None,
        finance=_finance(choice, sheet), note=choice.note, until=quotations.days_it_holds(day, days),
        created_at=by.moment(), lines=[
            QuotationLine(
                store_id=by.store_id, position=place, kind=line.kind, code=line.code, name=line.name,
                marked=line.marked, price=line.price,
            )
            for place, line in enumerate(sheet.lines, 1)
        ],
    )  # fmt: skip
    session.add(quotation)
    session.flush()  # events, approval and paper point at it
    return quotation


def _finance(choice: Choice, sheet: Sheet) -> dict[str, Any]:
    if choice.loan is None:
        return {}
    loan = loan_of(choice.loan, sheet.total)
    terms = msgspec.to_builtins(choice.loan)
    return {
        **terms, "down": sheet.total - choice.loan.principal, "monthly": loan.monthly, "last": loan.last,
        "interest": loan.interest, "effective": round(loan.effective, 6),
    }  # fmt: skip


def _offer(session: Session, quotation: Quotation, *, by: Person) -> None:
    quotations.move(session, quotation, State.OFFERED, "quotation.offered", by=by)
    papers.issue_quotation(session, quotation, by=by)


def _within_the_store(sheet: Sheet, allowed: Limits, choice: Choice) -> None:
    if sheet.given > allowed.store:
        raise Invalid.at(
            "discount", N_("%(given)s is given away; the store gives at most %(most)s on this car."),
            given=yuan(sheet.given), most=yuan(allowed.store),
        )  # fmt: skip
    if sheet.given > allowed.own and not choice.why:
        raise Invalid.at(
            "why", N_("%(given)s is given away, you may give %(own)s. Tell the manager why."),
            given=yuan(sheet.given), own=yuan(allowed.own),
        )  # fmt: skip


def _share(guide: int, percent: float) -> int:
    """Per cent with two places, in fen."""
    return half_up(guide * round(percent * 100), 10_000)


def _trade(trade_in: TradeIn | None) -> Trade | None:
    if trade_in is None:
        return None
    if trade_in.state != TradeState.VALUED or trade_in.valued is None:
        raise Invalid.at("trade_in", N_("This car has no value yet, or is taken already."))
    return Trade(str(trade_in.id), trade_in.line_name, trade_in.valued)
