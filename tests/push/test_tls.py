"""Over TLS, as every real push service is spoken to: at the address that was looked over, under its own name."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from server.database import now
from server.push import wire
from tests.aside import aside
from tests.push_service import Device, PushService, push_service

NAME = "push.example.com"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For this name, and nobody's word but its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now() - timedelta(days=1)).not_valid_after(now() + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    place = tmp_path / "certificate.pem"
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    place.write_bytes(own + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return place


@contextmanager
def secure(certificate: Path) -> Iterator[PushService]:
    """A push service that proves by the certificate who it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with push_service(context) as service:
        yield service


def write(service: PushService, certificate: Path, host: str) -> wire.Answer:
    """A letter to this host, which was looked up to be this machine."""
    told = Device(service).told
    endpoint = f"https://{host}:{urlsplit(service.address).port}/lin"
    letter = wire.Letter(endpoint, told["p256dh"], told["auth"], b"{}", 60, "high", "topic")

    async def send() -> wire.Answer:
        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=str(certificate))) as client:
            return await wire.write(client, letter, urlsplit(endpoint), ip_address("127.0.0.1"))

    return aside(send())


def test_the_host_is_asked_by_name_at_the_address_that_was_looked_over(certificate: Path) -> None:
    with secure(certificate) as service:
        assert write(service, certificate, NAME) == wire.Answer(201, "201")
        (letter,) = service.received
        assert letter.headers["host"] == f"{NAME}:{urlsplit(service.address).port}"


def test_who_cannot_prove_to_be_that_host_is_told_nothing(certificate: Path) -> None:
    with secure(certificate) as service:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            write(service, certificate, "elsewhere.example.com")
        assert service.received == []
