"""Excel files, read row by row without trusting them, and written so that nothing in them is ever computed."""
# pyright: reportMissingModuleSource=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportMissingTypeStubs=false, reportUnknownArgumentType=false, reportUnknownParameterType=false
# The library has no types; everything of it stays inside this file.

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from server.domain.refusals import Invalid, N_

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COLUMNS = 60
MOST_CELL = 2_000
MOST_UNPACKED = 120 * 2**20
"""Bytes of the sheets and their texts; fifty thousand prospects take forty million."""
MOST_BESIDE = 8 * 2**20
"""Bytes of any other part: those are read as a whole."""
MOST_PARTS = 2_000
LONGEST_ROW = 2 * 2**20
"""Bytes of the sheet between the beginnings of two rows."""
ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
COMPUTED = ("=", "+", "-", "@", "\t", "\r")
WIDE = 40


def read(content: bytes) -> tuple[int, Iterator[list[str]]]:
    """About how many rows there are, and each of the first sheet as texts. Raises Invalid at `file`."""
    about = _looked_through(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheet = shown[0]
        sheet.reset_dimensions()  # what a file says of its own size may be anything
    except Exception as fault:
        raise unreadable() from fault
    return about, _rows(sheet)


def write(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet with a head that stays in sight; texts stay texts, whatever they begin with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + number % 26)].width = min(WIDE, max(12, 2 * len(column) + 2))
    sheet.append([_cell(sheet, column, bold=True) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def unreadable() -> Invalid:
    """What is said of a file that is no workbook, or a broken one."""
    return Invalid.at("file", N_("This Excel file cannot be read. Open it in Excel and save it once more as .xlsx."))


def _looked_through(content: bytes) -> int:
    """Refuse what grows without measure when it is unpacked; the rows of the largest sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
            large = [part for part in parts if part.filename.startswith(("xl/worksheets/sheet", "xl/sharedStrings"))]
            beside = max((part.file_size for part in parts if part not in large), default=0)
            if len(parts) > MOST_PARTS or beside > MOST_BESIDE or sum(p.file_size for p in large) > MOST_UNPACKED:
                raise Invalid.at(
                    "file", N_("This file unpacks to far more than a list has. Save only the list itself.")
                )
            # A part gives no more than it says it has, so what was summed up just now is the most.
            return max((_rows_in(archive, part) for part in large if "worksheets" in part.filename), default=0)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise unreadable() from fault


def _rows_in(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    count, since, rest = 0, 0, b""
    with archive.open(part) as stream:
        while piece := stream.read(2**18):
            found = [match.start() for match in ROW.finditer(rest + piece)]
            count += len(found)
            since = len(piece) - found[-1] if found else since + len(piece)
            if since > LONGEST_ROW:
                raise unreadable()
            rest = b"" if found else piece[-12:]
    return count


def _rows(sheet: Any) -> Iterator[list[str]]:
    try:
        for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
            yield [_text(value) for value in row]
    except Exception as fault:
        raise unreadable() from fault


def _text(value: Any) -> str:
    """As a person reads it: days as `2026-11-22`, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:MOST_CELL].strip()


def _cell(sheet: Any, value: object, *, bold: bool = False) -> Any:
    """A plain value where it can only be read as itself; a cell of its own costs several times as much."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, (int, date)):
        return value
    text = UNWRITABLE.sub("", str(value))
    if not bold and not text.startswith(COMPUTED):
        return text
    cell = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(COMPUTED)  # stays a text also when somebody edits it
    if bold:
        cell.font = Font(bold=True)
    return cell
