"""What the database itself refuses, on both dialects, whoever asks."""

from alembic import op
from sqlalchemy import inspect

PUBLISHED = "SELECT 1 FROM checklist_templates WHERE state = 'published'"
STORE = "current_setting('huanche.store', true)"


def seal(table: str, *, but: str | None = None) -> None:
    """Rows are only ever added. `but` is the one column that may still be moved (a customer's id in a merge)."""
    changed = "UPDATE"
    if but is not None:
        columns = (column["name"] for column in inspect(op.get_bind()).get_columns(table))
        changed = f"UPDATE OF {', '.join(name for name in columns if name != but)}"
    if _on_postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE {changed} OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for deed in (changed, "DELETE"):
        name = f"{table}_no_{deed.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} BEGIN {_raise(table)}; END")


def freeze_published(table: str, template: str) -> None:
    """Rows of a published checklist stand still. `template` is the column that names the version."""
    own = template == "id"  # the version itself: a new one is a draft, and a draft becomes a published one
    if _on_postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE {'' if own else 'INSERT OR '}UPDATE OR DELETE "
            f"ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published('{template}')"
        )
        return
    for deed, row in (("UPDATE", "OLD"), ("DELETE", "OLD")) + (() if own else (("INSERT", "NEW"), ("UPDATE", "NEW"))):
        op.execute(
            f"CREATE TRIGGER {table}_frozen_{deed.lower()}_{row.lower()} BEFORE {deed} ON {table} "
            f"WHEN EXISTS ({PUBLISHED} AND id = {row}.{template}) BEGIN {_raise(table)}; END"
        )


def freeze_after(table: str, state: str, *columns: str) -> None:
    """Once a row has left this state, these columns stand still and it is not deleted."""
    if _on_postgresql():
        for deed in (f"UPDATE OF {', '.join(columns)}", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_stands_{deed.split()[0].lower()} BEFORE {deed} ON {table} "
                f"FOR EACH ROW WHEN (OLD.state <> '{state}') EXECUTE FUNCTION refuse_change()"
            )
        return
    for deed in (f"UPDATE OF {', '.join(columns)}", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_stands_{deed.split()[0].lower()} BEFORE {deed} ON {table} "
            f"WHEN OLD.state <> '{state}' BEGIN {_raise(table)}; END"
        )


def keep_apart(table: str, *, store: str = "store_id", nobodys: bool = False) -> None:
    """PostgreSQL shows and takes only rows of the store that the session reaches; the owner is no exception.

    `nobodys` lets rows through that belong to no store.
    """
    if not _on_postgresql():
        return
    theirs = f"{STORE} = 'every' OR {store}::text = {STORE}" + (f" OR {store} IS NULL" if nobodys else "")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_of_the_store ON {table} USING ({theirs})")


def held_once(table: str, what: str, begins: str, ends: str) -> None:
    """Of one store, no two rows hold the same thing at one time; rows that only touch do not overlap."""
    if _on_postgresql():
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_held_once EXCLUDE USING gist "
            f"(store_id WITH =, {what} WITH =, tstzrange({begins}, {ends}) WITH &&)"
        )
        return
    same = f"store_id = NEW.store_id AND {what} = NEW.{what} AND id <> NEW.id"
    overlapping = f"SELECT 1 FROM {table} WHERE {same} AND {begins} < NEW.{ends} AND NEW.{begins} < {ends}"  # noqa: S608 -- our own names
    for deed in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {table}_held_once_{deed.lower()} BEFORE {deed} ON {table} "
            f"WHEN EXISTS ({overlapping}) BEGIN SELECT RAISE(ABORT, 'held already: {table}'); END"
        )


def words_of_refusal() -> None:
    """The functions behind the triggers on PostgreSQL; SQLite says it in each trigger."""
    if not _on_postgresql():
        return
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what is written stays written: %', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            before uuid := to_jsonb(OLD) ->> TG_ARGV[0];
            after uuid := to_jsonb(NEW) ->> TG_ARGV[0];
        BEGIN
            IF EXISTS (SELECT 1 FROM checklist_templates WHERE id IN (before, after) AND state = 'published') THEN
                RAISE EXCEPTION 'what is written stays written: %', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$
        """
    )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _raise(table: str) -> str:
    return f"SELECT RAISE(ABORT, 'what is written stays written: {table}')"
