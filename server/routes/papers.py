"""Papers: the PDF for the house, the proof for anybody who holds one."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from sqlalchemy.orm import Session

from server import press
from server.database import EVERY_STORE, reach
from server.domain.people import Right, Store
from server.domain.records import Paper, files, papers
from server.domain.records.files import File
from server.domain.refusals import NotThere
from server.routes.paper_reach import require_readable
from server.settings import settings
from server.visit import ANYONE, Visit, admitted
from server.web import Html, Page


@get("/papers/{name:str}", opt=ANYONE, sync_to_thread=True)
def paper(
    name: str, session: Session, visit: Visit, page: Page, store: str = "", code: str = "", revision: int = 0
) -> Response[Any]:
    """`/papers/{number}` proves a paper to anybody; `/papers/{number}.pdf` prints it for the house."""
    number, dot, kind = name.partition(".")
    if dot and kind != "pdf":
        raise NotThere
    return _print(session, visit, number, revision) if dot else _prove(session, page, number, store, code)


def _prove(session: Session, page: Page, number: str, store: str, code: str) -> Html:
    """Whether the paper in hand is genuine and its newest revision: no personal data, no sign-in.

    Each store counts for itself, so a bare number may stand for several papers; the QR code says which.
    """
    reach(session, EVERY_STORE)
    found = papers.with_number(session, number)
    stores = {one.store_id: session.get_one(Store, one.store_id) for one in found}
    if store:
        found = [one for one in found if stores[one.store_id].code == store]
    in_hand = next((one for one in found if code and one.code == code), None)
    status = 200 if found and (in_hand or not code) else 404
    newest = {one.store_id: one for one in found}
    return page("papers/proof.html", status, number=number, in_hand=in_hand, newest=newest, stores=stores, code=code)


def _print(session: Session, visit: Visit, number: str, revision: int) -> Response[bytes]:
    """The PDF of a revision, the newest when not said; drawn from what was frozen, always the same."""
    person = admitted(visit, Right.SEE_DELIVERIES)
    found = [one for one in papers.with_number(session, number) if one.store_id == person.store_id]
    wanted = next((one for one in reversed(found) if revision in (0, one.revision)), None)
    if wanted is None:
        raise NotThere
    require_readable(session, person, wanted)
    images = _images(session, wanted)
    printed = press.printed(wanted.kind, wanted.content, images, verify_url(session, wanted))
    headers = {
        "content-disposition": f'inline; filename="{number}-{wanted.revision}.pdf"',
        "cache-control": "private, no-store",
    }
    return Response(printed, media_type="application/pdf", headers=headers)


def verify_url(session: Session, wanted: Paper) -> str:
    """What the QR code says: the number, whose, and enough of the hash to know this very revision."""
    store = session.get_one(Store, wanted.store_id)
    return f"{settings().public_url}/papers/{wanted.number}?store={store.code}&code={wanted.code}"


def _images(session: Session, wanted: Paper) -> dict[str, bytes]:
    """The bytes of the photos on a paper, by file."""
    shown = [
        photo["file"]
        for one in wanted.content["lists"]
        for section in one["sections"]
        for item in section["items"]
        for photo in item["answer"]["photos"]
    ]
    shown += [picture["file"] for picture in wanted.content.get("pictures", ())]
    return {file_id: _bytes(session, UUID(file_id)) for file_id in shown}


def _bytes(session: Session, file_id: UUID) -> bytes:
    return files.read(session.get_one(File, file_id))


ALL = [paper]
