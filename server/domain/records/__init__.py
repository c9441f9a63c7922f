"""What is written down for good: events, receipts, files, papers, consent."""

from server.domain.records.events import Actor, Event, EventHead, record
from server.domain.records.papers import Paper

__all__ = ["Actor", "Event", "EventHead", "Paper", "record"]
