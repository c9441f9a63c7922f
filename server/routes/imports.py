"""Lists from elsewhere: sent, matched, looked at, brought in; their faults given back as a file."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from sqlalchemy.orm import Session

from server import i18n
from server.domain.catalogue import entries
from server.domain.imports import Import, bringing, excel, taking_out
from server.domain.imports.bringing import PAGE, visible_to
from server.domain.imports.fields import FIELDS, KINDS, PROSPECTS, named
from server.domain.imports.imports import LEFT, MADE, MERGED, NEW, SAME, WRONG, State, counts, in_words, merging
from server.domain.imports.prospect_rows import POOL
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, Refusal, Said
from server.domain.showroom import hands
from server.forms import Form
from server.visit import Visit, needs
from server.web import Html, Page

SHOWN = (WRONG, SAME, NEW, MADE, MERGED, LEFT)
MOST_FIELDS = 60


@get("/imports", opt=needs(Right.BRING_IN), sync_to_thread=True)
def index(session: Session, person: Person, page: Page) -> Html:
    """What was brought in, and the form for another list."""
    return page("imports/index.html", **_listed(session, person))


@post("/imports", opt=needs(Right.BRING_IN), status_code=200, sync_to_thread=True)
def create(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Take a file in."""
    try:
        kind, uploads = form.choice("kind", KINDS), form.files("file")
        if not uploads:
            form.wrong("file", N_("Choose a file first."))
        form.check()
        content, name = uploads[0].file.read(), uploads[0].filename
        imported = bringing.begin(session, kind, name, content, by=person)
    except Refusal as wrong:
        return page.again("imports/index.html", wrong, form, **_listed(session, person))
    return page.go(f"/imports/{imported.id}")


@get("/imports/blank", opt=needs(Right.BRING_IN), sync_to_thread=True)
def blank(visit: Visit, kind: str = PROSPECTS) -> Response[bytes]:
    """An empty list to be filled in, with the headings that are understood."""
    kind = kind if kind in KINDS else PROSPECTS
    columns = [i18n.say(field.name, visit.language) for field in FIELDS[kind]]
    return as_file(excel.write(columns, ()), f"huanche-{kind}.xlsx")


@get("/imports/{import_id:uuid}", opt=needs(Right.BRING_IN), sync_to_thread=True)
def show(
    import_id: UUID, session: Session, person: Person, visit: Visit, page: Page, show: str = "", after: int = 0
) -> Html:
    """One list: its columns, how far it is, its rows, what became of them."""
    imported = visible_to(session, person).one(import_id)
    template = "imports/_import.html" if visit.htmx else "imports/show.html"
    return page(template, **_shown(session, person, imported, show, after))


@post("/imports/{import_id:uuid}/columns", opt=needs(Right.BRING_IN), status_code=200, sync_to_thread=True)
def match(import_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Say which column is what; the rows are checked from now on."""
    imported = visible_to(session, person).one(import_id)
    try:
        columns, options = _columns(form, imported), _options(form, session, person, imported)
        form.check()
        bringing.match(session, imported, columns, options, by=person)
    except Invalid as wrong:
        return page.again("imports/show.html", wrong, form, **_shown(session, person, imported))
    return page.go(f"/imports/{import_id}")


@post("/imports/{import_id:uuid}/columns-again", opt=needs(Right.BRING_IN), status_code=200, sync_to_thread=True)
def match_again(import_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Back to the columns."""
    imported = visible_to(session, person).one(import_id)
    bringing.match_again(session, imported, by=person)
    return page.go(f"/imports/{import_id}")


@post("/imports/{import_id:uuid}/choice", opt=needs(Right.BRING_IN), status_code=200, sync_to_thread=True)
def decide(import_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What becomes of one row that is here already."""
    imported = visible_to(session, person).one(import_id)
    number, after = form.whole("number") or 0, form.whole("after", required=False) or 0
    choice = form.text("choice", most=10)
    form.check()
    bringing.decide(session, imported, number, choice, by=person)
    return page.go(f"/imports/{import_id}?show=same&after={after}#row-{number}")


@post("/imports/{import_id:uuid}/start", opt=needs(Right.BRING_IN), status_code=200, sync_to_thread=True)
def start(import_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Bring it in."""
    imported = visible_to(session, person).one(import_id)
    try:
        bringing.start(session, imported, form.text("duplicates", most=10), by=person)
    except Invalid as wrong:
        return page.again("imports/show.html", wrong, form, **_shown(session, person, imported))
    return page.go(f"/imports/{import_id}")


@post("/imports/{import_id:uuid}/stop", opt=needs(Right.BRING_IN), status_code=200, sync_to_thread=True)
def stop(import_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """No further row."""
    imported = visible_to(session, person).one(import_id)
    bringing.stop(session, imported, by=person)
    return page.go(f"/imports/{import_id}")


@get("/imports/{import_id:uuid}/faults", opt=needs(Right.BRING_IN), sync_to_thread=True)
def faults(import_id: UUID, session: Session, person: Person, visit: Visit) -> Response[bytes]:
    """The rows that could not be brought in, as a file to be put right and sent again."""
    imported = visible_to(session, person).one(import_id)

    def say(words: Any) -> str:
        return i18n.say(words, visit.language)

    rows = taking_out.faults(session, imported, lambda said: i18n.tell(said, visit.language), say)
    columns = [say(taking_out.ROW), say(taking_out.WHAT), *imported.head]
    return as_file(excel.write(columns, rows), f"huanche-{imported.kind}-faults.xlsx")


def as_file(content: bytes, name: str) -> Response[bytes]:
    """A workbook to be kept on the device; the name is ours and plain."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=excel.MEDIA_TYPE, headers=headers)


def _listed(session: Session, person: Person) -> dict[str, Any]:
    kinds = {kind: words for kind, words in KINDS.items() if person.may(bringing.NEEDED[kind])}
    return {"newest": visible_to(session, person).newest(), "kinds": kinds}


def _columns(form: Form, imported: Import) -> dict[str, int]:
    """Which column is which field; the same field twice is told at the second."""
    fields, columns = named(imported.kind), dict[str, int]()
    for column in range(min(len(imported.head), MOST_FIELDS)):
        field = form.choice(f"column-{column}", fields, required=False)
        if field in columns:
            form.wrong(f"column-{column}", N_("Another column is this already."))
        elif field:
            columns[field] = column
    return columns


def _options(form: Form, session: Session, person: Person, imported: Import) -> dict[str, Any]:
    if imported.kind != PROSPECTS:
        return {}
    sources = {entry.code for entry in entries(session, person.store_id, "source")}
    takers = {str(one.id) for one in hands.takers(session, person.store_id)}
    return {
        "source": form.choice("source", sources, required=False),
        "consultant": form.choice("consultant", {POOL, *takers}, required=False) or POOL,
    }


def _shown(session: Session, person: Person, imported: Import, show: str = "", after: int = 0) -> dict[str, Any]:
    counted, reach = counts(session, imported), visible_to(session, person)
    chosen = show if show in SHOWN and counted[show] else next((one for one in SHOWN if counted[one]), NEW)
    rows = reach.rows(imported, chosen, max(0, after), PAGE + 1)
    fields = named(imported.kind)
    told: dict[str, Any] = {
        "imported": imported, "kinds": KINDS, "offered": FIELDS[imported.kind], "counted": counted, "chosen": chosen,
        "rows": rows[:PAGE], "more": rows[PAGE - 1].number if len(rows) > PAGE else None, "after": max(0, after),
        "mistakes": {row.id: taking_out.mistakes(row, fields) for row in rows if row.state == WRONG},
        "matched": {column: field for field, column in imported.columns.items()}, "named": fields,
        "why": Said(imported.why["message"], **imported.why["gaps"]) if imported.why else None,
        "merging": None, "in_words": 0, "earlier": None, "sources": (), "takers": (),
    }  # fmt: skip
    if imported.state == State.MAPPING:
        told |= {"earlier": reach.earlier(imported), "sources": entries(session, person.store_id, "source")}
        told["takers"] = hands.takers(session, person.store_id)
    elif imported.state == State.READY:
        told |= {"merging": merging(session, imported), "in_words": in_words(session, imported)}
    return told


ALL = [index, create, blank, show, match, match_again, decide, start, stop, faults]
