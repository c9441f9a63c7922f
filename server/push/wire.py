"""To the push services, which live out in the world: encrypted, and to nobody inside the house's own network."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from server.push import keys
from server.settings import settings

PATIENCE = 15
"""Seconds for one letter, from the look-up of the name to the answer."""
TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses in the clothes of IPv6, private ones among them."""
LOOPBACK = "127.0.0.1"
Address = IPv4Address | IPv6Address


class Forbidden(ValueError):
    """Nothing is sent there."""


@dataclass(frozen=True)
class Letter:
    """What goes to one endpoint. `seconds` is how long the push service keeps it for a device that is off."""

    endpoint: str
    p256dh: str
    auth_secret: str
    content: bytes
    seconds: int
    urgency: str
    topic: str


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when nobody answered."""

    status: int
    fault: str = ""
    wait: timedelta | None = None


def is_place(endpoint: str) -> bool:
    """Whether this can be a push service: https, on its usual port, by name."""
    try:
        _place(endpoint)
    except ValueError:
        return False
    return True


def post(letters: Sequence[Letter]) -> list[Answer]:
    """Send all of them at once, and wait for every answer; in a thread of its own, whatever runs in the caller's."""
    with ThreadPoolExecutor(1) as postman:
        return postman.submit(asyncio.run, _post_all(letters)).result()


async def _post_all(letters: Sequence[Letter]) -> list[Answer]:
    # Never through a proxy of the environment, never on to another address: what was looked over is what is asked.
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=PATIENCE) as client:
        return await asyncio.gather(*(_post(client, letter) for letter in letters))


async def _post(client: httpx.AsyncClient, letter: Letter) -> Answer:
    try:
        async with asyncio.timeout(PATIENCE):
            return await _ask(client, letter)
    except Exception as fault:  # noqa: BLE001 -- one letter that cannot be sent does not hold up the others
        return Answer(0, f"{type(fault).__name__}: {fault}"[:200])


async def _ask(client: httpx.AsyncClient, letter: Letter) -> Answer:
    place = _place(letter.endpoint)
    return await write(client, letter, place, await _look_up(place))


async def write(client: httpx.AsyncClient, letter: Letter, place: SplitResult, address: Address) -> Answer:
    """To this address and no other; whoever answers there has to prove that it is the place's host."""
    netloc = f"[{address}]" if address.version == 6 else str(address)
    port = f":{place.port}" if place.port else ""
    headers = {
        "host": place.netloc, "ttl": str(letter.seconds), "urgency": letter.urgency, "topic": letter.topic,
        "content-encoding": "aes128gcm", "content-type": "application/octet-stream",
    } | keys.authorization(letter.endpoint)  # fmt: skip
    asked = client.stream(
        "POST", place._replace(netloc=netloc + port).geturl(), content=_sealed(letter), headers=headers,
        extensions={"sni_hostname": place.hostname},
    )  # fmt: skip
    async with asked as answer:  # its first line is all there is to know; the rest is never read
        later = answer.headers.get("retry-after", "")
        wait = timedelta(seconds=int(later)) if later.isdecimal() and len(later) < 7 else None
        return Answer(answer.status_code, str(answer.status_code), wait)


def _sealed(letter: Letter) -> bytes:
    """Only the device can open it (RFC 8291)."""
    import pywebpush  # pyright: ignore[reportMissingTypeStubs] -- slow to import; only a house that pushes needs it

    place = {"endpoint": letter.endpoint, "keys": {"p256dh": letter.p256dh, "auth": letter.auth_secret}}
    pusher: Any = pywebpush.WebPusher(place)
    return pusher.encode(letter.content, content_encoding="aes128gcm")["body"]


def _place(endpoint: str) -> SplitResult:
    """Raises ValueError, of which Forbidden is one."""
    place = urlsplit(endpoint)
    if _is_own(place):
        return place
    plain = place.scheme == "https" and place.port in (None, 443) and "@" not in place.netloc
    if not (plain and place.hostname and _is_name(place.hostname)):
        raise Forbidden("an endpoint is https, on a public host")
    return place


def _is_own(place: SplitResult) -> bool:
    """A push service of the tests, on this machine."""
    return settings().push_loopback and place.scheme == "http" and place.hostname == LOOPBACK


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host.strip(".") and host.isascii()
    return False


async def _look_up(place: SplitResult) -> Address:
    """The address to speak to; each of a name's addresses has to be out in the world."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(place.hostname, place.port or 443, type=socket.SOCK_STREAM)
    addresses = sorted((ip_address(one[4][0]) for one in found), key=lambda address: address.version)
    if not addresses or not (_is_own(place) or all(is_public(address) for address in addresses)):
        raise Forbidden("an endpoint is https, on a public host")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether it is out in the world, however it is written."""
    inner = _inside(address) if isinstance(address, IPv6Address) else None
    return is_public(inner) if inner else address.is_global and not address.is_multicast


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
