"""Whatever comes in: a clear answer in the person's language, nothing typed lost, nothing stored half."""

import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.database import uuid7
from server.forms import LABELS
from server.rendering import TEMPLATES
from tests.routes.refusing import SEVERAL, in_both, refused, told
from tests.routes.world import EVERYTHING, World

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = '"><img src=x onerror=alert(1)>'
ALONE = {"found"}
"""Fields of forms that have no other: one mistake is not listed."""
MUCH = "很长" * 1_750_000
"""Ten megabytes."""

LABELLED = re.compile(r'fields\.(?:text|area|select|pick|telephone)\("(\w+)", *_\(')


def test_every_field_is_called_by_its_label_where_mistakes_are_listed() -> None:
    pages = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    labelled = {field for page in pages for field in LABELLED.findall(page)}
    assert labelled - ALONE <= LABELS.keys()
    assert not [label for label in LABELS.values() if "%" in label], "nothing is put into a label"


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
