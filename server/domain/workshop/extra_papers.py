"""The paper of extra work 增项确认单: what was asked, what the customer said to each line, and how they said it."""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.checklists import frozen
from server.domain.people import ROLE_NAMES, Role
from server.domain.people.staff import titles
from server.domain.records import Paper, papers
from server.domain.records.events import Actor
from server.domain.records.files import File
from server.domain.workshop.estimates import estimate, tax_rate
from server.domain.workshop.extra_works import BY_LINK, HOW, SAFETY, SOON, ExtraItem, ExtraWork
from server.domain.workshop.order_lines import JobState, OrderJob, OrderPart
from server.domain.workshop.papers import fact, head, job_line, local, part_line, sums

EXTRA_WORK = "extra_work"
URGENCY_NAMES = {
    SAFETY: {"zh": "涉及安全", "en": "Concerns safety"}, SOON: {"zh": "建议尽快", "en": "Soon"},
}  # fmt: skip
CAN_WAIT_NAME = {"zh": "可下次处理", "en": "Can wait"}


class Decided(Protocol):
    """A line that was decided about."""

    @property
    def item(self) -> ExtraItem: ...
    @property
    def job(self) -> OrderJob: ...
    @property
    def parts(self) -> tuple[OrderPart, ...]: ...
    @property
    def amount(self) -> int: ...


def issue(session: Session, extra: ExtraWork, lines: Sequence[Decided], *, by: Actor) -> Paper:
    """Freeze the answer under the number of the extra work."""
    content = head(session, extra.order)
    names = titles(session, extra.store_id)
    content["facts"] += [
        fact("委托单号", "Repair order", extra.order.number),
        fact("发送时间", "Sent", local(extra.sent_at, content)),
        fact("答复时间", "Answered", local(extra.answered_at, content)),
        fact("确认方式", "How", HOW[extra.how or BY_LINK]),
        fact("预计交车", "Promised", local(extra.promised_at or extra.order.promised_at, content)),
    ]
    if extra.taken_by is not None:
        content["facts"] += [
            fact("通话对象", "Spoken with", extra.said_by), fact("通话号码", "Number called", extra.said_on),
            fact("记录人", "Written down by", names[extra.taken_by]),
        ]  # fmt: skip
    agreed = [line for line in lines if line.job.state == JobState.APPROVED]
    shares = estimate(
        [line.job for line in agreed], [part for line in agreed for part in line.parts],
        tax_rate(session, extra.store_id),
    )  # fmt: skip
    content |= {
        "pictures": [_picture(session, line, file_id) for line in lines for file_id in _pictures(line)],
        "words": extra.words, "extra": [_line(line) for line in lines], "sums": sums(shares),
        "signatures": [_signature(extra), _advisor(extra)],
    }  # fmt: skip
    return papers.issue(
        session, EXTRA_WORK, extra.number, extra, content, by=by, customer_id=extra.order.customer_id,
        car_id=extra.order.car_id,
    )  # fmt: skip


def _line(line: Decided) -> dict[str, Any]:
    return {
        "words": line.item.words, "urgency": URGENCY_NAMES.get(line.item.urgency, CAN_WAIT_NAME),
        "agreed": line.job.state == JobState.APPROVED, "why": line.job.why_declined, "amount": line.amount,
        "job": job_line(line.job), "parts": [part_line(part) for part in line.parts],
        "photos": [{"file": str(file_id)} for file_id in _pictures(line)],
    }  # fmt: skip


def _pictures(line: Decided) -> list[UUID]:
    return line.item.finding.photo_ids if line.item.finding else []


def _picture(session: Session, line: Decided, file_id: UUID) -> dict[str, Any]:
    """A photo of what was found, as papers show it: by its hash, with what it shows and when it was found."""
    finding = line.item.finding
    assert finding is not None  # it has the photos
    return {
        "file": str(file_id), "sha256": session.get_one(File, file_id).sha256, "caption": None,
        "item": {"no": line.job.code, "zh": finding.name, "en": finding.name}, "at": frozen.stamp(finding.found_at),
    }  # fmt: skip


def _signature(extra: ExtraWork) -> dict[str, Any]:
    return {
        "role": {"zh": "客户", "en": "Customer"}, "name": extra.said_by,
        "at": frozen.stamp(extra.answered_at) if extra.answered_at else None, "ink": extra.ink,
        "typed": extra.ink is None and extra.how == BY_LINK,
    }  # fmt: skip


def _advisor(extra: ExtraWork) -> dict[str, Any]:
    return {"role": ROLE_NAMES[Role.ADVISOR], "name": extra.order.advisor.title["zh"], "at": None, "ink": None,
            "typed": False}  # fmt: skip
