"""Settling an order: one settlement for each payer, issued together, paid in parts, reversed as a whole."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.billing import payments
from server.domain.billing.numbers import next_number
from server.domain.catalogue import value_of
from server.domain.catalogue.validity import today
from server.domain.people import Person, Right, of_store
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, WrongMove
from server.domain.workshop import estimates, guarantee, papers, settlement_papers
from server.domain.workshop import settlements as lives
from server.domain.workshop.intake import lines_of
from server.domain.workshop.order_lines import PAYERS, SELF, OrderJob, OrderPart, PartState
from server.domain.workshop.repair_orders import RepairOrder, State, move, tell
from server.domain.workshop.settlements import COMEBACK, STANDING, Settlement, SettlementState
from server.domain.workshop.sums import tax_share
from server.domain.workshop.tasks import TO_DO, whole

HUNDRED = 100
MOST_FEN = 100_000_000
WRITTEN_WHILE = (State.READY, State.SETTLED, State.CLOSED)
"""After a settlement was reversed, another one is issued in its place, even when the car has left."""


class Share(msgspec.Struct, frozen=True):
    """What one payer's settlement comes to: of the lines as they are now, or frozen."""

    payer: str
    labour: int
    parts: int
    other: int
    discount: int
    rounding: int
    tax_rate: int

    @property
    def before(self) -> int:
        """Fen before anything is left off."""
        return self.labour + self.parts + self.other

    @property
    def total(self) -> int:
        """Fen to be paid."""
        return self.before - self.discount + self.rounding

    @property
    def tax(self) -> int:
        """Fen of tax in it."""
        return tax_share(self.total, self.tax_rate)


def shares(session: Session, order: RepairOrder) -> list[Share]:
    """What each payer without a standing settlement would pay now, in the order of `PAYERS`."""
    jobs, parts = _charged(session, order)
    rate, written = estimates.tax_rate(session, order.store_id), _drafts(session, order)
    settled = {one.payer for one in standing(session, order)}
    payers = {line.payer for line in (*jobs, *parts)} | {payer for payer, one in written.items() if one.other}
    rules: dict[str, int] = value_of(session, order.store_id, "settlement_rules")
    step = max(1, rules["round_to"])
    return [
        _share(payer, jobs, parts, written.get(payer), rate, step)
        for payer in PAYERS
        if payer in payers and payer not in settled
    ]


def adjust(
    session: Session, order: RepairOrder, payer: str, *, by: Person, other: int = 0, other_name: str = "",
    discount: int = 0, why: str = "",
) -> Settlement:  # fmt: skip
    """Another charge, or something left off, before it is issued.

    Raises Invalid at `other`, `other_name`, `discount` or `discount_why`: an advisor leaves off so many per cent, more
    is for who approves.
    """
    _may(by)
    order = whole(session, order.id)[order.id]
    _require_writing(session, order, payer)
    draft = _drafts(session, order).get(payer) or _draft(session, order, payer)
    if not 0 <= other <= MOST_FEN:
        raise Invalid.at("other", N_("Type an amount above nothing."))
    if other and not other_name:
        raise Invalid.at("other_name", N_("Please fill this in."))
    draft.other, draft.other_name = other, other_name
    draft.discount, draft.discount_why = 0, ""
    draft.total = other
    session.flush()  # the share reads it
    share = next((one for one in shares(session, order) if one.payer == payer), None)
    _check_discount(session, share.before if share else 0, discount, why, by)
    draft.discount, draft.discount_why, draft.total = discount, why, other - discount
    draft.version += 1
    session.flush()  # whoever reads the shares next
    tell(session, "settlement.adjusted", order, by=by, payer=payer, other=other, discount=discount, why=why)
    return draft


def issue(session: Session, order: RepairOrder, *, by: Person) -> list[Settlement]:
    """Freeze what each payer pays. What the store bears itself is paid at once. Raises WrongMove."""
    _may(by)
    order = whole(session, order.id)[order.id]
    take_turn(session, by.store_id)
    if order.state not in WRITTEN_WHILE:
        raise WrongMove(N_("A car is settled when it is ready; it is “%(now)s”."), now=order.state_name)
    _nothing_is_open(session, order)
    found = shares(session, order)
    if not found and not standing(session, order):
        found = [Share(SELF, 0, 0, 0, 0, 0, estimates.tax_rate(session, order.store_id))]
    if not found:
        raise WrongMove(N_("Everything is settled already."))
    written = _drafts(session, order)
    made = [_issue(session, order, share, written.get(share.payer), by=by) for share in found]
    close_account(session, order, by=by)
    return made


def reverse(session: Session, settlement: Settlement, *, by: Person, why: str) -> Settlement:
    """A counter-settlement takes it back; the car is settled anew. Raises Invalid at `why`, WrongMove."""
    _may(by)
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    order = whole(session, settlement.order_id)[settlement.order_id]
    take_turn(session, by.store_id)
    session.refresh(settlement)
    if settlement.reverses_id is not None:
        raise WrongMove(N_("A reversal is not reversed."))
    counter = take_back(session, order, settlement, by=by, why=why)
    if order.state == State.SETTLED:
        order.settled_at = None
        move(session, order, State.READY, "repair_order.unsettled", by=by, why=why)
    return counter


def take_back(session: Session, order: RepairOrder, settlement: Settlement, *, by: Any, why: str) -> Settlement:
    """The two rows that cancel each other out; who may and when is asked before."""
    settlement.reversed_at, settlement.why = now(), why
    lives.move(session, settlement, SettlementState.REVERSED, "settlement.reversed", by=by, why=why)
    counter = Settlement(
        id=uuid7(), store_id=order.store_id, version=1, order_id=order.id, payer=settlement.payer, state="draft",
        number=next_number(session, "JS", by=by), labour=-settlement.labour, parts_total=-settlement.parts_total,
        other=-settlement.other, other_name=settlement.other_name, discount=-settlement.discount,
        discount_why=settlement.discount_why, rounding=-settlement.rounding, total=-settlement.total,
        tax_rate=settlement.tax_rate, tax=-settlement.tax, content=settlement.content, created_at=now(),
        issued_at=now(), issued_by=by.id, reversed_at=now(), why=why, reverses_id=settlement.id,
    )  # fmt: skip
    session.add(counter)
    lives.move(session, counter, SettlementState.ISSUED, "settlement.issued", by=by)
    lives.move(session, counter, SettlementState.REVERSED, "settlement.countered", by=by, reverses=settlement.number)
    return counter


def reverse_standing(session: Session, order: RepairOrder, *, by: Any, why: str) -> None:
    """The car went back to work: what was settled is reckoned anew."""
    for settlement in standing(session, order):
        take_back(session, order, settlement, by=by, why=why)


def close_account(session: Session, order: RepairOrder, *, by: Any) -> None:
    """What is paid in full becomes paid; when nobody at the desk owes anything, the order is settled."""
    found = standing(session, order)
    for one in found:
        if one.state == SettlementState.ISSUED and owed_of(session, order, one) <= 0:
            one.paid_at = by.moment()
            lives.move(session, one, SettlementState.PAID, "settlement.paid", by=by)
    unsettled = shares(session, order)
    at_desk = [one for one in found if one.payer == SELF and one.state != SettlementState.PAID]
    if order.state == State.READY and found and not at_desk and not unsettled:
        order.settled_at = max(by.moment(), order.ready_at or by.moment())
        move(session, order, State.SETTLED, "repair_order.settled", by=by)


def owed_of(session: Session, order: RepairOrder, settlement: Settlement) -> int:
    """Fen that are still owed for one settlement; the store itself owes nobody."""
    if settlement.payer == COMEBACK:
        return 0
    return settlement.total - payments.balance(session, order.store_id, settlement.account)


def standing(session: Session, order: RepairOrder) -> Sequence[Settlement]:
    """The settlements that count, in the order of `PAYERS`."""
    found = [one for one in of_order(session, order) if one.state in STANDING]
    return sorted(found, key=lambda one: list(PAYERS).index(one.payer))


def of_order(session: Session, order: RepairOrder) -> Sequence[Settlement]:
    """All that were issued, reversed ones too, in the order of time."""
    query = select(Settlement).where(Settlement.store_id == order.store_id, Settlement.order_id == order.id)
    query = query.where(Settlement.state != SettlementState.DRAFT)
    return session.scalars(query.order_by(Settlement.issued_at, Settlement.id)).all()


def drafts(session: Session, order: RepairOrder) -> Sequence[Settlement]:
    """What was charged or left off besides the lines and is not issued yet."""
    return list(_drafts(session, order).values())


def open_parts(session: Session, order: RepairOrder) -> list[OrderPart]:
    """Parts that were agreed to and neither built in nor taken off; the customer's own need no issue."""
    _, parts = lines_of(session, order)
    return [one for one in parts if one.part_id and one.state in (PartState.APPROVED, PartState.RESERVED)]


def _charged(session: Session, order: RepairOrder) -> tuple[list[OrderJob], list[OrderPart]]:
    jobs, parts = lines_of(session, order)
    return [job for job in jobs if job.is_billed], [part for part in parts if part.is_billed and not part.own]


def _share(
    payer: str, jobs: Sequence[OrderJob], parts: Sequence[OrderPart], draft: Settlement | None, rate: int, step: int
) -> Share:
    labour = sum(job.amount for job in jobs if job.payer == payer)
    material = sum(part.amount for part in parts if part.payer == payer)
    other, discount = (draft.other, draft.discount) if draft else (0, 0)
    sum_of_all = labour + material + other - discount
    rounding = -(sum_of_all % step) if payer == SELF else 0
    return Share(payer, labour, material, other, discount, rounding, rate)


def _issue(
    session: Session, order: RepairOrder, share: Share, draft: Settlement | None, *, by: Person
) -> Settlement:  # fmt: skip
    one = draft or _draft(session, order, share.payer)
    one.labour, one.parts_total, one.other, one.discount = share.labour, share.parts, share.other, share.discount
    one.rounding, one.total, one.tax_rate, one.tax = share.rounding, share.total, share.tax_rate, share.tax
    one.number, one.issued_at, one.issued_by = next_number(session, "JS", by=by), by.moment(), by.id
    one.content = _content(session, order, share.payer)
    lives.move(session, one, SettlementState.ISSUED, "settlement.issued", by=by)
    if one.payer == COMEBACK or one.total == 0:
        one.paid_at = by.moment()
        lives.move(session, one, SettlementState.PAID, "settlement.paid", by=by)
    settlement_papers.issue_list(session, order, one, by=by)
    return one


def _content(session: Session, order: RepairOrder, payer: str) -> dict[str, Any]:
    """The lines of one payer, each with its guarantee in km and days."""
    jobs, parts = _charged(session, order)
    rules = guarantee.rules(session, order.store_id, today(session, order.store_id, now()))
    kinds = {job.id: job.guarantee for job in jobs}
    told_jobs = [
        papers.job_line(job) | {"id": str(job.id), "guarantee": {"kind": job.guarantee} | rules[job.guarantee]}
        for job in jobs if job.payer == payer
    ]  # fmt: skip
    told_parts: list[dict[str, Any]] = []
    for part in parts:
        if part.payer == payer:
            kind = kinds.get(part.order_job_id, "minor") if part.order_job_id else "minor"
            told_parts.append(papers.part_line(part) | {"id": str(part.id), "guarantee": {"kind": kind} | rules[kind]})
    return {"jobs": told_jobs, "parts": told_parts}


def _drafts(session: Session, order: RepairOrder) -> dict[str, Settlement]:
    query = select(Settlement).where(Settlement.store_id == order.store_id, Settlement.order_id == order.id)
    return {one.payer: one for one in session.scalars(query.where(Settlement.state == SettlementState.DRAFT))}


def _draft(session: Session, order: RepairOrder, payer: str) -> Settlement:
    draft = Settlement(
        id=uuid7(), store_id=order.store_id, version=1, order_id=order.id, payer=payer, state="draft", number=None,
        labour=0, parts_total=0, other=0, other_name="", discount=0, discount_why="", rounding=0, total=0, tax_rate=0,
        tax=0, content={}, created_at=now(), why="",
    )  # fmt: skip
    session.add(draft)
    return draft


def _require_writing(session: Session, order: RepairOrder, payer: str) -> None:
    if order.state not in WRITTEN_WHILE:
        raise WrongMove(N_("A car is settled when it is ready; it is “%(now)s”."), now=order.state_name)
    if payer not in PAYERS:
        raise Invalid.at("payer", N_("Choose one of the offered."))
    if any(one.payer == payer for one in standing(session, order)):
        raise WrongMove(N_("This is settled; reverse it first."))


def _check_discount(session: Session, before: int, discount: int, why: str, by: Person) -> None:
    if discount == 0:
        return
    if not 0 < discount <= before:
        raise Invalid.at("discount", N_("At most %(most)s can be left off."), most=_yuan(before))
    if not why:
        raise Invalid.at("discount_why", N_("Please fill this in."))
    rules: dict[str, int] = value_of(session, by.store_id, "settlement_rules")
    allowed = before * rules["discount_most"] // HUNDRED
    if discount > allowed and not by.may(Right.APPROVE):
        raise Invalid.at("discount", N_("You may leave off %(most)s; more is for the manager."), most=_yuan(allowed))


def _nothing_is_open(session: Session, order: RepairOrder) -> None:
    if any(job.state in TO_DO for job in order.jobs):
        raise WrongMove(N_("A job of this car is not done."))
    left = open_parts(session, order)
    if left:
        raise WrongMove(
            N_("%(code)s was neither built in nor taken off. The parts desk issues it, or it is not needed."),
            code=left[0].code,
        )  # fmt: skip


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"


def _may(by: Person) -> None:
    if not by.may(Right.SETTLE):
        raise NotAllowed


def settlement_of(session: Session, store_id: UUID, settlement_id: UUID) -> Settlement:
    """One of this store. Raises NotThere."""
    return of_store(session, Settlement, settlement_id, store_id)
