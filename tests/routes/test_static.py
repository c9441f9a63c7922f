"""Files of `static/`: the same content however it travels, the smallest way that the browser knows."""

import gzip

import brotli
import pytest

from server.settings import ROOT
from server.static import static_url
from tests.routes.browsing import Come

SCRIPT = "js/outbox.js"


@pytest.mark.parametrize(
    ("knows", "way"),
    [
        ("gzip, deflate, br, zstd", "br"), ("br;q=0.9, gzip;q=1.0", "br"), ("gzip, deflate", "gzip"),
        ("identity", None), ("embroidery", None), ("", None),
    ],
)  # fmt: skip
def test_a_file_goes_out_the_smallest_way_that_is_known(client: Come, knows: str, way: str | None) -> None:
    with client().http.stream("GET", static_url(SCRIPT), headers={"Accept-Encoding": knows}) as answer:
        content = b"".join(answer.iter_raw())
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, way)
    assert answer.headers["vary"] == "Accept-Encoding"
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[way](content)
    assert opened == (ROOT / "static" / SCRIPT).read_bytes()
