"""A list as it was sent: its head, its first rows, and one row after the other, whatever kind of file it is."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from server.domain.imports import excel, separated
from server.domain.refusals import Invalid, N_

MOST_BYTES = 15 * 2**20
MOST_ROWS = 100_000
EMPTY_AT_THE_END = 1_000
"""So many rows without a value are the end: Excel often keeps a million of them."""
HEAD_WITHIN = 20
SAMPLE = 5
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIPPED = b"PK"
WORKBOOK = (".xlsx", ".xlsm")

Numbered = tuple[int, list[str]]
"""A row with its number as the person sees it in their file, from 1."""


class Opened(msgspec.Struct, frozen=True):
    """What is known of a file before all of it is read."""

    head: list[str]
    head_row: int
    sample: list[list[str]]
    about: int
    """How many rows it may have."""


def look(content: bytes, filename: str = "") -> Opened:
    """Its head and first rows. Raises Invalid at `file`: no list, empty, too large, not what its name says."""
    if len(content) > MOST_BYTES:
        raise Invalid.at("file", N_("At most 15 MB at once. Part the list and bring it in one after the other."))
    about, rows = _read(content)
    if filename.casefold().endswith(WORKBOOK) and not content.startswith(ZIPPED):
        raise excel.unreadable()
    numbered = _filled(rows)
    head = _head(list(islice(numbered, HEAD_WITHIN)))
    if head is None:
        raise Invalid.at("file", N_("There is no list in this file: it needs a row of headings and rows below."))
    number, names = head
    sample = [cells for _, cells in islice(below(content, number), SAMPLE)]
    if not sample:
        raise Invalid.at("file", N_("There is no list in this file: it needs a row of headings and rows below."))
    return Opened(names, number, sample, max(1, about - number))


def below(content: bytes, head_row: int) -> Iterator[Numbered]:
    """The rows below the head that hold anything. Raises Invalid where the file breaks off or has too many."""
    for count, (number, cells) in enumerate((row for row in _filled(_read(content)[1]) if row[0] > head_row), 1):
        if count > MOST_ROWS:
            raise Invalid.at("file", N_("At most %(most)s rows at once. Part the list."), most=MOST_ROWS)
        yield number, cells


def _read(content: bytes) -> tuple[int, Iterator[list[str]]]:
    if content.startswith(OLD_EXCEL):
        raise Invalid.at("file", N_("This Excel file is of the old kind or locked by a password. Save it as .xlsx."))
    return excel.read(content) if content.startswith(ZIPPED) else separated.read(content)


def _filled(rows: Iterator[list[str]]) -> Iterator[Numbered]:
    empty = 0
    for number, cells in enumerate(rows, 1):
        empty = 0 if any(cells) else empty + 1
        if empty >= EMPTY_AT_THE_END:
            return
        if not empty:
            while not cells[-1]:
                cells.pop()  # a sheet is as wide as its widest row
            yield number, cells


def _head(first: list[Numbered]) -> Numbered | None:
    """The first row with several values; a title above it has one."""
    several = (row for row in first if sum(map(bool, row[1])) > 1)
    return next(several, first[0] if first else None)
