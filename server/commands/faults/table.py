"""The table of faults."""

from dataclasses import dataclass

from server.commands.faults.truth import Account

COLUMNS = ("fault", "database", "operations", "deliveries", "deduplicated", "lost", "doubled", "order", "struck", "s")
MOST = 6
"""Single losses that are named; the number says how many there are."""


@dataclass
class Row:
    """One fault on one database, all its repetitions together."""

    fault: str
    database: str
    account: Account
    deliveries: int = 0
    deduplicated: int = 0
    struck: int = 0
    times: int = 0
    """How often it has to strike at least."""
    seconds: float = 0.0
    skipped: str = ""
    wrong: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Nothing lost, doubled or out of order, and the fault did happen."""
        account = self.account
        clean = not (account.lost or account.doubled or account.out_of_order or self.wrong)
        return bool(self.skipped) or (clean and self.struck >= self.times)

    def cells(self) -> tuple[str, ...]:
        """As the columns want it."""
        account = self.account
        order = "ok" if not account.out_of_order else f"{account.out_of_order} wrong"
        numbers = (account.operations, self.deliveries, self.deduplicated, account.lost, account.doubled)
        struck = "skipped" if self.skipped else f"{self.struck}×"
        return (self.fault, self.database, *map(str, numbers), order, struck, f"{self.seconds:.0f}")


def line(cells: tuple[str, ...]) -> str:
    """One line of the table."""
    widths = (34, 11, 11, 11, 13, 5, 8, 9, 8, 5)
    first, second, *rest = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    right = (cell.strip().rjust(width) for cell, width in zip(rest, widths[2:], strict=True))
    return " ".join((first, second, *right))


def remarks(row: Row) -> list[str]:
    """What has to be said beside the numbers."""
    told = [f"  ! {word}" for word in (*row.wrong, *row.account.words[:MOST])]
    if row.struck < row.times and not row.skipped:
        told.append(f"  ! it struck {row.struck} times, not {row.times}")
    told += [f"  - {word}" for word in row.words]
    return told + ([f"  - skipped: {row.skipped}"] if row.skipped else [])


def summary(rows: list[Row]) -> str:
    """The last line."""
    whole = Account()
    for row in rows:
        whole.add(row.account)
    return f"operations {whole.operations} lost {whole.lost} doubled {whole.doubled}"
