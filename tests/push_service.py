"""A push service of the tests' own, on loopback, and the devices that read what it was given."""

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.people import Person, sign_in, subscriptions
from server.domain.people.subscriptions import Subscription
from tests.cast import PASSWORD, PIN

Reply = Callable[[BaseHTTPRequestHandler], None]


def coded(content: bytes) -> str:
    """As browsers write bytes."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def plain(text: str) -> bytes:
    """The bytes behind it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Received:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes


class PushService:
    """Keeps what it is given; answers 201 unless `replies` has something else to say for a path."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.received: list[Received] = []
        self.replies: dict[str, Reply] = {}

    def say(self, path: str, status: int, **headers: str) -> None:
        """From now on whoever writes there gets this answer."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in (headers | {"content-length": "0"}).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()

        self.replies[path] = reply


@contextmanager
def push_service(context: ssl.SSLContext | None = None) -> Iterator[PushService]:
    """Open on a free port until the block ends; over TLS where there is a context for it."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.received.append(Received(self.path, headers, body))
            service.replies.get(self.path, taken)(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    def taken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(201)
        handler.send_header("content-length", "0")
        handler.end_headers()

    class Hall(ThreadingHTTPServer):
        request_queue_size = 128

    with Hall(("127.0.0.1", 0), Desk) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        service = PushService(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


class Device:
    """A browser's end of a subscription: only it has the private key."""

    def __init__(self, service: PushService, path: str = "/lin") -> None:
        self.id: UUID = uuid7()
        self.service, self.path = service, path
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = uuid7().bytes

    @property
    def told(self) -> dict[str, str]:
        """What the browser tells its page."""
        return {"endpoint": self.service.address + self.path, "p256dh": coded(self._point), "auth": coded(self._secret)}

    @property
    def letters(self) -> list[Received]:
        """What has come for it."""
        return [one for one in self.service.received if one.path == self.path]

    def read(self, letter: Received) -> dict[str, Any]:
        """RFC 8291 and RFC 8188, by hand: the house's library is what is examined."""
        salt, size, length = letter.body[:16], int.from_bytes(letter.body[16:20]), letter.body[20]
        theirs, sealed = letter.body[21 : 21 + length], letter.body[21 + length :]
        assert len(sealed) <= size
        shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        inner = _derived(shared, self._secret, b"WebPush: info\0" + self._point + theirs, 32)
        key = _derived(inner, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(inner, salt, b"Content-Encoding: nonce\0", 12)
        content = AESGCM(key).decrypt(nonce, sealed, None)
        return json.loads(content[: content.rindex(b"\2")])

    def taken_by(self, session: Session, name: str) -> Person:
        """Somebody signs in on it."""
        return sign_in.by_password(session, name, PASSWORD, device=self.id, address="10.0.0.1", hours=12)[0]

    def handed(self, session: Session, name: str, *, by: Person) -> Person:
        """From hand to hand, by PIN."""
        return sign_in.by_pin(session, name, PIN, at=by, address="10.0.0.1", hours=12)[0]

    def subscribed(self, session: Session, by: Person, language: str = "zh") -> Subscription:
        """Its person has switched notices on."""
        told = self.told
        return subscriptions.subscribe(
            session, by=by, endpoint=told["endpoint"], p256dh=told["p256dh"], auth_secret=told["auth"],
            language=language,
        )  # fmt: skip

    @property
    def _point(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def claims_of(authorization: str) -> tuple[str, dict[str, Any]]:
    """The key and the claims of a VAPID header; fails when the signature is not that key's (RFC 8292)."""
    parts = dict(part.strip().split("=", 1) for part in authorization.removeprefix("vapid ").split(","))
    head, claims, signature = parts["t"].split(".")
    assert json.loads(plain(head)) == {"typ": "JWT", "alg": "ES256"}
    numbers = plain(signature)
    both = utils.encode_dss_signature(int.from_bytes(numbers[:32]), int.from_bytes(numbers[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), plain(parts["k"]))
    key.verify(both, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return parts["k"], json.loads(plain(claims))


def _derived(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(hashes.SHA256(), size, salt, info).derive(secret)
