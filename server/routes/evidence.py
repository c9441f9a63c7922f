"""Photos and signatures, for people of the store alone."""

from uuid import UUID

from litestar import Response, get
from markupsafe import Markup
from sqlalchemy.orm import Session

from server.domain.care.visit_reach import visible_to
from server.domain.checklists.runs import Signature
from server.domain.people import Person, Right, of_store
from server.domain.records import files
from server.domain.records.files import File
from server.domain.refusals import NotThere
from server.visit import needs

KEPT = {"cache-control": "private, max-age=31536000, immutable"}
"""What is addressed by its identity never changes."""
FRAME = Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}">{}</svg>')
NAME = Markup('<text x="150" y="68" text-anchor="middle" font-size="34" font-style="italic" fill="#16202b">{}</text>')
PEN = Markup('<g fill="none" stroke="#16202b" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">{}</g>')
OF_THE_WORKSHOP = {"technician", "leader", "inspector"}


@get("/files/{file_id:uuid}", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def whole(file_id: UUID, session: Session, person: Person) -> Response[bytes]:
    """A photo in full."""
    file = _file(session, person, file_id)
    return Response(files.read(file), media_type=file.media_type, headers=KEPT)


@get("/files/{file_id:uuid}/small", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def small(file_id: UUID, session: Session, person: Person) -> Response[bytes]:
    """A photo as a thumbnail."""
    file = _file(session, person, file_id)
    return Response(files.thumbnail(files.read(file)), media_type="image/jpeg", headers=KEPT)


@get("/signatures/{signature_id:uuid}", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def signature(signature_id: UUID, session: Session, person: Person) -> Response[str]:
    """A signature as it was drawn, or the name as it was typed."""
    signed = of_store(session, Signature, signature_id, person.store_id)
    if not _may_see(session, signed, person):
        raise NotThere
    return Response(_drawing(signed), media_type="image/svg+xml", headers=KEPT)


def _may_see(session: Session, signed: Signature, person: Person) -> bool:
    """The workshop sees its own signatures; a customer's name is for who sees customers, or goes on that visit."""
    if person.may(Right.SEE_CUSTOMERS) or signed.role in OF_THE_WORKSHOP:
        return True
    return visible_to(session, person).has_run(signed.run_id)


def _drawing(signed: Signature) -> str:
    if signed.ink is None:
        return FRAME.format("0 0 300 110", NAME.format(signed.name))
    lines = Markup("").join(
        Markup('<polyline points="{}"/>').format(" ".join(f"{dot['x']:g},{dot['y']:g}" for dot in stroke["points"]))
        for stroke in signed.ink
    )
    across, down = ([dot[axis] for stroke in signed.ink for dot in stroke["points"]] for axis in "xy")
    left, top = min(across) - 6, min(down) - 6
    box = f"{left:g} {top:g} {max(across) - left + 6:g} {max(down) - top + 6:g}"
    return FRAME.format(box, PEN.format(lines))


def _file(session: Session, person: Person, file_id: UUID) -> File:
    file = of_store(session, File, file_id, person.store_id)
    if not file.media_type.startswith("image/"):
        raise NotThere
    return file


ALL = [whole, small, signature]
