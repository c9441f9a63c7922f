"""Reading a paper as a stranger does: the first page on a screen, its QR code before a camera."""

import base64
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from server.commands.trial.desk import Desk

READ_CODES = """async (picture) => {
  const entry = document.querySelector("script[type=module]").src;
  const { texts } = await import(entry.replace("huanche.js", "reader.js"));
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  return texts(new Blob([bytes], { type: "image/png" }));
}"""


def first_page(pdf: bytes) -> bytes:
    """The first page of a PDF as PNG."""
    with TemporaryDirectory() as desk:
        paper = Path(desk) / "paper.pdf"
        paper.write_bytes(pdf)
        subprocess.run(
            ["/usr/bin/pdftoppm", "-r", "150", "-png", "-singlefile", paper, paper.with_suffix("")], check=True
        )
        return paper.with_suffix(".png").read_bytes()


def codes_on(desk: Desk, pdf: bytes) -> list[str]:
    """What the codes on a paper's first page say, read by the house's own reader."""
    return desk.run(READ_CODES, base64.b64encode(first_page(pdf)).decode())
