"""Two devices answered the same item, neither knowing of the other: which answer stands, and which is shown beside it.

Only an answer of *another* device that came after what somebody saw (`base_id`) was unseen by them. The later one by
corrected time stands; of a safety item the worse stands until somebody, seeing both, decides. Nothing needs a session.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec

from server.domain.checklists.findings import Answered
from server.domain.checklists.sheets import Question

WORSE = {"ok": 0, "": 1, "watch": 2, "fault": 3}
"""Of two answers given apart: one that was taken back wants a look again, so it is worse than a good one."""

A = TypeVar("A", bound=Answered)


class Standing(msgspec.Struct, Generic[A], frozen=True):
    """What stands at an item, and what somebody else said without knowing of it."""

    answer: A
    others: tuple[A, ...] = ()


def standing(question: Question, answers: Sequence[A]) -> Standing[A] | None:
    """Fold the answers of one item, oldest arrival first; None while nobody has answered."""
    rivals: list[A] = []
    places: dict[Any, int] = {}
    for place, answer in enumerate(answers):
        seen_up_to = places.get(answer.base_id, -1)
        # Given at the house's own door, it was given on the page as it stood.
        unseen = [one for one in rivals if places[one.id] > seen_up_to] if answer.device_id else []
        # A device's own chain goes on: only its last word competes.
        rivals = [*(other for other in unseen if not _same_hand(other, answer)), answer]
        places[answer.id] = place
    if not rivals:
        return None
    stands = max(rivals, key=lambda one: _weight(question, one))
    return Standing(stands, tuple(one for one in rivals if one is not stands and _adds(one, stands)))


def _same_hand(one: Answered, other: Answered) -> bool:
    return one.device_id == other.device_id


def _weight(question: Question, answer: Answered) -> tuple[int, Any, str]:
    worse = WORSE[answer.verdict] if question.safety else 0
    return worse, answer.device_at, str(answer.id)


def _adds(one: Answered, stands: Answered) -> bool:
    """Whether it says anything that does not stand already: another finding, or a remark of its own."""
    own_note = one.note and one.note not in (stands.note or "")
    return bool(own_note) or _says(one) != _says(stands)


def _says(answer: Answered) -> tuple[Any, ...]:
    return answer.verdict, answer.number, answer.choice, answer.text
