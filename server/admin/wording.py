"""Refusals as Piccolo's page can show them: plain words in the person's language."""

from server import i18n
from server.domain.refusals import Invalid, Refusal, Stale


def in_words(refusal: Refusal, language: str) -> str:
    """What is wrong and where; for a stale form what stands there now."""
    lines = [i18n.tell(refusal.said, language)]
    if isinstance(refusal, Invalid):
        lines += [f"{field}: {i18n.tell(said, language)}" for field, said in refusal.errors.items()]
    if isinstance(refusal, Stale):
        lines += [f"{field}: {refusal.mine[field]} ≠ {theirs}" for field, theirs in refusal.theirs.items()]
    return "\n".join(lines)
