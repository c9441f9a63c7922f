"""Somebody leaves: everything that is alive in their hands goes to others in one act, with a receipt."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import Words, now, uuid7
from server.domain.billing import next_number
from server.domain.care import belongings, data_handovers, handover_papers, leaving_seats, visit_holds
from server.domain.care.belongings import ALL, GROUPS, RIGHTS, Belonging
from server.domain.care.data_handovers import LEAVING, DataHandover
from server.domain.care.visit_teams import TeamMember
from server.domain.care.visits import VisitMember
from server.domain.people import Person, Right, Role, Staff, notices
from server.domain.people.staff import able, everybody, with_role
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Said
from server.domain.showroom import Prospect, TestDrive, bookings, hands
from server.domain.showroom.bookings import Taken

Takers = Mapping[str, Sequence[Staff]]
"""By group, who takes over; dealt out in turn."""


def hand_over(session: Session, leaver: Staff, to: Takers, *, by: Person, note: str = "") -> DataHandover:
    """Everything at once or nothing. Raises Invalid at `to-<group>` for each group that nobody takes.

    What was said, consented, planned and owed belongs to the customer, and goes along as it is.
    """
    if not by.may(Right.KEEP_STAFF):
        raise NotAllowed
    if leaver.store_id != by.store_id:
        raise NotThere
    held = belongings.in_hands(session, by.store_id, leaver.id)
    _check(leaver, held, to)
    dealt = [(one, _deal_out(session, one, leaver, to[one.group], by, note)) for one in ALL if one.code in held]
    lines = [_line(one, taken) for one, taken in dealt if taken]
    receipt = DataHandover(
        id=uuid7(), store_id=by.store_id, number=next_number(session, "YJ", by=by), kind=LEAVING,
        state=data_handovers.State.OFFERED, from_id=leaver.id, to_id=None, lines=lines, note=note, made_at=now(),
        due_at=now(), taken_at=by.moment(), taken_by=by.id,
    )  # fmt: skip
    session.add(receipt)
    session.flush()  # the event points at it
    total = sum(line["count"] for line in lines)
    data_handovers.move(
        session, receipt, data_handovers.State.TAKEN, "data_handover.left", by=by, who=leaver.title, count=total
    )
    handover_papers.issue_of_leaver(session, receipt, by=by)
    _tell(session, receipt, leaver, [one for group in groups_of(held) for one in to[group]], total, by)
    return receipt


def takers(session: Session, store_id: UUID, leaver_id: UUID | None) -> dict[str, list[Staff]]:
    """Who could take each group over: there, able to, and not the one who leaves."""
    there = [one for one in everybody(session, store_id) if one.active and one.id != leaver_id]
    return {group: [one for one in there if _can(one, group)] for group in GROUPS}


def holders(session: Session, store_id: UUID) -> list[tuple[Staff, dict[str, int]]]:
    """Who holds how much of what, those who have left first."""
    counted: dict[UUID, dict[str, int]] = {}
    for one in ALL:
        query = select(one.owner, func.count()).where(one.table.store_id == store_id, one.alive)
        for owner, count in session.execute(query.where(one.owner.is_not(None)).group_by(one.owner)):
            counted.setdefault(owner, {})[one.code] = count
    staff = [(one, counted[one.id]) for one in everybody(session, store_id) if one.id in counted]
    return sorted(staff, key=lambda pair: (pair[0].active, -sum(pair[1].values())))


def groups_of(held: Mapping[str, int]) -> list[str]:
    """Which groups those belong to, in order."""
    wanted = {one.group for one in ALL if one.code in held}
    return [group for group in GROUPS if group in wanted]


def _can(staff: Staff, group: str) -> bool:
    return all(able([staff], right) for right in RIGHTS[group])


def _check(leaver: Staff, held: Mapping[str, int], to: Takers) -> None:
    if not held:
        raise Invalid.at("from", N_("Nothing is in their hands."))
    errors: dict[str, Said] = {}
    for group in groups_of(held):
        chosen = to.get(group, ())
        if not chosen or any(one.id == leaver.id or not one.active or not _can(one, group) for one in chosen):
            errors[f"to-{group}"] = Said(N_("Choose who takes them over."))
    if errors:
        raise Invalid(errors)


def _deal_out(
    session: Session, one: Belonging, leaver: Staff, to: Sequence[Staff], by: Person, note: str
) -> dict[UUID, tuple[Staff, list[str]]]:
    """Who got which of them."""
    dealt: dict[UUID, tuple[Staff, list[str]]] = {}
    for place, row in enumerate(session.scalars(one.of(by.store_id, leaver.id)).all()):
        begin = place % len(to)
        taker = _to_who_is_free(session, one, row, [*to[begin:], *to[:begin]], by, note)
        dealt.setdefault(taker.id, (taker, []))[1].append(str(getattr(row, one.called.key)) if one.called else "")
    return dealt


def _to_who_is_free(session: Session, one: Belonging, row: Any, to: Sequence[Staff], by: Person, note: str) -> Staff:
    """The first in turn who is not held elsewhere at its time. Raises Invalid when all of them are."""
    for taker in to:
        try:
            _pass(session, one, row, taker, by, note)
        except (Taken, visit_holds.Taken):
            continue
        return taker
    called = str(getattr(row, one.called.key)) if one.called else ""
    raise Invalid.at(f"to-{one.group}", N_("None of them is free for %(number)s."), number=called)


def _pass(session: Session, one: Belonging, row: Any, taker: Staff, by: Person, note: str) -> None:
    if isinstance(row, Prospect):
        hands.hand_over(session, row, taker, by=by, note=note)
        return
    if isinstance(row, VisitMember | TeamMember):
        leaving_seats.pass_on(session, row, taker, by=by)
        return
    with session.begin_nested():
        setattr(row, one.owner.key, taker.id)
        if hasattr(row, "version"):
            row.version += 1
        if isinstance(row, TestDrive) and row.state == "booked":  # whose time it takes is held for it
            bookings.release(session, row)
            bookings.hold(session, row, by=by)
    customer = row.id if one.code == "customers" else getattr(row, "customer_id", None)
    data: dict[str, Any] = {"number": row.number} if getattr(row, "number", None) else {}
    record(
        session, f"{one.table.__tablename__}.passed_on", row, by=by, customer_id=customer,
        car_id=getattr(row, "car_id", None), what=one.code, who=taker.title, **data,
    )  # fmt: skip


def _line(one: Belonging, dealt: Mapping[UUID, tuple[Staff, list[str]]]) -> dict[str, Any]:
    to = [
        {"name": taker.title["zh"], "count": len(numbers), "numbers": [number for number in numbers if number]}
        for taker, numbers in dealt.values()
    ]
    name: Words = one.name
    return {"what": name, "count": sum(len(numbers) for _, numbers in dealt.values()), "to": to}


def _tell(session: Session, receipt: DataHandover, leaver: Staff, to: Sequence[Staff], total: int, by: Person) -> None:
    new = {one.id for one in to}
    place = f"/data-handovers/{receipt.id}"
    notices.tell_all(session, sorted(new), "leaver.taken_over", "/contacts", by=by, who=leaver.title)
    admins = [one.id for one in with_role(session, by.store_id, Role.ADMIN)]
    notices.tell_all(session, admins, "leaver.gone", place, by=by, who=leaver.title, count=total)
