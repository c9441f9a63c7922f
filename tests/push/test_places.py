"""Where nothing is sent, and the key by which the house is known."""

import stat
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from server import push
from server.push import keys, wire
from server.settings import settings
from tests.aside import aside
from tests.push_service import PushService

Tell = Callable[..., None]


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "https://", "http://push.example.com/x", "ftp://push.example.com/x", "https://127.0.0.1/x",
        "https://[::1]/x", "https://10.0.0.5/x", "https://169.254.169.254/latest", "https://2130706433/x",
        "https://localhost/x", "https://push.example.com:8443/x", "https://push.example.com:x/",
        "https://me@push.example.com/x", "https://me:you@127.0.0.1/x", "http://127.0.0.1:80/x", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_endpoint_is_https_on_a_public_host(endpoint: str) -> None:
    assert not settings().push_loopback
    assert not push.is_place(endpoint)
    assert push.is_place("https://updates.push.services.mozilla.com/wpush/v2/gAAAA")
    assert push.is_place("https://web.push.apple.com:443/x")


def test_loopback_is_only_for_tests_and_only_this_machine(service: PushService) -> None:
    assert push.is_place(service.address)
    for endpoint in ("http://10.0.0.5/x", "http://localhost/x", "https://127.0.0.1/x", "http://push.example.com/x"):
        assert not push.is_place(endpoint)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True), ("64:ff9b::808:808", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("::", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:127.0.0.1", False), ("ff02::1", False),
        ("64:ff9b::a00:1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_what_is_out_in_the_world(address: str, public: bool) -> None:
    assert wire.is_public(ip_address(address)) is public


def test_a_name_that_leads_back_into_the_house_is_not_asked(service: PushService) -> None:
    port = urlsplit(service.address).port
    with pytest.raises(wire.Forbidden):
        aside(wire._look_up(urlsplit(f"https://localhost:{port}/x")))
    assert service.received == []


def test_the_key_is_made_once_and_read_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    def again() -> str:
        settings.cache_clear()
        keys._vapid.cache_clear()
        return push.public_key()

    request.addfinalizer(lambda: (settings.cache_clear(), keys._vapid.cache_clear()))
    with monkeypatch.context() as patch:
        patch.setenv("HUANCHE_DATA", str(tmp_path))
        first = again()
        assert stat.S_IMODE((tmp_path / "push-key").stat().st_mode) == 0o600
        assert again() == first
        given = (tmp_path / "push-key").read_text()
        (tmp_path / "push-key").unlink()
        assert again() != first
        patch.setenv("HUANCHE_PUSH_KEY", given)
        assert again() == first
