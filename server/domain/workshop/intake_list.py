"""What the order says already is not asked again: it answers the items of the intake's list (C10) by itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.checklists import Run, Tap, runs
from server.domain.checklists.findings import OK
from server.domain.checklists.known import answer_known
from server.domain.people import Person
from server.domain.workshop.order_lines import OrderJob, OrderPart
from server.domain.workshop.repair_orders import RETURN, RepairOrder

PAYERS = {"self": "retail", "goodwill": "retail", "three_guarantee": "warranty"}
"""How the list calls who pays, where it says it otherwise."""
FOR_ITSELF = {"maintenance": "来做保养", "recall": "来做召回"}
"""What somebody comes for who describes nothing."""
CLASSES = {"equal": "equivalent"}


def fill(session: Session, order: RepairOrder, *, by: Person) -> None:
    """Answer what the order knows by now, wherever the answer is another than before."""
    if order.intake_run_id is None:
        return
    run = session.get_one(Run, order.intake_run_id)
    if run.state == runs.OPEN:
        answer_known(session, run, _known(session, order, by), by=by)


def _known(session: Session, order: RepairOrder, by: Person) -> dict[str, Tap]:
    jobs = select(OrderJob.payer).where(OrderJob.store_id == order.store_id, OrderJob.order_id == order.id)
    payers = list(session.scalars(jobs.order_by(OrderJob.position)))
    parts = select(OrderPart.part_class).where(OrderPart.store_id == order.store_id, OrderPart.order_id == order.id)
    classes = list(session.scalars(parts.order_by(OrderPart.position)))
    known = {
        "C10-12": Tap(choice="customer" if order.old_parts == RETURN else "shop"),
        "C10-13": Tap(choice=_stay(order)),
    }
    if words := _spoken(order) or FOR_ITSELF.get(order.kind):
        known["C10-04"] = Tap(text=words)
    if payers:
        known["C10-06"] = Tap(choice=PAYERS.get(payers[0], payers[0]))
        known["C10-09"] = Tap(verdict=OK)
        known["C10-11"] = Tap(choice=CLASSES.get(classes[0], classes[0]) if classes else "none")
    if order.promised_at:
        known["C10-10"] = Tap(text=f"{order.promised_at.astimezone(by.zone):%Y-%m-%d %H:%M}")
    return known


def _stay(order: RepairOrder) -> str:
    if order.wash:
        return "wash_wait" if order.waits_here else "wash_leave"
    return "wait" if order.waits_here else "leave"


def _spoken(order: RepairOrder) -> str:
    return "；".join(
        "，".join(one[part] for part in ("what", "when", "where", "how") if one[part]) for one in order.words
    )
