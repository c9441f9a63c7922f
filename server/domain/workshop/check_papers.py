"""The inspection report 竣工检验单: what three people found and signed, without whose car it is."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.domain.checklists import Run, frozen, runs
from server.domain.people import Person
from server.domain.people.staff import titles
from server.domain.records import Paper
from server.domain.workshop.papers import fact, head, local
from server.domain.workshop.papers import issue as issue_paper
from server.domain.workshop.repair_orders import RepairOrder
from server.domain.workshop.reworks import WASHED, Rework

INSPECTION = "inspection_report"


def issue(session: Session, order: RepairOrder, run: Run, reworks: Sequence[Rework], *, by: Person) -> Paper:
    """Freeze the list as it was signed, with what went back on the way. Passed once more it is the next revision."""
    content, names = head(session, order), titles(session, order.store_id)
    content["customer"] = None  # the workshop needs the car, not whose it is
    jobs = {job.id: job for job in order.jobs}
    content["facts"] = [
        fact("委托单号", "Repair order", order.number),
        fact("维修完工", "Work ended", local(order.work_ended_at, content)),
        fact("检验合格", "Passed", local(order.inspected_at, content)),
        fact("内返次数", "Sent back", str(len(reworks))),
    ]
    content["lists"] = [_walked(session, run)]
    content["reworks"] = [
        {
            "level": one.level_name, "job": jobs[one.order_job_id].name, "why": one.why,
            "by": names[one.found_by]["zh"], "at": local(one.found_at, content),
        }
        for one in reworks
    ]  # fmt: skip
    again = "返工后再次检验 · Inspected again after rework" if reworks else None
    return issue_paper(session, INSPECTION, f"{order.number}-JY", order, content, by=by, reason=again)


def _walked(session: Session, run: Run) -> dict[str, Any]:
    """The list without what is done after it."""
    walked = frozen.of_list(session, run, runs.progress(session, run))
    for section in walked["sections"]:
        section["items"] = [item for item in section["items"] if item["no"] != WASHED]
    return walked
