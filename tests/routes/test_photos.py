"""Photos as they come from a camera, and what only says that it is one."""

import contextlib
import io
import zipfile
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from server.commands.demonstration import pictures
from server.domain.checklists import Question
from server.domain.checklists.runs import Photo, Run
from server.domain.records import files
from server.domain.records.files import LONGEST_SIDE, File
from server.domain.refusals import Invalid
from tests.routes.refusing import SEVERAL, refused
from tests.routes.world import World


def jpeg(size: tuple[int, int] = (64, 48), **how: Any) -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, "JPEG", **how)
    return out.getvalue()


def zipped() -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.jpg", jpeg())
    return out.getvalue()


NO_PHOTOS = {
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "archive.jpg": zipped(),
    "half.jpg": jpeg((900, 700))[:2000],
    "empty.jpg": b"",
    "text.png": b"not a picture",
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "header.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\xff" * 17,
    "picture.gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(5) + b"\xff,\x00;",
}


@pytest.mark.parametrize("name", NO_PHOTOS)
def test_what_is_no_photo_is_refused(world: World, item: Any, name: str) -> None:
    run, question = item("C05", lambda question: question.photo_needed)
    upload = {"photo": (name, NO_PHOTOS[name], "image/jpeg")}
    refused(world, "zhou", f"/runs/{run.id}/items/{question.id}/photos", 422, files=upload)


def test_a_picture_of_many_pixels_is_refused(world: World, item: Any) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    run, question = item("C05", lambda question: question.photo_needed)
    upload = {"photo": ("bomb.png", out.getvalue(), "image/png")}
    refused(world, "zhou", f"/runs/{run.id}/items/{question.id}/photos", 422, files=upload)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\x.jpg", "/etc/shadow", "a\x00b.jpg", "<b>.jpg", "长" * 300]
)
def test_the_name_of_a_file_means_nothing(world: World, item: Any, name: str) -> None:
    run, question = item("C05", lambda question: question.photo_needed)
    kept = _send_photo(world, run, question, name, jpeg())
    assert kept.status_code == 303
    with world.database.work(world.cast.store) as session:
        file = session.get_one(File, _newest_photo(world).file_id)
        assert files._place(file.sha256) == f"{file.sha256[:2]}/{file.sha256}"
        assert files.intact(file)


def _send_photo(world: World, run: Run, question: Question, name: str, photo: bytes) -> httpx.Response:
    return world.visitor("zhou").post(
        f"/runs/{run.id}/items/{question.id}/photos", files={"photo": (name, photo, "image/jpeg")}
    )


def _newest_photo(world: World) -> Photo:
    with world.database.work(world.cast.store) as session:
        return session.scalars(select(Photo).order_by(Photo.at.desc(), Photo.id.desc()).limit(1)).one()


def test_a_photo_comes_out_upright_small_and_bare(world: World, item: Any) -> None:
    picture = Image.new("RGB", (2400, 1800), (250, 250, 250))
    picture.paste((10, 10, 200), (0, 0, 2400, 400))  # the sky, above
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn it a quarter clockwise
    exif[0x010F], exif[0x8825] = "Camera", {1: "N", 2: (31.0, 20.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"where it was taken")
    run, question = item("C05", lambda question: question.photo_needed)
    assert _send_photo(world, run, question, "car.jpg", out.getvalue()).status_code == 303
    answer = world.visitor("zhou").get(f"/files/{_newest_photo(world).file_id}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(answer.content)) as kept:
        assert kept.size == (1200, LONGEST_SIDE)
        assert not kept.getexif()
        assert "comment" not in kept.info
        right, left = kept.convert("RGB").getpixel((1150, 800)), kept.convert("RGB").getpixel((50, 800))
    assert right[2] > 150 > right[0], "the sky is at the right now"
    assert left[0] > 200
    assert b"Camera" not in answer.content
    small = world.visitor("zhou").get(f"/files/{_newest_photo(world).file_id}/small")
    with Image.open(io.BytesIO(small.content)) as thumb:
        assert max(thumb.size) <= files.THUMB


@given(
    at=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=30),
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
)
@SEVERAL
def test_a_damaged_photo_is_a_photo_or_refused(at: list[tuple[int, int]], kind: str) -> None:
    out = io.BytesIO()
    Image.open(io.BytesIO(pictures.photo(3))).resize((80, 60)).save(
        out, kind, exif=Image.Exif() if kind == "PNG" else b""
    )
    damaged = bytearray(out.getvalue())
    for place, byte in at:
        damaged[place % len(damaged)] = byte
    with contextlib.suppress(Invalid):
        files.clean_photo(bytes(damaged))
