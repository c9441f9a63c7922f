"""In the field: tablets at a house of their own, behind a network that can be wrong."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlparse

from playwright.sync_api import Browser, Locator

from server.commands.demonstration.week import READY, TODAY, TOMORROW
from server.commands.faults.modes import Mode
from server.commands.faults.proxy import Proxy
from server.commands.trial.chromium import TABLET, Device
from server.commands.trial.desk import PATIENCE, Desk, number_in
from server.commands.trial.house import serving


def kept(store: str, what: str = "getAll") -> str:
    """A script that reads a store of the device's database beside the page, also before there is one."""
    return f"""async () => {{
      const named = await indexedDB.databases();
      if (!named.some(({{ name, version }}) => name === 'huanche' && version)) return [];
      const read = (asked) => new Promise((done, failed) => Object.assign(asked,
        {{ onsuccess: () => done(asked.result), onerror: failed }}));
      const all = await read(indexedDB.open('huanche'));
      const rows = (store) => read(all.transaction(store).objectStore(store).{what}());
      const found = all.objectStoreNames.contains('{store}') ? await rows('{store}') : [];
      all.close();
      return found;
    }}"""


OUTBOX = kept("op")
TICKET = f"""async () => (await ({kept("kv", "getAllKeys")})())
  .includes(`ticket:${{document.querySelector('meta[name=person]').content}}`)"""
AT_HAND = """async () => {
  const said = (name) => document.querySelector(`meta[name=${name}]`)?.content ?? '';
  const kept = (await (await caches.open(`pages-${said('person')}`)).keys()).map(({ url }) => new URL(url).pathname);
  return ['/', '/outbox', '/aboard', ...said('at-hand').split(' ')].every((page) => !page || kept.includes(page));
}"""
IN_CHARGE = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
STILL = "() => !document.querySelector('form[aria-busy=true]')"


class Tablet(Desk):
    """Somebody's device in the field; `faults` is what broke on its pages: that a network is missing is none."""

    def __init__(
        self, browser: Browser, address: str, device: Device = TABLET, *, language: str = "zh", workers: bool = True
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": device.width, "height": device.height}, is_mobile=device.mobile, has_touch=True,
            base_url=address, locale="zh-CN", reduced_motion="reduce", service_workers="allow" if workers else "block",
        )  # fmt: skip
        self.context.add_cookies([{"name": "huanche_language", "value": language, "url": address}])
        self.device, self.address, self.workers = device, address, workers
        self.faults: list[str] = []
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", self._broke)

    def come(self, name: str) -> "Tablet":
        """Sign in, and stay until the tablet could do without the house."""
        self.sign_in(name)
        return self.ready()

    def ready(self) -> "Tablet":
        """Until it holds a ticket, its worker is at work, and what is always at hand is on it."""
        self.until(TICKET)
        if self.workers:
            self.until(AT_HAND)
            self.go("/")
            self.until(IN_CHARGE)
        return self

    def offline(self, without: bool = True) -> None:
        """Out of reach, or back."""
        self.context.set_offline(without)

    def take_along(self, walk: "Walk") -> None:
        """By the button on the page of a delivery."""
        self.go(walk.address)
        self.press("[data-take]")

    @property
    def queue(self) -> list[dict[str, Any]]:
        """The deeds that are still on it, oldest first."""
        return self.run(OUTBOX)

    @property
    def bar(self) -> Locator:
        """What the head of every page says of the queue."""
        return self.page.locator("[data-sync]")

    def says(self, *words: str, count: int | None = None) -> str:
        """What the bar says for these words of its own, in the language of the page."""
        known = json.loads(self.bar.get_attribute("data-words") or "{}")
        return " · ".join(known[word].replace("{count}", str(count)) for word in words)

    def kept(self) -> None:
        """Until what was done is on the disk."""
        self.page.wait_for_function(STILL)

    def send(self) -> None:
        """Send now, until nothing of one's own is left."""
        self.go("/outbox")
        self.press_send()
        self.page.locator("[data-nothing]").wait_for(timeout=60_000)

    def items(self, of: str = ".item") -> list[Locator]:
        """The items of the section that is open."""
        ids: list[str] = self.run("(of) => [...document.querySelectorAll(of)].map((item) => item.id)", of)
        return [self.page.locator(f"#{one}") for one in ids]


class Yard:
    """A dealership with the demonstration in it, and the network before it."""

    def __init__(self, folder: Path, proxy: Proxy) -> None:
        self.folder, self.proxy, self.address = folder, proxy, proxy.address
        self.handover = Walk()
        self.pdi = Walk()
        self.failed = ""
        """A delivery whose inspection has failed."""

    def ask(self, question: str, *words: object) -> list[tuple[Any, ...]]:
        """What its database holds."""
        with sqlite3.connect(f"file:{self.folder}/huanche.sqlite3?mode=ro", uri=True) as found:
            return found.execute(question, words).fetchall()

    def set(self, said: str, *words: object) -> None:
        """Set its database as an administrator would."""
        with sqlite3.connect(self.folder / "huanche.sqlite3", timeout=30) as house:
            house.execute(said, words)

    def begin(self, browser: Browser) -> None:
        """A handover by Lin and an inspection by Zhou, on which all tablets here work."""
        lin, zhou = (Desk(browser, self.address).sign_in(name) for name in ("lin", "zhou"))
        number = {name: _number_of(lin, name) for name in (READY, TODAY, TOMORROW)}
        self.handover = _begun(lin, number[READY], "handover")
        self.pdi = _begun(zhou, number[TODAY], "pdi")
        self.failed = f"/deliveries/{number[TOMORROW]}"
        lin.close()
        zhou.close()


@dataclass(frozen=True)
class Walk:
    """A delivery, and the pages of the checklist that is walked through for it."""

    number: str = ""
    sections: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The page of the delivery."""
        return f"/deliveries/{self.number}"


def _number_of(desk: Desk, name: str) -> str:
    desk.go("/deliveries")
    desk.press(desk.page.locator("a.whole", has_text=name))
    return number_in(desk)


def _begun(desk: Desk, number: str, what: str) -> Walk:
    desk.go(f"/deliveries/{number}")
    desk.press(f"form[action$='/{what}'] button")
    links = desk.page.locator("ol.steps a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    return Walk(number, tuple(links))


@contextmanager
def yard(browser: Browser) -> Iterator[Yard]:
    """Open it until the block ends."""
    with TemporaryDirectory(prefix="huanche-") as folder, serving(Path(folder), "run") as address:
        port = urlparse(address).port
        assert port is not None
        with Proxy(port) as proxy:
            opened = Yard(Path(folder), proxy)
            opened.begin(browser)
            yield opened
            proxy.become(Mode.PASS)
