"""Every setting, typed, from the environment, with defaults that run."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

ROOT = Path(__file__).resolve().parent.parent


class Settings(msgspec.Struct, frozen=True):
    """What differs between one house and another; each field is `HUANCHE_<NAME>`."""

    data: Path
    database_url: str
    files_url: str
    """`file:///...` for a folder, or `s3://bucket/prefix`."""
    secret: str
    port: int
    public_url: str
    """What a phone reads from the QR code of a paper, without a slash at the end."""
    secure_cookies: bool
    session_hours: int
    body_limit: int
    upload_limit: int
    push_key: str
    """The house's own for push notices; when empty, one is made once and kept beside the data."""
    push_contact: str
    """Whom a push service asks when something is wrong: `mailto:` or `https:`."""
    push_loopback: bool
    """Whether a push service may be on this machine; only for tests."""


@cache
def settings() -> Settings:
    """Read the environment once."""
    read = os.environ.get
    data = Path(read("HUANCHE_DATA") or ROOT / "var").resolve()
    port = int(read("PORT") or "8000")
    public_url = (read("HUANCHE_PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    return Settings(
        data=data,
        database_url=read("HUANCHE_DATABASE_URL") or f"sqlite:///{data / 'huanche.sqlite3'}",
        files_url=read("HUANCHE_FILES_URL") or (data / "files").as_uri(),
        secret=read("HUANCHE_SECRET") or kept(data, "secret", lambda: secrets.token_urlsafe(48)),
        port=port,
        public_url=public_url,
        secure_cookies=public_url.startswith("https://"),
        session_hours=int(read("HUANCHE_SESSION_HOURS") or "12"),
        body_limit=int(read("HUANCHE_BODY_LIMIT") or str(1024 * 1024)),
        upload_limit=int(read("HUANCHE_UPLOAD_LIMIT") or str(20 * 1024 * 1024)),
        push_key=read("HUANCHE_PUSH_KEY") or "",
        push_contact=read("HUANCHE_PUSH_CONTACT") or f"mailto:huanche@{urlsplit(public_url).hostname}",
        push_loopback=read("HUANCHE_PUSH_LOOPBACK") == "1",
    )


def kept(data: Path, name: str, new: Callable[[], str]) -> str:
    """What the house makes for itself once and keeps beside its data, for nobody else to read."""
    data.mkdir(parents=True, exist_ok=True)
    place = data / name
    if not place.exists():
        draft = place.with_name(f"{name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(new(), encoding="ascii")
        with suppress(FileExistsError):  # two servers starting at once agree on one
            os.link(draft, place)
        draft.unlink()
    return place.read_text(encoding="ascii").strip()
