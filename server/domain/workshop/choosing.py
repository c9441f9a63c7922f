"""Choosing from the catalogue: what is usual for such a visit, and whatever is looked for by code or words."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.workshop.order_lines import OrderJob
from server.domain.workshop.repair_orders import RepairOrder

MOST_USUAL, MOST_FOUND, MOST_WALKED = 8, 12, 60
LATELY = timedelta(days=90)
KINDS_OF_A_VISIT = {"body": ("body",), "warranty": ("warranty", "repair"), "recall": ("recall",),
                    "maintenance": ("maintenance",), "repair": ("repair",)}  # fmt: skip


def usual(session: Session, store_id: UUID, kind: str, model_id: UUID | None) -> Sequence[Job]:
    """The jobs of such a visit, those first that were written most often lately."""
    often = (
        select(OrderJob.job_id, func.count().label("times"))
        .join(RepairOrder, RepairOrder.id == OrderJob.order_id)
        .where(OrderJob.store_id == store_id, RepairOrder.arrived_at > now() - LATELY)
        .group_by(OrderJob.job_id)
        .subquery()
    )
    query = select(Job).outerjoin(often, often.c.job_id == Job.id).where(_offered(store_id, model_id))
    query = query.where(Job.kind.in_(KINDS_OF_A_VISIT.get(kind, (kind,))))
    return session.scalars(query.order_by(func.coalesce(often.c.times, 0).desc(), Job.code).limit(MOST_USUAL)).all()


def find_jobs(session: Session, store_id: UUID, typed: str, model_id: UUID | None) -> Sequence[Job]:
    """By the beginning of a code or by words of either language."""
    if not typed.strip():
        return ()
    query = select(Job).where(_offered(store_id, model_id), _called(Job, typed))
    return session.scalars(query.order_by(Job.code).limit(MOST_FOUND)).all()


def find_parts(session: Session, store_id: UUID, typed: str, model_id: UUID | None) -> list[Part]:
    """The same for parts that fit the model; original ones before those that stand in for them."""
    if not typed.strip():
        return []
    query = select(Part).where(Part.store_id == store_id, Part.active, _called(Part, typed))
    rows = session.scalars(query.order_by(Part.instead_of != "", Part.code).limit(MOST_WALKED))
    fitting = [part for part in rows if not part.for_models or model_id is None or str(model_id) in part.for_models]
    return fitting[:MOST_FOUND]


def _offered(store_id: UUID, model_id: UUID | None) -> ColumnElement[bool]:
    fits = or_(Job.model_id.is_(None), Job.model_id == model_id) if model_id else Job.model_id.is_(None)
    return (Job.store_id == store_id) & Job.active & fits


def _called(kind: Any, typed: str) -> ColumnElement[bool]:
    words = typed.strip()[:60]
    ways = [kind.code.ilike(f"{_plain(words)}%", escape="\\")]
    ways += [kind.name[language].as_string().ilike(f"%{_plain(words)}%", escape="\\") for language in ("zh", "en")]
    return or_(*ways)


def _plain(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
