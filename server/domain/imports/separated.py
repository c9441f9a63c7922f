"""Text files with a value beside the other: any usual encoding of China, commas, semicolons or tabs."""

import csv
import io
from collections.abc import Iterator

from server.domain.imports.excel import MOST_CELL, MOST_COLUMNS
from server.domain.refusals import Invalid, N_

ENCODINGS = ("utf-8-sig", "gb18030")
BETWEEN = (",", "\t", ";")
LOOKED_AT = 20
BINARY = frozenset(b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f")


def read(content: bytes) -> tuple[int, Iterator[list[str]]]:
    """About how many rows there are, and each of them. Raises Invalid at `file`."""
    text = _decoded(content)
    return text.count("\n") + 1, _rows(text, _between(text))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's own "Unicode text"
        return _as(content, "utf-16")
    if not BINARY.isdisjoint(content[:100_000]):
        raise Invalid.at("file", N_("This is neither an Excel file (.xlsx) nor a text file (.csv)."))
    try:
        return content.decode(ENCODINGS[0])
    except UnicodeDecodeError:
        return _as(content, ENCODINGS[1])


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise Invalid.at("file", N_("The letters of this file cannot be read. Save it as CSV in UTF-8.")) from fault


def _between(text: str) -> str:
    """The sign that parts the first lines into the most values, the same number in most of them."""

    def columns(sign: str) -> tuple[int, int]:
        widths = [len(row) for _, row in zip(range(LOOKED_AT), _rows(text[:200_000], sign), strict=False)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(BETWEEN, key=columns)


def _rows(text: str, sign: str) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            yield [value[:MOST_CELL].strip() for value in row[:MOST_COLUMNS]]
    except csv.Error as fault:
        raise Invalid.at(
            "file", N_("This text file is broken: a quotation mark is opened and never closed.")
        ) from fault
