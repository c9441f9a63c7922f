"""A customer's own pages: `/c/{token}` shows what the link is about, without sign-in; what it holds is by its kind."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from server.domain.customers import links
from server.domain.customers.links import CustomerLink, Guest
from server.domain.refusals import NotThere
from server.visit import Visit
from server.web import Html, Page

Show = Callable[["Guests", Page], Html]


class Guests:
    """One customer at their link: the session reaches their store, and nothing else is shown than the link's thing."""

    def __init__(self, session: Session, visit: Visit, token: str, *kinds: str) -> None:
        """Raises NotThere, TooMany; that somebody missed is kept."""
        self.session, self.visit, self.token = session, visit, token
        self.link = self._let_in(kinds)
        self.guest: Guest = links.guest_of(session, self.link)

    def has_come(self) -> None:
        """Count that the page was looked at, for the advisor."""
        with self.visit.aside() as aside:
            links.opened(aside, aside.get_one(CustomerLink, self.link.id))

    @property
    def base(self) -> str:
        """Where all of its pages are."""
        return f"/c/{self.token}"

    def frame(self) -> dict[str, Any]:
        """What every page of a guest shows around its own."""
        return links.shown(self.session, self.link) | {"link": self.link, "base": self.base}

    def _let_in(self, kinds: tuple[str, ...]) -> CustomerLink:
        session, visit = self.session, self.visit
        try:
            return links.open_link(session, self.token, *kinds, address=visit.address)
        except NotThere:
            if not links.exists(session, self.token):
                _missed(session, visit)
            raise


def _missed(session: Session, visit: Visit) -> None:
    if visit.writing:
        links.missed(session, visit.address)
        visit.keep_refusal = True
        return
    with visit.aside() as aside:
        links.missed(aside, visit.address)
