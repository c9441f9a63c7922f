"""The plan of a month: so many visits as the cars sold call for, chosen by hand or proposed; a draft until released."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from server.database import now, uuid7
from server.domain.billing.numbers import next_numbers
from server.domain.care import slow_cars, visit_calls, visit_spread
from server.domain.care.visit_candidates import Candidate, ranked
from server.domain.care.visit_places import Atlas
from server.domain.care.visit_plans import State as PlanState
from server.domain.care.visit_plans import VisitPlan
from server.domain.care.visit_plans import move as move_plan
from server.domain.care.visit_spread import TeamDay
from server.domain.care.visit_teams import VisitTeam, teams
from server.domain.care.visits import UNFINISHED, HomeVisit, State, VisitMember, tell
from server.domain.catalogue import value_of
from server.domain.delivery import Delivery, deliveries
from server.domain.people import Person, Right, notices
from server.domain.records import record
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, WrongMove

SHARE = "visits.share"
SERIES = "SF"
HUNDRED = 100


def target(sold: int, share: int) -> int:
    """Visits owed for so many cars: `share` per cent of them, rounded up."""
    return -(-sold * share // HUNDRED)


def sold_in(session: Session, by: Person, month: date) -> int:
    """Cars handed over in that month; while it lasts, those that are still to be handed over in it count too."""
    begins, ends = bounds(month, by)
    query = select(func.count()).select_from(Delivery).where(Delivery.store_id == by.store_id)
    done = query.where(Delivery.state == deliveries.State.COMPLETED)
    count = session.scalar(done.where(Delivery.completed_at >= begins, Delivery.completed_at < ends)) or 0
    if ends <= now():
        return count
    to_come = query.where(Delivery.state.in_(deliveries.OPEN))
    return count + (session.scalar(to_come.where(Delivery.planned_at >= begins, Delivery.planned_at < ends)) or 0)


def wanted_for(session: Session, by: Person, month: date) -> int:
    """Cars that the visits of a month are reckoned from: its own; for one to come at least as many as this month's."""
    begins, _ = bounds(month, by)
    own = sold_in(session, by, month)
    return own if begins <= now() else max(own, sold_in(session, by, now().astimezone(by.zone).date()))


def bounds(month: date, by: Person) -> tuple[datetime, datetime]:
    """When the month begins and the next one does, on the store's clock."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), by.zone), datetime.combine(after, time(), by.zone)


def of_month(session: Session, store_id: UUID, month: date) -> VisitPlan | None:
    """The plan of that month, if there is one."""
    query = select(VisitPlan).where(VisitPlan.store_id == store_id, VisitPlan.month == month.replace(day=1))
    return session.scalar(query)


def open_plan(session: Session, month: date, *, by: Person) -> VisitPlan:
    """The plan of that month; it begins as a draft, and there is one. Raises NotAllowed."""
    _may_plan(by)
    take_turn(session, by.store_id)  # two who open it at once open one
    if (known := of_month(session, by.store_id, month)) is not None:
        return known
    share, sold = share_of(session, by, month), wanted_for(session, by, month)
    plan = VisitPlan(
        id=uuid7(), store_id=by.store_id, month=month.replace(day=1), state=PlanState.DRAFT, share=share, sold=sold,
        target=target(sold, share), created_at=now(), created_by=by.id, released_at=None, released_by=None,
    )  # fmt: skip
    session.add(plan)
    session.flush()  # the event and its visits point at it
    record(session, "visit_plan.opened", plan, by=by, month=plan.code, target=plan.target)
    return plan


def share_of(session: Session, by: Person, month: date) -> int:
    """Per cent of the cars sold in that month that are visited."""
    return value_of(session, by.store_id, SHARE, max(month.replace(day=1), date(2020, 1, 1)))


def recount(session: Session, plan: VisitPlan, *, by: Person) -> None:
    """As many as the cars sold call for by now."""
    plan.sold = wanted_for(session, by, plan.month)
    plan.target = target(plan.sold, plan.share)


def visits_of(session: Session, plan: VisitPlan) -> Sequence[HomeVisit]:
    """The visits of a plan that were not cancelled, by day and turn."""
    query = select(HomeVisit).where(HomeVisit.store_id == plan.store_id, HomeVisit.plan_id == plan.id)
    query = query.where(HomeVisit.state != State.CANCELLED).options(
        joinedload(HomeVisit.customer), joinedload(HomeVisit.car), joinedload(HomeVisit.team),
        joinedload(HomeVisit.demo_car), joinedload(HomeVisit.plan),
    )  # fmt: skip
    return session.scalars(query.order_by(HomeVisit.day, HomeVisit.position, HomeVisit.id)).all()


def propose(session: Session, plan: VisitPlan, *, by: Person) -> Sequence[HomeVisit]:
    """As many of those for whom most speaks as the plan lacks. Raises WrongMove when nobody is left to be visited."""
    _may_plan(by)
    recount(session, plan, by=by)
    lacking = plan.target - len(visits_of(session, plan))
    if lacking <= 0:
        raise WrongMove(N_("The plan has as many visits as it needs."))
    return _add(session, plan, ranked(session, by)[:lacking], by=by)


def choose(session: Session, plan: VisitPlan, customer_ids: Sequence[UUID], *, by: Person) -> Sequence[HomeVisit]:
    """These, chosen by hand; more than the plan needs is welcome. Raises Invalid for who may not be visited."""
    _may_plan(by)
    if not customer_ids:
        raise Invalid.at("customer", N_("Choose at least one."))
    known = {one.customer.id: one for one in ranked(session, by)}
    if not set(customer_ids) <= known.keys():
        raise Invalid.at("customer", N_("Somebody of these is not to be visited now. Look at the list again."))
    recount(session, plan, by=by)
    return _add(session, plan, [known[one] for one in dict.fromkeys(customer_ids)], by=by)


def release(session: Session, plan: VisitPlan, *, by: Person) -> None:
    """Those who go are told, and the calls to book are owed from now on. Raises WrongMove when nothing is planned."""
    _may_plan(by)
    visits = [one for one in visits_of(session, plan) if one.state == State.PLANNED]
    if not visits:
        raise WrongMove(N_("Nothing is planned yet."))
    recount(session, plan, by=by)
    move_plan(session, plan, PlanState.RELEASED, "visit_plan.released", by=by, count=len(visits))
    plan.released_at, plan.released_by = now(), by.id
    for visit in visits:
        announce(session, visit, by=by)
    counts: dict[UUID, int] = {}
    for visit in visits:
        for staff_id in visit.crew | {visit.leader_id}:
            counts[staff_id] = counts.get(staff_id, 0) + 1
    for staff_id, count in counts.items():
        notices.tell(session, staff_id, "visit_plan.released", "/visits", by=by, month=plan.code, count=count)


def announce(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """From now on it is known, and somebody has to call."""
    tell(session, "visit.released", visit, by=by, day=visit.day)
    visit_calls.owe_booking(session, visit, by=by)


def _add(
    session: Session, plan: VisitPlan, chosen: Sequence[Candidate], *, by: Person
) -> Sequence[HomeVisit]:  # fmt: skip
    """Visits of these, spread over the team-days of the month that have room."""
    if not chosen:
        raise WrongMove(N_("Nobody is left who could be visited."))
    rules: dict[str, Any] = value_of(session, by.store_id, "visit_rules")
    atlas, free = Atlas(session, by.store_id), free_team_days(session, plan, rules, by=by)
    placed = visit_spread.place([one.area for one in chosen], free, atlas)
    numbers = next_numbers(session, SERIES, len(chosen), by=by)
    last = free[-1].day if free else _last_day(plan)
    made = [
        _visit(plan, number, one, day or TeamDay(last, None, 0), rules, by=by)
        for number, one, day in zip(numbers, chosen, placed, strict=True)
    ]  # fmt: skip
    _show_cars(session, made)
    session.add_all(made)
    session.flush()  # the events point at them
    for visit in made:
        tell(session, "visit.planned", visit, by=by, day=visit.day)
        if plan.is_released:
            announce(session, visit, by=by)
            _tell_crew(session, visit, "visit.planned", by=by)
    return made


def free_team_days(session: Session, plan: VisitPlan, rules: dict[str, Any], *, by: Person) -> list[TeamDay]:
    """The teams' days of the month that are still to come, with what is planned for them already."""
    tomorrow = now().astimezone(by.zone).date() + timedelta(days=1)
    days = visit_spread.working_days(max(plan.month, tomorrow), _last_day(plan), rules["weekdays"])
    found = visit_spread.team_days(days, teams(session, by.store_id), rules["per_day"])
    by_key = {(one.day, one.team and one.team.id): one for one in found}
    query = select(HomeVisit.day, HomeVisit.team_id, HomeVisit.area).where(HomeVisit.store_id == by.store_id)
    query = query.where(HomeVisit.state.in_(UNFINISHED), HomeVisit.day >= tomorrow, HomeVisit.day <= _last_day(plan))
    for row in session.execute(query):
        if (taken := by_key.get((row.day, row.team_id))) is not None:
            taken.areas.append(row.area["zh"])
    return found


def _visit(
    plan: VisitPlan, number: str, chosen: Candidate, on: TeamDay, rules: dict[str, Any], *, by: Person
) -> HomeVisit:
    owner = chosen.owner
    return HomeVisit(
        id=uuid7(), store_id=by.store_id, number=number, state=State.PLANNED, plan=plan, customer=owner.customer,
        customer_id=owner.customer.id, car=owner.car, car_id=owner.car.id,
        delivery_id=owner.delivery and owner.delivery.id,
        leader_id=(on.team and on.team.leader_id) or by.id, team=on.team, vehicle=on.team and on.team.vehicle,
        day=on.day, starts_at=None, minutes=rules["minutes"], address=owner.customer.address, area=chosen.area,
        longitude=None, latitude=None, position=0, reasons=chosen.reasons, note="", why="", created_at=now(),
        members=crew_of(on.team, by.store_id),
    )  # fmt: skip


def crew_of(team: VisitTeam | None, store_id: UUID) -> list[VisitMember]:
    """A team's people as those of a visit."""
    members = team.members if team is not None else []
    return [
        VisitMember(id=uuid7(), store_id=store_id, staff_id=one.staff_id, staff=one.staff, role=one.role)
        for one in members
    ]


def _show_cars(session: Session, made: Sequence[HomeVisit]) -> None:
    """Each team of a day shows the slowest car that no other team of that day shows."""
    for day in sorted({visit.day for visit in made}):
        slow = slow_cars.slowest(session, made[0].store_id, day)
        of_day = [visit for visit in made if visit.day == day]
        for turn, team_id in enumerate(dict.fromkeys(visit.team and visit.team.id for visit in of_day)):
            if turn < len(slow):
                for visit in of_day:
                    if (visit.team and visit.team.id) == team_id:
                        visit.demo_car = slow[turn].car


def _tell_crew(session: Session, visit: HomeVisit, kind: str, *, by: Person) -> None:
    notices.tell_all(
        session, visit.crew | {visit.leader_id}, kind, f"/visits/{visit.id}", by=by, number=visit.number,
        customer=visit.customer.name, day=visit.day.isoformat(),
    )  # fmt: skip


def _last_day(plan: VisitPlan) -> date:
    return (plan.month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _may_plan(by: Person) -> None:
    if not by.may(Right.PLAN_VISITS):
        raise NotAllowed
