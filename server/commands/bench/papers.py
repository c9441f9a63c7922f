"""Papers: one page against bare WeasyPrint, and each kind as it is fetched against our own drawing of it."""

# WeasyPrint ships without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

import copy
import io
import re
from uuid import UUID

from pypdf import PdfReader
from sqlalchemy import select
from weasyprint import CSS, HTML

from server import pdf, press
from server.commands.bench.houses import Houses
from server.commands.bench.measure import in_turn
from server.commands.bench.wire import Wire
from server.database import Database
from server.domain.records import Paper
from server.domain.records.files import File

FEWEST = 10_000
"""Bytes below which it is not a paper."""
SHORT = 3
"""Sections that fit on one page."""


def measure(houses: Houses) -> None:
    """One page, then every kind of paper that the demonstration has; all of them warm."""
    manager = Wire(houses.house, "gao")
    papers = _papers(houses)
    _one_page(papers["pdi_sheet"], f"{houses.house}/papers/")
    for kind, paper in papers.items():
        path = f"/papers/{paper.number}.pdf?revision=1"
        images = _images(houses, paper)
        sheets = len(PdfReader(io.BytesIO(manager.get(path, FEWEST))).pages)

        def bare(paper: Paper = paper, images: dict[str, bytes] = images) -> bytes:
            return pdf.render(paper.kind, paper.content, images, f"{houses.house}/papers/{paper.number}")

        def fetched(path: str = path) -> bytes:
            return manager.get(path, FEWEST)

        in_turn(f"{kind}, {sheets} pages (floor: drawing alone)", bare, fetched, rows=1, rounds=8, times=1)


def _one_page(paper: Paper, verify_url: str) -> None:
    """The first sections of an inspection, unphotographed: from the press, and by WeasyPrint from the same HTML."""
    content = copy.deepcopy(paper.content)
    content["lists"][0]["sections"] = sections = content["lists"][0]["sections"][:SHORT]
    for item in (item for section in sections for item in section["items"]):
        item["answer"]["photos"] = []
    html = pdf.page(paper.kind, content, verify_url)

    def bare() -> bytes:
        return HTML(string=html).write_pdf(stylesheets=[CSS(filename=pdf.DOCUMENTS / "documents.css")]) or b""

    def printed() -> bytes:
        return press.printed(paper.kind, content, {}, verify_url)

    sheets = len(PdfReader(io.BytesIO(printed())).pages)
    in_turn(f"short {paper.kind}, {sheets} page (floor: bare WeasyPrint)", bare, printed, rows=1, rounds=10)


def _papers(houses: Houses) -> dict[str, Paper]:
    with _database(houses).work() as session:
        return {paper.kind: paper for paper in session.scalars(select(Paper).order_by(Paper.issued_at))}


def _images(houses: Houses, paper: Paper) -> dict[str, bytes]:
    """The photos on it, straight from the folder of files."""
    shown = set(re.findall(r"'file': '([^']+)'", str(paper.content)))
    with _database(houses).work() as session:
        sums = {str(one.id): one.sha256 for one in session.scalars(select(File).where(File.id.in_(map(UUID, shown))))}
    places = {place.name: place for place in (houses.folder / "files").rglob("*") if place.is_file()}
    return {file: places[total].read_bytes() for file, total in sums.items()}


def _database(houses: Houses) -> Database:
    return Database(f"sqlite:///{houses.folder / 'huanche.sqlite3'}")
