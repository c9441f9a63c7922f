"""Refusals as Piccolo's page can show them: plain words in the person's language."""

from sqlalchemy.exc import DBAPIError, IntegrityError

from server import i18n
from server.admin.naming import called
from server.domain.refusals import Invalid, N_, Refusal, Stale, WrongMove


def in_words(refusal: Refusal, language: str) -> str:
    """What is wrong and where; for a stale form what stands there now."""
    lines = [i18n.tell(refusal.said, language)]
    if isinstance(refusal, Invalid):
        lines += [f"{called(field, language)}: {i18n.tell(said, language)}" for field, said in refusal.errors.items()]
    if isinstance(refusal, Stale):
        both = ((called(field, language), refusal.mine[field], theirs) for field, theirs in refusal.theirs.items())
        lines += [f"{field}: {mine} ≠ {theirs}" for field, mine, theirs in both]
    return "\n".join(lines)


def of_the_database(fault: DBAPIError) -> Refusal:
    """What only the database could see; a fault that is none of the row's goes on as a fault."""
    said = str(fault.orig).lower()
    if "unique" in said:
        return WrongMove(N_("There is one like this already."))
    if "foreign key" in said:
        return WrongMove(N_("Other rows still point at this, so it stays."))
    if isinstance(fault, IntegrityError):
        return WrongMove(N_("The database refuses this: what is published or recorded does not change."))
    raise fault
