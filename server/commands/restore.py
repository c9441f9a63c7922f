"""Bring a backup back into an empty house."""

import hashlib
import os
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import obstore

from server.commands import dumps, migrate
from server.commands.backup import Manifest, names, shelf, usual_place
from server.settings import settings


class Refused(Exception):
    """Why the backup is not brought back."""


def run(place: str = "") -> int:
    """`restore FILE`, or a folder whose newest backup is meant."""
    try:
        bring_back(_newest(Path(place) if place else usual_place()))
    except (Refused, dumps.CannotDump, tarfile.TarError) as why:
        print(why, file=sys.stderr)
        return 1
    print("已恢复，请运行 verify 核对 / Restored; run verify to look it over.")
    return 0


def bring_back(place: Path) -> None:
    """The files first, then the database: a row never points at a file that is not there."""
    _refuse_a_full_house()
    with tarfile.open(place) as tar:
        url = settings().database_url
        manifest = msgspec.json.decode(_read(tar, "manifest.json"), type=Manifest)
        if manifest.database != dumps.kind_of(url):
            raise Refused(f"备份来自 {manifest.database} / This backup was made of {manifest.database}")
        _keep_secret(_read(tar, "secret").decode())
        if "push-key" in tar.getnames() and not settings().push_key:  # a backup of before there were pushes has none
            _keep("push-key", _read(tar, "push-key").decode())
        _bring_files(tar)
        with TemporaryDirectory(dir=settings().data) as desk:
            dump = Path(desk) / "database"
            dump.write_bytes(_read(tar, "database"))
            dumps.bring_back(url, dump)
    migrate.to_head(url)


def _newest(place: Path) -> Path:
    if place.is_dir():
        place = max(place.glob("huanche-*.tar.gz"), default=place)
    if not place.is_file():
        raise Refused(f"没有找到备份 / There is no backup at {place}")
    return place


def _refuse_a_full_house() -> None:
    settings().data.mkdir(parents=True, exist_ok=True)
    if not dumps.is_empty(settings().database_url) or any(names(shelf())):
        raise Refused("这里已有数据，只能恢复到空库 / There is data here already; a backup goes into an empty house")


def _keep_secret(secret: str) -> None:
    """Sealed numbers open only with the secret they were sealed with."""
    given = os.environ.get("HUANCHE_SECRET")
    if given and given != secret:
        raise Refused("HUANCHE_SECRET 与备份不符 / HUANCHE_SECRET is not the secret of this backup")
    if not given:
        _keep("secret", secret)


def _keep(name: str, content: str) -> None:
    place = settings().data / name
    place.touch(mode=0o600)
    place.write_text(content, encoding="ascii")


def _bring_files(tar: tarfile.TarFile) -> None:
    store = shelf()
    for name in tar.getnames():
        if name.startswith("files/"):
            content = _read(tar, name)
            if hashlib.sha256(content).hexdigest() != name.rpartition("/")[2]:
                raise Refused(f"备份里的文件已损坏 / A file in this backup is damaged: {name}")
            obstore.put(store, name.removeprefix("files/"), content)


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    try:
        stream = tar.extractfile(name)
    except KeyError as fault:
        raise Refused(f"备份不完整，缺 {name} / This backup is not whole: {name} is missing") from fault
    return stream.read() if stream else b""
