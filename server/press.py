"""The press: papers are drawn beside the house, in processes of their own; other heavy work is done there too."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Content = Mapping[str, Any]
Photos = Mapping[str, bytes]
"""By file id."""

WORKERS = 2

_hiring = Lock()


def printed(kind: str, content: Content, photos: Photos, verify_url: str) -> bytes:
    """`pdf.render` on another core; the photos come from here, where the file store is open."""
    return elsewhere(_print, kind, content, photos, verify_url)


def elsewhere(deed: Callable[P, T], *words: P.args, **named: P.kwargs) -> T:
    """Do it in a worker and wait for it. What goes there and what comes back can be pickled."""
    try:
        return _workers().submit(deed, *words, **named).result()
    except BrokenProcessPool:  # a worker was killed, for want of memory say: new ones, one more try
        _hire.cache_clear()
        return _workers().submit(deed, *words, **named).result()


def _print(kind: str, content: Content, photos: Photos, verify_url: str) -> bytes:
    from server.pdf import render  # WeasyPrint's 50 MB are for the workers alone

    return render(kind, content, photos, verify_url)


def _workers() -> ProcessPoolExecutor:
    with _hiring:
        return _hire()


@cache
def _hire() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(WORKERS, get_context("spawn"), _go_with_the_house)


def _go_with_the_house() -> None:
    """A worker ends when the server does, however the server ended."""

    def watch() -> None:
        if house := parent_process():
            house.join()
            os._exit(0)

    Thread(target=watch, daemon=True).start()
