"""What `./huanche run` does on a fresh machine and on every day after."""

from sqlalchemy import select

from server.commands import migrate, seed
from server.commands.demonstration.stores import PASSWORD, PIN
from server.commands.serve import serve
from server.database import Database
from server.domain.people import ROLE_NAMES, Role, Staff, Store
from server.settings import settings


def run() -> int:
    """Migrate, fill an empty house, say where it is and who is there, serve."""
    migrate.to_head(settings().database_url)
    database = Database(settings().database_url)
    filled = seed.fill(database)
    print(f"\n环车 Huanche  {settings().public_url}\n", flush=True)
    if filled or _is_demonstration(database):
        _introduce(database)
    database.engine.dispose()
    return serve()


def _is_demonstration(database: Database) -> bool:
    with database.work() as session:
        codes = {store["code"] for store in seed.read("people.json")}
        return set(session.scalars(select(Store.code))) == codes


def _introduce(database: Database) -> None:
    with database.work() as session:
        everybody = session.execute(select(Staff, Store.name).join(Store, Store.id == Staff.store_id)).all()
    print(f"示例人员 / demonstration people   密码 password {PASSWORD}   PIN {PIN}")
    for staff, store in everybody:
        role = ROLE_NAMES[Role(staff.roles[0])]
        print(f"  {staff.name:<6} {staff.title['zh']} · {role['zh']} / {role['en']} · {store['zh']}")
    print(flush=True)
