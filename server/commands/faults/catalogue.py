"""Which faults are tried, how large, how often, and how often each must have struck."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from server.commands.faults import content, devices, full, home_visits, killed, network, people, speed, tabs, webkit
from server.commands.faults.scene import Trial


@dataclass(frozen=True)
class Fault:
    """One line of the table. `make` gives the trial of each repetition."""

    name: str
    make: Callable[[int], Trial]
    struck: int
    """At least so often in each repetition."""
    repeated: int = 1


def _same(trial: Callable[..., None], **sizes: int) -> Callable[[int], Trial]:
    return lambda _: partial(trial, **sizes)


def _seeded(trial: Callable[..., None], **sizes: int) -> Callable[[int], Trial]:
    return lambda nth: partial(trial, seed=nth + 1, **sizes)


FULL = (
    Fault("200 parallel of 10 keys", _same(content.parallel), 190),
    Fault("100 taps, 5 photos, signature, kill", _same(killed.browser), 2, 3),
    Fault("server killed 20 times", _same(killed.house), 20, 3),
    Fault("40 replies cut after commit", _same(network.cut), 40, 3),
    Fault("4 tabs and the worker", _same(tabs.tabs), 2),
    Fault("worker stopped 12 times", _same(tabs.worker), 12),
    Fault("flapping network", _seeded(network.flapping), 8, 3),
    Fault("captive portal", _same(network.portal), 1),
    Fault("black hole", _same(network.hole), 1),
    Fault("poison answer", _same(network.poison), 2),
    Fault("refused photo", _same(network.refused), 1),
    Fault("two devices", _same(devices.two), 5),
    Fault("a home visit by three devices", _seeded(home_visits.whole), 4, 3),
    Fault("clocks a day wrong", _same(devices.clocks), 2),
    Fault("session expired", _same(people.expired), 1),
    Fault("ticket revoked", _same(people.revoked), 1),
    Fault("handed over by PIN", _same(people.handed_over), 1),
    Fault("signed out without a network", _same(people.signed_out), 1),
    Fault("disk full", _same(full.disk), 1),
    Fault("update during replay", _same(tabs.update), 1),
    Fault("queue of version 1", _same(content.golden), 50),
    Fault("two identical photos", _same(content.twins), 2),
    Fault("second engine, WebKitGTK", _same(webkit.core), 5),
    Fault("1,000 waiting", _same(speed.taps), 1000),
)

SHORT = (
    Fault("40 parallel of 4 keys", _same(content.parallel, sendings=40, keys=4), 36),
    Fault("12 taps, 5 photos, signature, kill", _same(killed.browser, taps=12), 2),
    Fault("server killed 3 times", _same(killed.house, taps=15, kills=3), 3),
    Fault("5 replies cut after commit", _same(network.cut, taps=12, cuts=5), 5),
    Fault("a home visit by three devices", _seeded(home_visits.whole, talks=1, turns=4), 4),
    Fault("captive portal", _same(network.portal, taps=5), 1),
    Fault("handed over by PIN", _same(people.handed_over, taps=5, others=3), 1),
    Fault("two identical photos", _same(content.twins), 2),
)


def chosen(*, short: bool, words: tuple[str, ...]) -> list[Fault]:
    """Those whose name has one of the words; all of them without a word."""
    return [one for one in (SHORT if short else FULL) if not words or any(word in one.name for word in words)]
