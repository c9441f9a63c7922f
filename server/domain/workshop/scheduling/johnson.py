"""Johnson's rule: jobs that all pass the same two stages, one job at a time in each (repair, then wash)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TwoStage:
    """A job with its minutes in the first and in the second stage, and by when it is wanted."""

    name: str
    first: int
    second: int
    due: int | None = None
    """Minutes from the beginning."""


@dataclass(frozen=True)
class Passage:
    """How a row of jobs passes: all in minutes from the beginning."""

    order: tuple[TwoStage, ...]
    ends: tuple[int, ...]
    """When each of them leaves the second stage."""
    idle: int
    """How long the second stage stands still before its last job is done."""

    @property
    def makespan(self) -> int:
        """When the last one is done."""
        return max(self.ends, default=0)

    @property
    def late(self) -> tuple[TwoStage, ...]:
        """Whoever is not ready when promised: for that a shorter day is no excuse."""
        pairs = zip(self.order, self.ends, strict=True)
        return tuple(job for job, end in pairs if job.due is not None and end > job.due)


def passage(order: Sequence[TwoStage]) -> Passage:
    """What comes of working in this order."""
    first_free = second_free = idle = 0
    ends: list[int] = []
    for job in order:
        first_free += job.first
        begins = max(first_free, second_free)
        idle += begins - second_free
        second_free = begins + job.second
        ends.append(second_free)
    return Passage(tuple(order), tuple(ends), idle)


def shortest(jobs: Sequence[TwoStage]) -> Passage:
    """The order with the smallest makespan (S. M. Johnson, 1954).

    Who is quicker in the first stage goes first, the quickest before all; the others follow, the longest in
    the second stage before all. Equals stay as they came.
    """
    feeding = sorted((job for job in jobs if job.first <= job.second), key=lambda job: job.first)
    draining = sorted((job for job in jobs if job.first > job.second), key=lambda job: -job.second)
    return passage([*feeding, *draining])


def by_promise(jobs: Sequence[TwoStage]) -> Passage:
    """In the order of their promised times; who has none comes last, as they came."""
    return passage(sorted(jobs, key=lambda job: (job.due is None, job.due or 0)))
