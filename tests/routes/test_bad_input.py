"""Whatever comes in: a clear answer in the person's language, nothing typed lost, nothing stored half."""

import contextlib
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select, update

from server.commands.demonstration import pictures
from server.database import Database, now, uuid7
from server.domain.checklists import Question, runs
from server.domain.checklists.runs import Photo, Run
from server.domain.customers import Customer
from server.domain.delivery import deliveries, handover, pdi
from server.domain.people.sign_in import SignIn
from server.domain.records import files
from server.domain.records.files import LONGEST_SIDE, File
from server.domain.refusals import Invalid
from tests.cast import OTHER_VIN, Cast, a_delivery, a_ready_delivery, work
from tests.routes.world import EVERYTHING, World
from tests.visitor import Visitor

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = '"><img src=x onerror=alert(1)>'
MUCH = "很长" * 1_750_000
"""Ten megabytes."""
SEVERAL = settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def in_both(visitor: Visitor, ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, httpx.Response]:
    """The same in Chinese and in English."""
    answers: list[httpx.Response] = []
    for language in ("zh", "en"):
        visitor.http.cookies.set("huanche_language", language, domain="testserver.local", path="/")
        answers.append(ask())
    visitor.http.cookies.delete("huanche_language")
    return answers[0], answers[1]


TOLD = r'<b role="alert">(.*?)</b>', r'role="alert"[^>]*>([^\s].*?)</(?:div></div|p)>', r'class="error"[^>]*>(.+?)</p>'


def told(answer: httpx.Response) -> str:
    """What the page says is wrong: in its notice, at its fields, or as its heading."""
    found = next(iter(re.findall(TOLD[0], answer.text)), "") or " ".join(
        said for shape in TOLD[1:] for said in re.findall(shape, answer.text, re.DOTALL)
    )
    found = found or " ".join(re.findall(r"<h1>(.*?)</h1>", answer.text, re.DOTALL))
    assert found, answer.text[:400]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def refused(
    world: World, name: str | None, place: str, status: int, /, files: Any = None, **fields: Any
) -> tuple[httpx.Response, httpx.Response]:
    """Refused with that status, in both languages, and nothing is stored of it."""
    visitor = world.visitor(name)
    before, _ = world.counts(), visitor.token
    zh, en = in_both(visitor, lambda: visitor.post(place, files=files, **fields))
    assert (zh.status_code, en.status_code) == (status, status), told(zh)
    assert re.search("[一-鿿]", told(zh)), told(zh)
    assert told(en).isascii() or "“" in told(en), told(en)
    assert world.counts() == before
    return zh, en


@pytest.fixture
def item(world: World) -> Callable[..., tuple[Run, Question]]:
    """`item("C05", lambda question: question.counts)`: an item of the run that is being walked."""

    def find(code: str, fits: Callable[[Question], bool] = lambda _: True) -> tuple[Run, Question]:
        run = world.one(Run, Run.code == code, Run.state == "open")
        with world.database.work(world.cast.store) as session:
            return run, next(question for question in runs.sheet_of(session, run).questions() if fits(question))

    return find


# --- Fields ---------------------------------------------------------------------------------

WRONG_FIELDS: list[tuple[str, str, dict[str, str]]] = [
    ("lin", "/customers", {"name": "", "kind": "person"}),
    ("lin", "/customers", {"name": "王" * 81, "kind": "person"}),
    ("lin", "/customers", {"name": "王芳", "kind": "ghost"}),
    ("lin", "/customers", {"name": "王芳", "kind": "person", "phone": "twelve"}),
    ("lin", "/customers", {"name": "王芳", "kind": "person", "personal_number": "123456"}),
    ("lin", "/deliveries", {}),
    ("lin", "/deliveries", {"name": "王芳", "phone": "x", "vin": "SHORT", "planned_at": "soon", "model": "none"}),
    ("lin", "/deliveries", {"customer": "not an identity"}),
    ("lin", "/deliveries/{number}/schedule", {"planned_at": "32nd of May", "place": "moon", "version": "one"}),
    ("lin", "/deliveries/{number}/schedule", {"planned_at": "9999-01-01T00:00", "version": "-1"}),
    ("lin", "/deliveries/{number}/cancellation", {"why": ""}),
    ("lin", "/customers/{customer_id}/edit", {"name": "", "kind": "person", "version": "1"}),
    ("lin", "/customers/{customer_id}/consents", {"purpose": "everything", "how": "loudly", "given": "perhaps"}),
    ("lin", "/customers/{customer_id}/cars", {"kind": "thief", "odometer_km": "far"}),
    ("lin", "/cars/{car_id}/edit", {"vin": "O" * 17, "odometer_km": "-5", "version": "1"}),
    ("lin", "/runs/{run_id}/items/{item_id}/photos", {}),
    ("lin", "/me/pin", {"password": "wrong", "pin": "135791"}),
    ("lin", "/me/pin", {"password": "huanche-demo", "pin": "111111"}),
    ("he", "/contacts/{contact_id}/outcome", {"outcome": "never", "note": ""}),
    ("he", "/contacts/{contact_id}/outcome", {"outcome": "reached", "note": ""}),
    (None, "/sign-in", {"name": "", "password": ""}),
    (None, "/sign-in", {"name": "lin", "password": "x" * 201}),
]


@pytest.mark.parametrize(("name", "place", "fields"), WRONG_FIELDS)
def test_what_is_wrong_is_told_in_both_languages(
    world: World, name: str | None, place: str, fields: dict[str, str]
) -> None:
    zh, _ = refused(world, name, place.format(**world.examples()), 422, **fields)
    for field, typed in fields.items():
        if typed.strip() and field in {"name", "phone", "vin", "odometer_km", "note", "planned_at"}:
            assert f'"{typed}"' in zh.text or f">{typed}<" in zh.text, f"{field} is lost"


@pytest.mark.parametrize("secret", ["password", "pin"])
def test_secrets_are_never_shown_again(world: World, secret: str) -> None:
    answer = world.visitor("lin").post("/me/pin", **{"password": "a secret", "pin": "13579a", secret: "open sesame"})
    assert answer.status_code == 422
    assert "open sesame" not in answer.text


@pytest.mark.parametrize("number", ["two", "1e400", "nan", "inf", "--2", "9" * 30, "0x10"])
def test_a_number_that_is_none(world: World, item: Any, number: str) -> None:
    run, question = item("C05", lambda question: question.counts)
    zh, _ = refused(world, "zhou", f"/runs/{run.id}/items/{question.id}/answer", 422, answer="ok", number=number[:20])
    assert number[:20] in zh.text


def test_a_verdict_and_a_choice_that_are_not_offered(world: World, item: Any) -> None:
    run, question = item("C05")
    refused(world, "zhou", f"/runs/{run.id}/items/{question.id}/answer", 422, answer="splendid")
    refused(world, "zhou", f"/runs/{run.id}/items/{question.id}/answer", 422, answer="ok", note="长" * 501)


@pytest.mark.parametrize("ink", ["{", "[[1]]", '[{"points":[{"x":1e9,"y":0}]}]', '[{"points":7}]', "null"])
def test_a_signature_that_cannot_be_read(world: World, ink: str) -> None:
    refused(world, "lin", _section_to_sign(world), 422, ink=ink)


def _section_to_sign(world: World) -> str:
    known = world.examples()
    return f"/deliveries/{known['number']}/sections/{known['section_id']}/signature"


def test_nothing_under_a_signature(world: World) -> None:
    refused(world, "lin", _section_to_sign(world), 409, typed_name="欧阳建国")


# --- Too much, and not a form at all ----------------------------------------------------------


@pytest.mark.parametrize("place", ["/customers", "/deliveries", "/sign-in", "/runs/{run_id}/items/{item_id}/answer"])
def test_ten_megabytes_of_text_are_too_large(world: World, place: str) -> None:
    zh, en = refused(world, "lin", place.format(**world.examples()), 413, note=MUCH)
    assert len(zh.text) < 20_000
    assert len(en.text) < 20_000


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"nothing of the kind"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--y--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        ),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=\xff&a=%ff%00"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
        ("application/json", b'{"name": "x"}'),
        ("application/json", b"{"),
        ("text/plain", b"\x00\x01"),
        ("nonsense", b""),
    ],
)
@pytest.mark.parametrize("by_header", [True, False])
@pytest.mark.parametrize("name", ["lin", None])
def test_a_body_that_is_no_form(world: World, kind: str, body: bytes, by_header: bool, name: str | None) -> None:
    visitor = world.visitor(name)
    before = world.counts()
    headers = {"content-type": kind}
    if by_header:
        headers |= {"x-csrf-token": visitor.token, "idempotency-key": str(uuid7())}
    for place in ("/customers", "/sign-in"):
        answer = visitor.http.post(place, content=body, headers=headers)
        assert 400 <= answer.status_code < 500, answer.status_code
        assert told(answer)
    assert world.counts() == before


@pytest.mark.parametrize(
    "cookie", ["a(b=1", "huanche_session=%00", "=", "huanche_visitor=" + "é" * 32, "x=\udcff", ";;;"]
)
def test_a_foreign_cookie_shuts_nobody_out(world: World, cookie: str) -> None:
    answer = world.visitor(None).http.get("/sign-in", headers={"cookie": cookie.encode("utf-8", "surrogateescape")})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "place",
    [
        "/deliveries/%00",
        "/deliveries/%E7%8E%8B",
        "/papers/%00",
        "/papers/JC-1.pdf",
        "/papers/..%2F..%2Fetc%2Fpasswd",
        "/papers/x.pdf.pdf",
        "/customers?q=%00",
        "/customers?q=%FF%FE",
        "/customers/likely?name=%00&phone=%00",
        "/customers/new?name=%00",
        "/deliveries?show=done&before=0001-01-01T00:00:00%2B23:59",
        "/deliveries?show=done&before=tomorrow",
        "/deliveries/new?customer=x",
        "/deliveries/{number}/handover?section=x",
        "/customers/{customer_id}?before=99999999999999999999",
        "/customers/{customer_id}?before=x",
        "/cars/{car_id}?before=-99999999999999999999",
        "/papers/JC-1.pdf?revision=99999999999999999999",
        "/deliveries/{number}/correction?paper=%00",
        "/contacts?show=%00",
        "/contacts/not-an-identity",
        "/files/1",
        "/switch?name=%00",
        "/sign-in?next=//evil.example",
        "/static/x/../../server/settings.py",
        "/static/x/%2e%2e/%2e%2e/pyproject.toml",
        "/static/x/%00",
    ],
)
def test_an_address_that_nobody_wrote(world: World, place: str) -> None:
    for name in (EVERYTHING, None):
        answer = world.visitor(name).http.get(place.format(**world.examples()))
        assert answer.status_code < 500, f"{name} {place}"


@pytest.mark.parametrize(
    "aim", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "/a\r\nX: y", "/王"]
)
def test_nobody_is_led_away(world: World, aim: str) -> None:
    answer = world.visitor("lin").post("/language", language="en", next=aim)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/")
    assert "evil" not in answer.headers["location"]
    assert "x" not in answer.headers


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("place", ["/", "/customers", "/sign-in", "/nowhere"])
def test_ways_that_the_house_does_not_know(world: World, method: str, place: str) -> None:
    for name in ("lin", None):
        answer = world.visitor(name).http.request(method, place)
        assert answer.status_code < 500, answer.status_code


def test_posting_to_nowhere(world: World) -> None:
    for place in ("/nowhere", "/me", "/pdi"):
        zh, en = in_both(world.visitor("lin"), lambda place=place: world.visitor("lin").post(place))
        assert (zh.status_code, en.status_code) == (405, 405)
        assert told(zh) != told(en)


# --- Hostile words ------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [SCRIPT, ATTRIBUTE, "{{ 7 * 7 }}", "%(name)s %s", "'; DROP TABLE staff; --"])
def test_hostile_words_stay_words(world: World, item: Any, words: str) -> None:
    lin, zhou = world.visitor("lin"), world.visitor("zhou")
    new = lin.post("/customers", name=words, kind="person", address=words, note=words, even_so="1")
    assert new.status_code == 303, told(new)
    delivery = world.delivery("planned")
    moved = lin.post(
        f"/deliveries/{delivery.number}/schedule", planned_at="2026-12-01T10:00", place="bay-1", note=words,
        version=delivery.version,
    )  # fmt: skip
    run, question = item("C05")
    kept = zhou.post(f"/runs/{run.id}/items/{question.id}/answer", answer="watch", note=words)
    assert kept.status_code == 303
    for visitor, place in (
        (lin, new.headers["location"]), (lin, f"{new.headers['location']}/edit"), (lin, "/customers"),
        (lin, f"/customers?q={words.replace('%', '%25')}"), (lin, f"/deliveries/{delivery.number}"),
        (zhou, kept.headers["location"].split("#")[0]),
    ):  # fmt: skip
        answer = visitor.get(place)
        assert answer.status_code == 200
        assert SCRIPT not in answer.text, place
        assert "onerror=alert(1)>" not in answer.text, place
    assert moved.status_code in (303, 422)
    refusals = (
        lin.post("/customers", name=words, kind="ghost"), lin.post("/deliveries", name=words, vin=words, note=words),
        world.visitor(None).post("/sign-in", name=words, password="x", next=words),
        zhou.post(f"/runs/{run.id}/items/{question.id}/answer", answer=words, note=words),
        lin.post("/customers", _csrf="", name=words),
    )  # fmt: skip
    for answer in refusals:
        assert 400 <= answer.status_code < 500
        assert SCRIPT not in answer.text
        assert "onerror=alert(1)>" not in answer.text


# --- Photos -------------------------------------------------------------------------------------


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


# --- Not now ------------------------------------------------------------------------------------


def test_two_people_at_once_see_both_versions(world: World) -> None:
    delivery = world.delivery("handing_over")
    lin, gao = world.visitor("lin"), world.visitor("gao")
    place = re.search(
        r'<option value="([^"]+)"', lin.get(f"/deliveries/{delivery.number}/schedule").text.split('id="place"')[1]
    )
    assert place
    typed = {"planned_at": "2026-12-24T16:00", "place": place.group(1), "version": delivery.version}
    assert lin.post(f"/deliveries/{delivery.number}/schedule", note="客户带家人来", **typed).status_code == 303
    zh, _ = refused(world, "gao", f"/deliveries/{delivery.number}/schedule", 409, note="贴膜师傅同到", **typed)
    assert "客户带家人来" in zh.text, "what is there"
    assert "贴膜师傅同到" in zh.text, "what was typed"
    version = re.search(r'name="version" value="(\d+)"', zh.text)
    assert version
    again = gao.post(
        f"/deliveries/{delivery.number}/schedule", note="贴膜师傅同到", **typed | {"version": version.group(1)}
    )
    assert again.status_code == 303


def test_two_corrections_of_a_customer_at_once(world: World) -> None:
    customer = world.one(Customer)
    place, typed = (
        f"/customers/{customer.id}/edit",
        {"kind": "person", "version": customer.version, "name": customer.name},
    )
    assert world.visitor("lin").post(place, note="喜欢红茶", phone=customer.phone, **typed).status_code == 303
    zh, _ = refused(world, "he", place, 409, note="喜欢咖啡", phone=customer.phone, **typed)
    assert "喜欢红茶" in zh.text
    assert "喜欢咖啡" in zh.text


WRONG_STATES = [
    ("lin", "planned", "/handover", {}),
    ("lin", "planned", "/completion", {}),
    ("lin", "completed", "/handover", {}),
    ("lin", "completed", "/completion", {}),
    ("lin", "completed", "/cancellation", {"why": "改主意"}),
    ("lin", "completed", "/schedule", {"planned_at": "2026-12-24T16:00", "version": "9"}),
    ("lin", "completed", "/signature", {"role": "customer", "typed_name": "欧阳建国"}),
    ("lin", "handing_over", "/signature", {"role": "customer", "typed_name": "欧阳建国"}),
    ("lin", "handing_over", "/completion", {}),
    ("lin", "handing_over", "/handover", {}),
    ("zhou", "planned", "/pdi/failure", {}),
    ("zhou", "planned", "/pdi/signature", {"typed_name": "周强"}),
    ("zhou", "completed", "/pdi", {}),
    ("zhou", "completed", "/pdi/failure", {}),
    ("zhou", "completed", "/pdi/rework", {"what": "换了胎"}),
    ("zhou", "completed", "/pdi/signature", {"typed_name": "周强"}),
]


@pytest.mark.parametrize(("name", "state", "deed", "fields"), WRONG_STATES)
def test_a_deed_that_the_state_does_not_allow(
    world: World, name: str, state: str, deed: str, fields: dict[str, str]
) -> None:
    delivery = world.delivery(state)
    if deed == "/schedule":
        page = world.visitor("lin").get(f"/deliveries/{delivery.number}/schedule").text
        fields = fields | {"place": page.split('id="place"')[1].split('<option value="')[1].split('"')[0]}
    refused(world, name, f"/deliveries/{delivery.number}{deed}", 409, **fields)


def test_nothing_is_tapped_on_a_list_that_is_closed(world: World) -> None:
    run = world.one(Run, Run.code == "C05", Run.state == "closed")
    with world.database.work(world.cast.store) as session:
        part = runs.sheet_of(session, run).parts[0]
    place = f"/runs/{run.id}/items/{part.questions[0].id}"
    refused(world, "zhou", f"{place}/answer", 409, answer="fault")
    refused(world, "zhou", f"{place}/photos", 409, files={"photo": ("a.jpg", jpeg(), "image/jpeg")})
    refused(world, "zhou", f"/runs/{run.id}/sections/{part.id}/all-good", 409)


def test_nothing_is_tapped_while_the_car_is_in_rework_or_the_plan_is_given_up(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        failed, given_up = a_delivery(session, cast), a_ready_delivery(session, cast, OTHER_VIN)
        work.inspect(session, cast.of_wuhu, failed, fault="异响")
        handover.start(session, given_up, by=cast.lin)
        deliveries.cancel(session, given_up, by=cast.gao, why="改主意")
        inspected, handed = runs.one(session, pdi.of(session, failed).run_id, store_id=cast.store), given_up.handover_id
        wrong = runs.sheet_of(session, inspected).parts[0]
        first = runs.progress(session, session.get_one(Run, handed)).sheet.parts[1]
    with World(database) as world:
        place = f"/runs/{inspected.id}"
        refused(world, "zhou", f"{place}/items/{wrong.questions[0].id}/answer", 409, answer="ok")
        refused(world, "zhou", f"{place}/sections/{wrong.id}/all-good", 409)
        refused(world, "lin", f"/runs/{handed}/items/{first.questions[0].id}/answer", 409, answer="yes")
        refused(world, "lin", f"/deliveries/{given_up.number}/sections/{first.id}/signature", 409, typed_name="王")
        refused(world, "lin", f"/deliveries/{given_up.number}/signature", 409, role="customer", typed_name="王")


# --- The session, the token, the key ------------------------------------------------------------


@pytest.fixture
def expired(world: World) -> Iterator[Visitor]:
    """Chen, whose session ends while a form is filled in."""
    world.everybody_leaves()
    visitor = world.visitor("chen")
    assert visitor.token
    with world.database.work() as session:
        session.execute(update(SignIn).where(SignIn.staff_id == world.cast.chen.id).values(expires_at=now()))
    yield visitor
    world.everybody_leaves()


TYPED = {"name": "司马光", "kind": "person", "phone": "13700001234", "note": "要白色的\n下周来"}


def test_a_session_that_ended_keeps_what_was_typed(world: World, expired: Visitor) -> None:
    before = world.counts()
    zh, en = in_both(expired, lambda: expired.http.post(
        "/customers", data=TYPED | {"_csrf": expired.token, "_key": str(uuid7())},
        headers={"referer": "http://testserver.local/customers/new"},
    ))  # fmt: skip
    assert (zh.status_code, en.status_code) == (401, 401)
    assert told(zh) != told(en)
    for answer in (zh, en):
        assert all(_hidden(answer, field) == typed for field, typed in TYPED.items())
        assert 'href="/sign-in"' in answer.text
    assert world.counts() == before
    expired.sign_in("chen")
    again = expired.post(_action(zh), **TYPED)
    assert again.status_code == 303, "sent again where it was meant to go"
    assert "司马光" in expired.get(again.headers["location"]).text


def _action(answer: httpx.Response) -> str:
    found = re.search(
        r'<form method="post" action="([^"]+)">(?=<input type="hidden" name="_csrf")[^\n]*?name="note"', answer.text
    )
    assert found, answer.text
    return found.group(1)


def _hidden(answer: httpx.Response, field: str) -> str | None:
    found = re.search(rf'name="{field}" value="([^"]*)"', answer.text)
    return html.unescape(found.group(1)) if found else None


def test_a_form_of_an_old_page_keeps_what_was_typed(world: World) -> None:
    for token in ("", "0" * 80, "短"):
        zh, _ = refused(world, "lin", "/customers", 403, _csrf=token, **TYPED)
        assert _hidden(zh, "name") == "司马光"
        assert _action(zh) == "/customers"


def test_a_form_without_a_key_keeps_what_was_typed(world: World) -> None:
    zh, _ = refused(world, "lin", "/customers", 422, _key="", **TYPED)
    assert _hidden(zh, "name") == "司马光"


def test_the_same_form_twice_is_one_deed_and_one_answer(world: World) -> None:
    visitor, key = world.visitor("lin"), str(uuid7())
    fields = {"name": "诸葛亮", "kind": "person", "phone": "13700004321", "_key": key}
    first, middle = visitor.post("/customers", **fields), world.counts()
    second = visitor.post("/customers", **fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert world.counts() == middle


def test_the_same_refusal_twice_is_one_answer(world: World) -> None:
    visitor, key = world.visitor("lin"), str(uuid7())
    first, second = (visitor.post("/customers", name="", kind="person", _key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (422, 422)
    assert second.headers["idempotent-replayed"] == "true"
    assert first.text == second.text


def test_the_same_photo_twice_is_one_photo(world: World, item: Any) -> None:
    run, question = item("C05", lambda question: question.photo_needed)
    visitor, key = world.visitor("zhou"), str(uuid7())
    place, upload = f"/runs/{run.id}/items/{question.id}/photos", {"photo": ("a.jpg", jpeg(), "image/jpeg")}
    first = visitor.post(place, files=upload, _key=key)
    middle = world.counts()
    second = visitor.post(place, files=upload, _key=key)
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["idempotent-replayed"] == "true"
    assert world.counts() == middle


def test_the_same_key_with_other_content_is_refused(world: World) -> None:
    visitor, key = world.visitor("lin"), str(uuid7())
    assert visitor.post("/customers", name="刘备", kind="person", phone="13700004322", _key=key).status_code == 303
    refused(world, "lin", "/customers", 422, name="关羽", kind="person", phone="13700004323", _key=key)
    refused(world, "lin", "/deliveries", 422, name="刘备", kind="person", phone="13700004322", _key=key)
    refused(world, "he", "/customers", 422, name="刘备", kind="person", phone="13700004322", _key=key)


# --- Anything at all ----------------------------------------------------------------------------

ODD = (
    *("", "0", "-1", "2147483648", "9" * 25, "1e5", "\x00", "\u202e", "null", "[]", "ok", "fault", "王芳", SCRIPT),
    *("2026-02-30T25:61", "0001-01-01T00:00+23:59", "9999-12-31T23:59:59.999999", str(UUID(int=0))),
)
ANYTHING = st.one_of(st.text(max_size=60), st.integers().map(str), st.floats().map(str), st.sampled_from(ODD))
FORMS = {
    "/customers": ("lin", ["name", "phone", "kind", "language", "address", "note", "personal_number", "even_so"]),
    "/customers/{customer_id}/edit": ("lin", ["name", "phone", "kind", "note", "version"]),
    "/customers/{customer_id}/consents": ("lin", ["purpose", "how", "given"]),
    "/customers/{customer_id}/cars": ("lin", ["kind", "vin", "plate", "engine_no", "model", "colour", "odometer_km"]),
    "/customers/{customer_id}/merger": ("gao", ["other", "q"]),
    "/customers/{customer_id}/household": ("lin", ["other", "leave", "q"]),
    "/cars/{car_id}/edit": ("lin", ["vin", "plate", "engine_no", "odometer_km", "version"]),
    "/deliveries": (
        "lin",
        ["customer", "name", "phone", "vin", "model", "colour", "consultant", "advisor", "planned_at", "place"],
    ),
    "/deliveries/{number}/schedule": ("lin", ["planned_at", "place", "note", "version"]),
    "/deliveries/{number}/correction": ("gao", ["paper", "code", "verdict", "note", "reason"]),
    "/deliveries/{number}/sections/{section_id}/signature": ("lin", ["ink", "typed_name", "role"]),
    "/deliveries/{number}/signature": ("lin", ["ink", "typed_name", "role"]),
    "/runs/{run_id}/items/{item_id}/answer": ("lin", ["answer", "number", "choice", "note", "canned", "device_at"]),
    "/contacts/{contact_id}/outcome": ("he", ["outcome", "note"]),
    "/me/pin": ("lin", ["password", "pin"]),
    "/switch": ("lin", ["name", "pin", "next"]),
    "/language": ("lin", ["language", "next"]),
    "/appearance": ("lin", ["theme", "next"]),
}


@pytest.mark.parametrize("place", FORMS)
def test_anything_typed_into_a_form_is_answered(world: World, place: str) -> None:
    name, fields = FORMS[place]
    visitor, address = world.visitor(name), place.format(**world.examples())

    @given(typed=st.fixed_dictionaries({}, optional=dict.fromkeys(fields, ANYTHING)), htmx=st.booleans())
    @SEVERAL
    def drive(typed: dict[str, str], htmx: bool) -> None:
        answer = visitor.post(address, htmx=htmx, **typed)
        assert answer.status_code < 500, (typed, answer.status_code)

    drive()


@given(
    body=st.binary(max_size=400),
    kind=st.sampled_from(["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json"]),
)
@SEVERAL
def test_any_bytes_are_answered(world: World, body: bytes, kind: str) -> None:
    visitor = world.visitor("lin")
    headers = {"content-type": kind, "x-csrf-token": visitor.token, "idempotency-key": str(uuid7())}
    for place in ("/customers", "/language"):
        assert visitor.http.post(place, content=body, headers=headers).status_code < 500


@given(asked=ANYTHING)
@SEVERAL
def test_anything_can_be_looked_for(world: World, asked: str) -> None:
    visitor = world.visitor(EVERYTHING)
    for place in (
        "/customers",
        "/customers/new",
        "/customers/likely",
        "/deliveries/new",
        "/deliveries",
        "/contacts",
        "/switch",
    ):
        query = dict.fromkeys(("q", "name", "phone", "customer", "car", "show", "before", "next"), asked)
        assert visitor.get(place, **query).status_code < 500, place
