"""Everything the house keeps in one file: the database, the photos and papers, its secret and its key for pushes."""

import io
import os
import sys
import tarfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import obstore
from obstore.store import ObjectStore, from_url

from server import push
from server.commands import dumps, migrate
from server.settings import settings


class Manifest(msgspec.Struct):
    """What a backup says of itself."""

    made_at: str
    database: str
    shape: str


def run(folder: str = "") -> int:
    """`backup DIR`, or beside the data: print the file that was written."""
    try:
        print(write(Path(folder) if folder else usual_place()))
    except dumps.CannotDump as why:
        print(why, file=sys.stderr)
        return 1
    return 0


def write(folder: Path) -> Path:
    """The database first, then the files: a row never points at a file that is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    url = settings().database_url
    made_at = time.strftime("%Y%m%d-%H%M%S")
    manifest = Manifest(made_at=made_at, database=dumps.kind_of(url), shape=migrate.shape(url) or "")
    place = folder / f"huanche-{made_at}.tar.gz"
    with TemporaryDirectory(dir=folder) as name:
        desk = Path(name)
        dumps.dump(url, desk / "database")
        with _closed_to_others(desk / "draft") as tar:
            _add(tar, "manifest.json", msgspec.json.encode(manifest))
            _add(tar, "secret", settings().secret.encode())
            _add(tar, "push-key", push.private_key().encode())
            tar.add(desk / "database", "database")
            for file, content in _files():
                _add(tar, f"files/{file}", content)
        (desk / "draft").replace(place)
    return place


def usual_place() -> Path:
    """Where backups go when nobody says where."""
    return settings().data / "backups"


def shelf() -> ObjectStore:
    """Where the files lie."""
    url = settings().files_url
    if url.startswith("file:"):
        Path(url.removeprefix("file://")).mkdir(parents=True, exist_ok=True)
    return from_url(url)


def names(store: ObjectStore) -> Iterator[str]:
    """What lies on a shelf."""
    for batch in store.list():  # pyright: ignore[reportUnknownMemberType] -- speaks of pyarrow, which is not here
        yield from (entry["path"] for entry in batch)


def _files() -> Iterator[tuple[str, bytes]]:
    store = shelf()
    for name in names(store):
        yield name, obstore.get(store, name).bytes().to_bytes()


@contextmanager
def _closed_to_others(place: Path) -> Generator[tarfile.TarFile]:
    """It holds customers' data and the secret: only who made it may read it."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as tar:
        yield tar


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = len(content), int(time.time())
    tar.addfile(entry, io.BytesIO(content))
