"""A paper as it is fetched, against WeasyPrint drawing the same one and nothing else."""

import io
import re
from uuid import UUID

from pypdf import PdfReader
from sqlalchemy import select

from server import pdf
from server.commands.bench.houses import Houses
from server.commands.bench.measure import in_turn
from server.commands.bench.wire import Wire
from server.database import Database
from server.domain.records import Paper
from server.domain.records.files import File

FEWEST = 10_000
"""Bytes below which it is not a paper."""


def measure(houses: Houses) -> None:
    """Every kind of paper that the demonstration has, warm."""
    manager = Wire(houses.house, "gao")
    for kind, paper in _papers(houses).items():
        path = f"/papers/{paper.number}.pdf?revision=1"
        images = _images(houses, paper)
        sheets = len(PdfReader(io.BytesIO(manager.get(path, FEWEST))).pages)

        def bare(paper: Paper = paper, images: dict[str, bytes] = images) -> bytes:
            return pdf.render(paper.kind, paper.content, images, f"{houses.house}/papers/{paper.number}")

        def fetched(path: str = path) -> bytes:
            return manager.get(path, FEWEST)

        in_turn(f"{kind}, {sheets} pages (floor: drawing alone)", bare, fetched, rows=1, rounds=8, times=1)


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
