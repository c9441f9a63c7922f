"""Look whether anything alive is nobody's, and name it."""

import sys

from sqlalchemy import select

from server.commands import migrate
from server.database import Database
from server.domain.care import unowned
from server.domain.people import Store
from server.settings import settings


def run() -> int:
    """`check-owners`: 1 when something alive is in no hands, or in those of somebody who has left."""
    url = settings().database_url
    if migrate.shape(url) != migrate.newest_shape():
        print("请先运行 migrate / Run migrate first: the database is not of this version", file=sys.stderr)
        return 1
    lost = 0
    with Database(url).work() as session:
        for store in session.scalars(select(Store).order_by(Store.code)):
            found = unowned.find(session, store.id)
            lost += len(found)
            for one in found:
                had = f" ← {one.left['zh']}" if one.left else ""
                what = f"{one.name['zh']} / {one.name['en']}"
                print(f"{store.code}: {what}: {one.called or one.id}{had}", file=sys.stderr)
            if not found:
                print(f"{store.code}: 全部有人负责 / everything is in somebody's hands")
    return 1 if lost else 0
