"""Whether the house is up, and what it says to an address that leads nowhere."""

from litestar import get
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.domain.refusals import NotThere
from server.visit import ANYONE


@get("/health", opt=ANYONE, sync_to_thread=True)
def health(session: Session) -> dict[str, str]:
    """Up, and its database answers."""
    session.execute(text("SELECT 1"))
    return {"status": "ok"}


@get("/{path:path}", opt=ANYONE, sync_to_thread=False)
def nowhere(path: str) -> None:
    """Any other address."""
    raise NotThere


ALL = [health, nowhere]
