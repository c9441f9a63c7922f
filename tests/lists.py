"""Lists to bring in, and what a person and the house do with them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.database import Database, now
from server.domain.imports import Import, bringing, excel
from server.domain.imports.imports import AT_WORK
from server.domain.imports.work import Desk
from server.domain.people import Person

HEAD = ("姓名", "手机号", "级别", "预计购车日期", "来源", "销售顾问", "勿扰")
SOURCE = {"source": "walk_in"}


def somebody(number: int = 0, **said: str) -> list[str]:
    """A row of a list of prospects; `said` by heading."""
    row = {"姓名": f"客户{number}", "手机号": f"139{number:08d}", "来源": "自然到店"} | said
    return [row.get(heading, "") for heading in HEAD]


def people(count: int) -> list[list[str]]:
    """So many of them."""
    return [somebody(number) for number in range(count)]


def text(
    rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, *, between: str = ",", letters: str = "utf-8"
) -> bytes:
    """As a text file."""
    out = io.StringIO()
    csv.writer(out, delimiter=between).writerows([head, *rows])
    return out.getvalue().encode(letters)


def sheet(rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> bytes:
    """As an Excel file."""
    return excel.write(head, rows)


def zipped(**parts: bytes) -> bytes:
    """An archive that may or may not be a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def sent(database: Database, by: Person, content: bytes, kind: str = "prospects", name: str = "名单.csv") -> UUID:
    """Taken in; its columns are guessed."""
    with database.work(by.store_id) as session:
        return bringing.begin(session, kind, name, content, by=by).id


def checked(
    database: Database, by: Person, content: bytes, kind: str = "prospects", options: dict[str, Any] | None = None
) -> UUID:
    """Matched as guessed, and every row looked at."""
    import_id = sent(database, by, content, kind)
    with database.work(by.store_id) as session:
        imported = session.get_one(Import, import_id)
        bringing.match(session, imported, imported.columns, options or {}, by=by)
    work_off(database, import_id)
    return import_id


def brought_in(
    database: Database, by: Person, content: bytes, kind: str = "prospects", duplicates: str = "skip",
    options: dict[str, Any] | None = None,
) -> UUID:  # fmt: skip
    """From the file to the end."""
    import_id = checked(database, by, content, kind, options)
    with database.work(by.store_id) as session:
        bringing.start(session, session.get_one(Import, import_id), duplicates, by=by)
    work_off(database, import_id)
    return import_id


def work_off(database: Database, import_id: UUID, desk: Desk | None = None) -> None:
    """Until the house has nothing more to do on it."""
    desk = desk or Desk()
    while state(database, import_id) in AT_WORK:
        desk.work(database, now(), seconds=0.01)


def state(database: Database, import_id: UUID) -> str:
    """How it stands."""
    with database.work() as session:
        return session.get_one(Import, import_id).state
