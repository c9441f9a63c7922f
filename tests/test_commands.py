"""The commands of the house: fill, verify, back up and bring back."""

import os
import re
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from server.commands import migrate, seed
from server.commands.demonstration.stores import PASSWORD, PIN
from server.commands.help import COMMANDS
from server.commands.rooms import METADATA
from server.database import Database, now
from server.domain.care.contacts import Contact
from server.domain.customers import Customer, vin_warning
from server.domain.customers.cars import Car
from server.domain.delivery import Delivery, Inspection
from server.domain.people import Staff, Store
from server.domain.records import Paper, files
from server.domain.records.files import File
from server.domain.showroom import Prospect, prospects
from server.settings import ROOT
from tests.conftest import wait_for
from tests.ground import Ground
from tests.visitor import Visitor

Rows = dict[str, list[tuple[object, ...]]]


class House:
    """A house with a data folder and a database of its own, on which commands are run as from a shell."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "server.commands", *words], env=self.surroundings, cwd=ROOT, text=True,
            capture_output=True, check=False,
        )  # fmt: skip

    @property
    def surroundings(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUANCHE_")}
        return kept | {"HUANCHE_DATA": str(self.folder), "HUANCHE_DATABASE_URL": self.url}

    def rows(self) -> Rows:
        """Everything in every table."""
        database = Database(self.url)
        with database.work() as session:
            found = {
                table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
                for table in METADATA.sorted_tables
            }
        database.engine.dispose()
        return found

    def files(self) -> dict[str, bytes]:
        """Every photo, by where it lies."""
        shelf = self.folder / "files"
        return {str(place.relative_to(shelf)): place.read_bytes() for place in shelf.rglob("*") if place.is_file()}


@pytest.fixture
def another(ground: Ground, tmp_path: Path) -> Iterator[House]:
    """An empty one."""
    url = ground.nothing()
    yield House(tmp_path / "another", url)
    ground.clear(url)


@pytest.fixture(scope="module")
def house(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One with the demonstration, to be looked at and not changed."""
    url = ground.nothing()
    house = House(tmp_path_factory.mktemp("house"), url)
    filled = house.run("seed")
    assert filled.returncode == 0, filled.stderr
    yield house
    ground.clear(url)


@pytest.fixture(scope="module")
def kept(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    made = house.run("backup", str(tmp_path_factory.mktemp("kept")))
    assert made.returncode == 0, made.stderr
    return Path(made.stdout.strip())


def test_a_backup_brings_back_every_row_photo_and_paper(house: House, another: House, kept: Path) -> None:
    brought = another.run("restore", str(kept))
    assert brought.returncode == 0, brought.stderr
    assert another.rows() == house.rows()
    assert another.files() == house.files() != {}
    for own in ("secret", "push-key"):
        assert (another.folder / own).read_text() == (house.folder / own).read_text()
        assert (another.folder / own).stat().st_mode & 0o077 == 0
    assert migrate.differences(another.url) == []
    looked = another.run("verify")
    assert looked.returncode == 0, looked.stderr
    assert "WH01" in looked.stdout


def test_a_backup_is_read_by_who_made_it_alone(kept: Path) -> None:
    assert kept.stat().st_mode & 0o077 == 0


def test_a_full_house_takes_no_backup_in(house: House, kept: Path) -> None:
    before = house.rows()
    answer = house.run("restore", str(kept))
    assert answer.returncode == 1
    assert "empty" in answer.stderr
    assert house.rows() == before


def test_a_restored_house_guards_what_is_written_and_verify_names_a_break(another: House, kept: Path) -> None:
    assert another.run("restore", str(kept.parent)).returncode == 0
    database = Database(another.url)
    with pytest.raises(DBAPIError, match="stays written"), database.work() as session:
        session.execute(text("DELETE FROM events"))
    database.engine.dispose()
    photo = next(place for place in (another.folder / "files").rglob("*") if place.is_file())
    photo.write_bytes(b"something else")
    looked = another.run("verify")
    assert looked.returncode == 1
    assert f"WH01: 文件缺失或被改动 / a file is missing or was changed: {photo.name}" in looked.stderr


def test_verify_does_not_touch_a_house_of_another_version(another: House) -> None:
    assert another.run("verify").returncode == 1
    assert migrate.shape(another.url) is None


def test_the_demonstration_is_put_into_an_empty_house_only(house: House) -> None:
    before = house.rows()
    assert house.run("seed").returncode == 1
    assert house.rows() == before


def test_the_demonstration_is_a_dealership_at_work(empty: Database) -> None:
    assert seed.fill(empty)
    with empty.work() as session:
        store = session.scalars(select(Store).where(Store.code == "WH01")).one()
        names = set(session.scalars(select(Staff.name).where(Staff.store_id == store.id)))
        of_the_workshop = {"zhou", "sun", "ma", "luo", "wu", "qin", "pei", "chen", "xu"}
        assert names == {"lin", "fang", "he", "gao", "admin"} | of_the_workshop
        assert (session.scalar(select(func.count()).select_from(Customer)) or 0) >= 87
        states = session.scalars(select(Prospect.state)).all()
        assert min(states.count(state) for state in prospects.State) >= 3
        assert session.scalar(select(func.count()).where(Prospect.consultant_id.is_(None))) == 3
        assert not [vin for vin in session.scalars(select(Car.vin)) if vin and vin_warning(vin)]
        states = {inspection.delivery.state: inspection.state for inspection in session.scalars(select(Inspection))}
        assert states.keys() == {"planned", "ready", "completed"}
        today = now().astimezone(store.zone).date()
        planned = [one for one in session.scalars(select(Delivery)) if one.is_open]
        days = sorted((one.planned_at.astimezone(store.zone).date() - today).days for one in planned)
        assert days == [0, 0, 1]
        query = select(Contact).where(Contact.prospect_id.is_(None), Contact.kind.startswith("care_"))
        owed = [one for one in session.scalars(query) if one.is_owed]
        due = [(one.due_at.astimezone(store.zone).date() - today).days for one in owed]
        assert sum(day == 0 for day in due) == 2
        assert sum(day < 0 for day in due) == 1
        assert {paper.kind for paper in session.scalars(select(Paper))} >= {"pdi_sheet", "delivery_confirmation"}
        assert all(files.intact(file) for file in session.scalars(select(File)))


def test_run_fills_an_empty_house_tells_who_is_there_and_serves(another: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        [sys.executable, "-m", "server.commands", "run"], env=another.surroundings | {"PORT": port}, cwd=ROOT,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as server:  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}", patience=180)  # it is furnished first
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
                assert Visitor(http).sign_in("lin").get("/").status_code == 200
        finally:
            server.terminate()
            said, _ = server.communicate()
    assert f"http://127.0.0.1:{port}" in said
    for word in (PASSWORD, PIN, "lin", "chen", "zhou", "wu", "he", "gao", "admin"):
        assert word in said


def test_the_door_and_the_dispatcher_show_one_list(house: House) -> None:
    door = subprocess.run(["./huanche", "help"], cwd=ROOT, text=True, capture_output=True, check=True)
    assert house.run("help").stdout == door.stdout
    listed = re.findall(r"^\./huanche ([a-z-]+) +[\u4e00-\u9fff].* · [a-z].*$", door.stdout, re.MULTILINE)
    assert listed == COMMANDS
    assert len(listed) == len(door.stdout.splitlines()), "a line lacks one of the languages"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_listed_command_is_there(command: str) -> None:
    assert find_spec(f"server.commands.{command.replace('-', '_')}")


def test_an_unknown_command_shows_the_help_and_fails(house: House) -> None:
    answer = house.run("sell-everything")
    assert answer.returncode == 2
    assert "backup" in answer.stderr


def test_a_damaged_backup_is_not_brought_back(another: House, tmp_path: Path) -> None:
    place = tmp_path / "huanche-20260101-000000.tar.gz"
    with tarfile.open(place, "w:gz"):
        pass
    assert another.run("restore", str(place)).returncode == 1
    assert another.run("restore", str(tmp_path / "nowhere")).returncode == 1
    assert migrate.shape(another.url) is None
