"""Papers: the PDF for the house, the proof for anybody who holds one."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Response, get
from sqlalchemy.orm import Session

from server import pdf
from server.domain.people import Person, Right, Store
from server.domain.records import Paper, files, papers
from server.domain.records.files import File
from server.domain.refusals import NotThere
from server.settings import settings
from server.visit import ANYONE, needs
from server.web import Html, Page


@get("/papers/{number:str}", opt=ANYONE, sync_to_thread=True)
def proof(number: str, session: Session, page: Page, store: str = "", code: str = "") -> Html:
    """Whether the paper in hand is genuine and its newest revision; no personal data, no sign-in.

    Each store counts for itself, so a bare number may stand for several papers; the QR code says which.
    """
    found = papers.with_number(session, number)
    stores = {paper.store_id: session.get_one(Store, paper.store_id) for paper in found}
    if store:
        found = [paper for paper in found if stores[paper.store_id].code == store]
    in_hand = next((paper for paper in found if code and paper.code == code), None)
    newest = _newest(found)
    status = 200 if found and (in_hand or not code) else 404
    return page(
        "papers/proof.html", status, number=number, in_hand=in_hand, newest=newest, stores=stores, code=code,
    )  # fmt: skip


@get("/papers/{number:str}.pdf", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def print_(number: str, session: Session, person: Person, revision: int = 0) -> Response[bytes]:
    """The PDF of a revision, the newest when not said; drawn from what was frozen, always the same."""
    found = [paper for paper in papers.with_number(session, number) if paper.store_id == person.store_id]
    paper = next((p for p in reversed(found) if revision in (0, p.revision)), None)
    if paper is None:
        raise NotThere
    images = _images(session, paper)
    printed = pdf.render_in_pool(paper.kind, paper.content, images.__getitem__, verify_url(session, paper))
    headers = {"content-disposition": f'inline; filename="{number}-{paper.revision}.pdf"', "cache-control": "private, no-store"}
    return Response(printed, media_type="application/pdf", headers=headers)


def verify_url(session: Session, paper: Paper) -> str:
    """What the QR code says: the number, whose, and enough of the hash to know this very revision."""
    store = session.get_one(Store, paper.store_id)
    return f"{settings().public_url}/papers/{paper.number}?store={store.code}&code={paper.code}"


def _images(session: Session, paper: Paper) -> dict[str, bytes]:
    """The bytes of the photos on a paper, by file."""
    wanted = [
        photo["file"]
        for one in paper.content["lists"]
        for section in one["sections"]
        for item in section["items"]
        for photo in item["answer"]["photos"]
    ]
    return {file_id: _bytes(session, UUID(file_id)) for file_id in wanted}


def _bytes(session: Session, file_id: UUID) -> bytes:
    return files.read(session.get_one(File, file_id))


def _newest(found: Sequence[Paper]) -> dict[UUID, Paper]:
    """The revision in force, by store."""
    return {paper.store_id: paper for paper in found}


ALL = [proof, print_]
