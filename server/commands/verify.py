"""Walk what was written for good and name the first break."""

import sys

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.commands import migrate
from server.database import Database
from server.domain.people import Store
from server.domain.records import Event, Paper, events, files, papers
from server.domain.records.files import File
from server.settings import settings


def run() -> int:
    """`verify`: every store's events, papers and files; 1 as soon as something does not fit."""
    url = settings().database_url
    if migrate.shape(url) != migrate.newest_shape():
        print("请先运行 migrate / Run migrate first: the database is not of this version", file=sys.stderr)
        return 1
    with Database(url).work() as session:
        for store in session.scalars(select(Store).order_by(Store.code)):
            broken = first_break(session, store)
            if broken:
                print(f"{store.code}: {broken}", file=sys.stderr)
                return 1
            print(f"{store.code}: {_counted(session, store)}")
    return 0


def first_break(session: Session, store: Store) -> str | None:
    """What does not fit in a store, in both languages; None when all is as it was written."""
    event = events.first_break(session, store.id)
    if event:
        told = f"{event.position} ({event.verb}, {event.at:%Y-%m-%d %H:%M})"
        return f"事件被改动 / an event was changed: {told}"
    if events.chain_is_cut(session, store.id):
        return "最新的事件缺失 / the newest events are missing"
    paper = papers.first_false(session, store.id)
    if paper:
        return f"单据被改动 / a paper was changed: {paper.number}, {paper.revision}"
    for file in session.scalars(select(File).where(File.store_id == store.id).order_by(File.id)):
        if not files.intact(file):
            return f"文件缺失或被改动 / a file is missing or was changed: {file.sha256}"
    return None


def _counted(session: Session, store: Store) -> str:
    counts = [
        session.scalar(select(func.count()).select_from(table).where(table.store_id == store.id))
        for table in (Event, Paper, File)
    ]
    return "事件 {0} · 单据 {1} · 文件 {2} 完好 / events {0}, papers {1}, files {2}: intact".format(*counts)
