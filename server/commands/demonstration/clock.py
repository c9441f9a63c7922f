"""The house's clock set back, so that the demonstration's past is made by the verbs of the present."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch

from server import database


@contextmanager
def at(moment: datetime) -> Generator[None]:
    """As if it were then; from there the clock goes on as usual."""
    began = datetime.now(moment.tzinfo)

    class Then(datetime):
        """What the house reads instead of the clock."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return (moment + (datetime.now(moment.tzinfo) - began)).astimezone(tz)

    # Every room reads the clock through `database.now`, and that reads it here.
    with patch.object(database, "datetime", Then):
        yield
