"""Push notices: switched on and off by a person on a device, and whose a notice is when it arrives there."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from sqlalchemy.orm import Session

from server import push
from server.domain.people import Person, notices, subscriptions
from server.domain.refusals import N_
from server.forms import Form
from server.visit import ANYONE, SIGNED_IN, Visit
from server.web import Html, Page

CARD = "/me#push"


def card(session: Session, person: Person) -> dict[str, Any]:
    """What the card on one's own page shows."""
    here = subscriptions.here(session, person)
    return {"key": push.public_key(), "here": here, "topics": subscriptions.offered(person)}


@post("/me/push", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def subscribe(form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Notices come to this device from now on, in the language that it speaks."""
    endpoint = form.text("endpoint")
    if not push.is_place(endpoint):
        endpoint = ""  # refused below, as any other place that cannot be one
    subscriptions.subscribe(
        session, by=person, endpoint=endpoint, p256dh=form.text("p256dh", most=200),
        auth_secret=form.text("auth", most=100), language=visit.language,
    )  # fmt: skip
    return page.go(CARD, N_("Notices come to this device from now on."))


@post("/me/push/removal", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def unsubscribe(session: Session, person: Person, page: Page) -> Html:
    """No more of them here."""
    subscriptions.unsubscribe(session, by=person)
    return page.go(CARD, N_("Notices no longer come to this device."))


@post("/me/push/topics", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def choose(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Only of what was ticked."""
    if subscriptions.here(session, person) is None:
        return page.go(CARD, N_("Notices no longer come to this device."), tone="warn")
    subscriptions.choose(session, form.every("topics"), by=person)
    return page.go(CARD, N_("Kept: only these notices come to this device."))


@get("/notices/{notice_id:uuid}/holder", opt=ANYONE, sync_to_thread=True)
def holder(notice_id: UUID, session: Session, visit: Visit) -> Response[dict[str, bool]]:
    """Whether a notice that has arrived is for whoever holds the device now; asked before it is shown."""
    here = notices.is_for_who_holds(session, notice_id, visit.device)
    return Response({"here": here}, headers={"cache-control": "no-store"})


ALL = [subscribe, unsubscribe, choose, holder]
