"""An address in a calendar is one that everybody can open; nothing it names is fetched by us."""

import socket
from pathlib import Path

import pytest

from content_queue.media import linked
from schedules.hosts import is_public
from schedules.pictures import read_pictures
from schedules.refusals import ReadError


@pytest.mark.parametrize(
    "host", ["gialai.gov.vn", "anh.vidu.example", "đẹp.vn", "8.8.8.8", "xn--p-bja.vn", "vidu.vn."]
)
def test_public_hosts_are_taken(host: str) -> None:
    """By name or number."""
    assert is_public(host)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1",
        "fc00::1",
        "localhost",
        "x.localhost",
        "may-in",
        "may-in.local",
        "vidu..vn",
        "",
    ],
)
def test_what_leads_into_a_network_is_refused(host: str) -> None:
    """However it is spelt; Python calls some of these global."""
    assert not is_public(host)


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/a.jpg",
        "https://[::ffff:127.0.0.1]/a.jpg",
        "https://[::1/a.jpg",
        "https://2130706433/a.jpg",
        "https://may-in.local/a.jpg",
        "https://ai:do@vidu.vn/a.jpg",
    ],
)
def test_such_an_address_refuses_its_row(address: str) -> None:
    """Told at its cell, with the way out."""
    with pytest.raises(ReadError) as refused:
        read_pictures(address, Path())
    assert refused.value.code == "picture_address"


def test_nothing_that_a_calendar_names_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened and no name asked for: platforms fetch it themselves."""

    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("nothing is fetched")

    monkeypatch.setattr(socket, "socket", nobody)
    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    (address,) = read_pictures("https://gialai.gov.vn/anh/le-hoi.jpg", Path())
    assert linked(address).url == address
