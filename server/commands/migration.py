"""Draft a migration from what the tables of the code have and the database has not."""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from sqlalchemy import create_engine

from server.commands.migrate import config, to_head

LONGEST_NAME = 32
"""What Alembic's own table holds."""


def run(sentence: str) -> int:
    """`migration "Add a bay to repair orders"`: a draft to be read, corrected and tried on old data."""
    name = re.sub(r"\W+", "_", sentence.strip().rstrip(".").lower())
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.sqlite3'}"
        to_head(url)
        with create_engine(url).begin() as connection:
            script = command.revision(
                config(connection), sentence.rstrip("."), autogenerate=True, rev_id=name[:LONGEST_NAME]
            )
    assert script is not None
    assert not isinstance(script, list)
    _tidy(Path(script.path))
    print(script.path)
    return 0


def _tidy(script: Path) -> None:
    """Without Alembic's own remarks, in the style of the house."""
    script.write_text(re.sub(r"^ *# ### .*\n", "", script.read_text(encoding="utf-8"), flags=re.MULTILINE), "utf-8")
    for words in (("check", "--quiet", "--select", "I,F401", "--fix"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *words, str(script)], check=True)
