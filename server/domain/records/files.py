"""Photos and papers as files, stored once under the hash of their content."""

import hashlib
import io
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlparse
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore, from_url
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session

from server.database import Base, OfStore, now
from server.domain.records.events import Actor
from server.domain.refusals import Invalid, N_, NotThere
from server.settings import settings

LONGEST_SIDE = 1600
THUMB = 320
MOST_PIXELS = 60_000_000
PHOTO_KINDS = ("JPEG", "PNG", "WEBP")


class File(OfStore, Base):
    """What is known of a stored file; its bytes lie in the object store under `sha256`."""

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("store_id", "sha256"),)

    sha256: Mapped[str]
    original_sha256: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    erased_at: Mapped[datetime | None]
    """When its bytes were deleted because they may not be kept any longer; what it was stays known."""


def keep_photo(session: Session, upload: bytes, *, by: Actor) -> File:
    """Decode, turn upright, shrink, drop EXIF, re-encode and store. Raises Invalid at `photo`."""
    return keep(session, *clean_photo(upload), original=upload, by=by)


def clean_photo(upload: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """A JPEG of at most 1,600 px that holds only the picture: no EXIF, no profile, no hidden tail."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint switches it on; half a photo proves nothing
    try:
        with Image.open(io.BytesIO(upload), formats=PHOTO_KINDS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid.at("photo", N_("This picture is too large. Take it again with the camera."))
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise Invalid.at("photo", N_("This is not a photo that can be read. Take another one.")) from fault
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), "image/jpeg", plain.size


def thumbnail(photo: bytes) -> bytes:
    """The same picture, small enough for a list."""
    with Image.open(io.BytesIO(photo)) as picture:
        picture.draft("RGB", (THUMB, THUMB))
        picture.thumbnail((THUMB, THUMB))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=75)
    return out.getvalue()


def keep(
    session: Session,
    content: bytes,
    media_type: str,
    measure: tuple[int, int] | None = None,
    *,
    original: bytes | None = None,
    by: Actor,
) -> File:
    """Store bytes once per store; the same content again gives the same row."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = session.scalar(select(File).where(File.store_id == by.store_id, File.sha256 == sha256))
    if known:
        if known.erased_at is not None:
            obstore.put(_shelf(), _place(sha256), content)
            known.erased_at = None
        return known
    width, height = measure or (None, None)
    # Bytes first: a row never points at nothing; bytes without a row are only dust.
    obstore.put(_shelf(), _place(sha256), content)
    file = File(
        store_id=by.store_id, sha256=sha256, original_sha256=hashlib.sha256(original or content).hexdigest(),
        media_type=media_type, size=len(content), width=width, height=height, created_at=now(), created_by=by.id,
    )  # fmt: skip
    session.add(file)
    session.flush()  # its id is wanted at once by the row that shows it
    return file


def read(file: File) -> bytes:
    """The bytes of a file. Raises NotThere when the object store has lost them."""
    try:
        return obstore.get(_shelf(), _place(file.sha256)).bytes().to_bytes()
    except FileNotFoundError as fault:
        raise NotThere from fault


def erase(session: Session, file: File, at: datetime) -> None:
    """Delete the bytes; that there was a file, and its hash, stays known. Another store may hold the same ones."""
    others = select(File.id).where(File.sha256 == file.sha256, File.id != file.id, File.erased_at.is_(None))
    file.erased_at = at
    if session.scalar(others.limit(1)) is None:
        with suppress(FileNotFoundError):  # gone already, in a transaction that was not kept
            obstore.delete(_shelf(), _place(file.sha256))


def intact(file: File) -> bool:
    """Whether the stored bytes still have the hash they were stored under, or were deleted on purpose."""
    if file.erased_at is not None:
        return True
    try:
        return hashlib.sha256(read(file)).hexdigest() == file.sha256
    except NotThere:
        return False


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


@cache
def _shelf() -> ObjectStore:
    url = settings().files_url
    if url.startswith("file:"):
        folder = Path(unquote(urlparse(url).path))
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    return from_url(url)
