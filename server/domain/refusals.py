"""How the dealership says no: in words that the web turns into the person's language."""

from collections.abc import Mapping
from typing import Any


def N_(message: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return message


class Said:
    """A sentence of the catalogue with what belongs into its gaps."""

    def __init__(self, message: str, **gaps: Any) -> None:
        self.message = message
        self.gaps = gaps

    def __repr__(self) -> str:
        return f"Said({self.message!r}, {self.gaps!r})"


class Refusal(Exception):
    """Something the dealership does not do; `said` tells the person why."""

    def __init__(self, message: str, **gaps: Any) -> None:
        super().__init__(message)
        self.said = Said(message, **gaps)


class NotThere(Refusal):
    """It is not there, or not within this person's reach; nobody learns which."""

    def __init__(self) -> None:
        super().__init__(N_("This is not here, or not yours to see."))


class NotAllowed(Refusal):
    """The person's role does not do this."""

    def __init__(self) -> None:
        super().__init__(N_("Your role does not do this. Ask your manager if it should."))


class WrongMove(Refusal):
    """The thing is not in a state from which this can be done."""


class Stale(Refusal):
    """Somebody else changed it meanwhile; `mine` and `theirs` are shown side by side."""

    def __init__(self, mine: Mapping[str, str], theirs: Mapping[str, str]) -> None:
        super().__init__(N_("Somebody changed this while you were writing."))
        self.mine = mine
        self.theirs = theirs


class Invalid(Refusal):
    """What was typed cannot be kept; each field's name with what is wrong there."""

    def __init__(self, errors: Mapping[str, Said]) -> None:
        super().__init__(N_("Please look at the marked fields."))
        self.errors = dict(errors)

    @classmethod
    def at(cls, field: str, message: str, **gaps: Any) -> "Invalid":
        """One field is wrong."""
        return cls({field: Said(message, **gaps)})
