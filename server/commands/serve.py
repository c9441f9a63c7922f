"""Serve the house on loopback; a proxy in front of it speaks to the world."""

import os
import sys

import uvicorn

from server.app import create_app
from server.commands import migrate
from server.settings import settings
from server.typefaces import readiness

FAREWELL = 3
"""Seconds for answers under way when the house closes; a live board would never end by itself, and comes back."""


def run() -> int:
    """`serve`: bring the database to this version's shape, then serve."""
    migrate.to_head(settings().database_url)
    return serve()


def serve() -> int:
    """One process: its threads share the tables of sheets and the one writer of SQLite."""
    for lack in readiness():
        print(lack, file=sys.stderr, flush=True)
    uvicorn.run(
        create_app(rounds_too=True), host=os.environ.get("HUANCHE_HOST", "127.0.0.1"), port=settings().port,
        loop="uvloop", http="httptools", ws="none", workers=1, access_log=False, log_level="warning",
        server_header=False, timeout_graceful_shutdown=FAREWELL,
    )  # fmt: skip
    return 0
