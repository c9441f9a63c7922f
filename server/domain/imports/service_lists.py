"""Lists of jobs and parts, known by their codes: the workshop's catalogue, where the newest list has the last word."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words, add_many, uuid7
from server.domain.catalogue.jobs import GUARANTEES, KINDS, SKILLS, Job
from server.domain.catalogue.parts import CLASSES, Part
from server.domain.imports.cells import Cells
from server.domain.imports.fields import plain
from server.domain.imports.imports import LEFT, MADE, MERGED, Import, ImportRow
from server.domain.people import Person
from server.domain.records.events import record_many, take_turn
from server.domain.refusals import N_

LONGEST_CODE, LONGEST = 40, 120
HUNDREDTHS = 100
MOST = 10_000_000
WORDS_OF_KIND = {
    "maintenance": ("保养",), "repair": ("维修", "机修", "小修", "一般维修"), "body": ("钣喷", "事故", "钣金喷漆"),
    "warranty": ("三包", "索赔", "保修"), "recall": ("召回",),
}  # fmt: skip
WORDS_OF_SKILL = {
    "mechanic": ("机修", "机电"), "electric": ("电工", "电气"), "body": ("钣金",), "paint": ("喷漆", "油漆"),
    "wash": ("洗车", "美容"),
}  # fmt: skip
WORDS_OF_GUARANTEE = {
    "major": ("总成", "大修", "整车或总成"), "second": ("二级维护",), "minor": ("小修", "保养", "一级维护", "专项"),
}  # fmt: skip
WORDS_OF_CLASS = {
    "original": ("原厂", "原厂件", "原厂配件"), "equal": ("质量相当", "质量相当件", "同质", "品牌件"),
    "remanufactured": ("再制造", "再制造件"), "reused": ("回用", "回用件", "拆车件", "旧件"),
}  # fmt: skip
Thing = TypeVar("Thing", Job, Part)
Merging = Callable[[ImportRow], bool]


class Line(msgspec.Struct):
    """A row without a mistake: its code, and the columns by name."""

    code: str
    columns: dict[str, Any]


class CodedList(Generic[Thing]):
    """Things that are known by their code, read once for a batch."""

    kind: type[Thing]
    verb: str

    def __init__(self, session: Session, imported: Import, by: Person) -> None:
        self.session, self.imported, self.by = session, imported, by
        self._known: dict[str, Thing] | None = None

    def read(self, cells: Sequence[str]) -> tuple[str, Line | None, list[dict[str, Any]]]:
        """The code as the key, the line, and what is wrong with it."""
        row = Cells(self.imported.columns, cells)
        code = row.text("code", most=LONGEST_CODE, required=True)
        zh = row.text("name", most=LONGEST, required=True)
        en = row.text("name_en", most=LONGEST)
        columns: dict[str, Any] = {"name": {"zh": zh, "en": en or zh}} | self.columns(row)
        if row.errors:
            return "", None, row.told()
        return code.upper(), Line(code, {name: value for name, value in columns.items() if value is not None}), []

    def columns(self, row: Cells) -> dict[str, Any]:
        """What else the row says; None where it says nothing."""
        raise NotImplementedError

    def notes(self, line: Any) -> dict[str, Any]:
        """Nothing: what is not understood is a mistake here."""
        return {}

    def find(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Of these, which are in the catalogue."""
        known = self._catalogue()
        return {key: _shown(known[key]) for key in keys if key in known}

    def apply(self, rows: Sequence[tuple[ImportRow, Line]], merging: Merging) -> None:
        """Add the new ones; the others are changed where that was chosen."""
        take_turn(self.session, self.by.store_id)  # two at once would both find none
        self._known = None
        known = dict(self._catalogue())
        made: list[Thing] = []
        changed: dict[str, Thing] = {}
        for row, line in rows:
            key = line.code.upper()
            thing = known.get(key)
            if thing is None:
                thing = known[key] = self._new(line)
                made.append(thing)
                state = MADE
            else:
                state = MERGED if merging(row) and self._change(thing, line) else LEFT
                changed |= {key: thing} if state == MERGED and thing not in made else {}
            row.state, row.cells, row.key, row.subject_id = state, [], "", thing.id
            row.found = _shown(thing)
        add_many(self.session, made)
        record_many(self.session, f"{self.verb}.added", [(one, None, {}) for one in made], by=self.by)
        record_many(self.session, f"{self.verb}.changed", [(one, None, {}) for one in changed.values()], by=self.by)

    def blank(self) -> dict[str, Any]:
        """What a new one has where the list says nothing."""
        raise NotImplementedError

    def _new(self, line: Line) -> Thing:
        own = self.blank() | line.columns
        return self.kind(id=uuid7(), store_id=self.by.store_id, version=1, code=line.code, active=True, **own)

    def _change(self, thing: Thing, line: Line) -> bool:
        before = {name: getattr(thing, name) for name in line.columns}
        wanted = dict(line.columns)
        wanted["name"] = _named(before["name"], wanted["name"])
        if before == wanted:
            return False
        for name, value in wanted.items():
            setattr(thing, name, value)
        thing.version += 1
        return True

    def _catalogue(self) -> dict[str, Thing]:
        if self._known is None:
            query = select(self.kind).where(self.kind.store_id == self.by.store_id)
            self._known = {thing.code.upper(): thing for thing in self.session.scalars(query)}
        return self._known


class JobList(CodedList[Job]):
    """Jobs with hours, skill and when they are due again."""

    kind, verb = Job, "job"

    def columns(self, row: Cells) -> dict[str, Any]:
        """Hours are needed; kind and skill are a repair by a mechanic unless it says so."""
        hours = _hundredths(row, "hours", least=0)
        if hours is None and "hours" not in row.errors:
            row.wrong("hours", N_("Please fill this in."))
        return {
            "hours": hours, "kind": row.choice("kind", _choices(KINDS, WORDS_OF_KIND)),
            "skill": row.choice("skill", _choices(SKILLS, WORDS_OF_SKILL)),
            "guarantee": row.choice("guarantee", _choices(GUARANTEES, WORDS_OF_GUARANTEE)),
            "every_km": row.whole("every_km", 1, 1_000_000), "every_months": row.whole("every_months", 1, 240),
        }  # fmt: skip

    def blank(self) -> dict[str, Any]:
        """A small repair for every model."""
        return {
            "kind": "repair", "skill": "mechanic", "guarantee": "minor", "model_id": None, "parts": [],
            "every_km": None, "every_months": None,
        }  # fmt: skip


class PartList(CodedList[Part]):
    """Parts with their class and marked price. How many there are is counted at the parts desk, not brought in."""

    kind, verb = Part, "part"

    def columns(self, row: Cells) -> dict[str, Any]:
        """The price is needed."""
        price = _hundredths(row, "price", least=0)
        if price is None and "price" not in row.errors:
            row.wrong("price", N_("Please fill this in."))
        unit = row.text("unit", most=20)
        return {
            "price": price, "part_class": row.choice("part_class", _choices(CLASSES, WORDS_OF_CLASS)),
            "brand": row.text("brand", most=LONGEST) or None, "unit": {"zh": unit, "en": unit} if unit else None,
            "reorder_at": _hundredths(row, "reorder_at", least=0), "bin": row.text("bin", most=20) or None,
            "instead_of": row.text("instead_of", most=LONGEST_CODE) or None,
        }  # fmt: skip

    def blank(self) -> dict[str, Any]:
        """An original part of which none is in stock."""
        return {
            "part_class": "original", "brand": "", "unit": {"zh": "个", "en": "pc"}, "reorder_at": 0, "on_hand": 0,
            "reserved": 0, "for_models": [], "bin": "", "instead_of": "",
        }  # fmt: skip


def _choices(codes: Any, also: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {plain(word): code for code in codes for word in (code, codes[code], *also[code])}


def _hundredths(row: Cells, field: str, *, least: int) -> int | None:
    """A number with at most two places, as hundredths: hours, yuan, units."""
    typed = row.text(field, most=20).replace(",", "").replace("，", "").lstrip("¥￥")
    if not typed:
        return None
    try:
        found = Decimal(typed) * HUNDREDTHS
        exact = found == found.to_integral_value() and least <= found <= MOST * HUNDREDTHS
    except (InvalidOperation, ValueError):
        exact = False
        found = Decimal(0)
    if not exact:
        row.wrong(field, N_("Type a number with at most two decimals, such as 2.4."))
        return None
    return int(found)


def _named(before: Words, wanted: Words) -> Words:
    """A list without English does not take the English away."""
    if wanted["en"] == wanted["zh"] == before.get("zh"):
        return before
    return wanted if wanted["en"] != wanted["zh"] else {"zh": wanted["zh"], "en": before.get("en") or wanted["en"]}


def _shown(thing: Job | Part) -> dict[str, Any]:
    return {"name": thing.name, "year": thing.code}
