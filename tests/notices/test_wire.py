"""The line to other servers: where it may lead, and what is known when it breaks."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from notices.channels import wire
from notices.channels.base import Down, Fault
from tests.notices.robots import Robots


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.0.170", "198.18.0.1", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "fec0::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not wire.is_open(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses(address):
    assert wire.is_open(address)


def test_a_network_of_the_company_can_be_allowed(settings):
    settings.WEBHOOK_PRIVATE_NETWORKS = [wire.ipaddress.ip_network("10.1.0.0/16")]
    assert wire.is_open("10.1.2.3")
    assert wire.is_open("::ffff:10.1.2.3")
    assert not wire.is_open("10.2.0.1")


@pytest.fixture
def robots():
    with Robots().listening() as robots:
        yield robots


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_a_webhook_does_not_knock_at_home(robots, host):
    port = robots.url.rpartition(":")[2]
    with pytest.raises(Fault, match="not on the public Internet"):
        wire.post(f"http://{host}:{port}/hook", b"{}", guarded=True)
    assert robots.asked == 0


def test_a_name_that_changes_its_mind_is_asked_once(robots, monkeypatch):
    """The first answer is public, every later one leads home: what was looked at is what is dialled."""
    port = int(robots.url.rpartition(":")[2])
    answers = iter(["198.51.100.7"])
    dialled = []

    def resolve(host, *args, **kwargs):
        address = next(answers, "127.0.0.1") if host == "rebind.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def dial(address, timeout=None):
        dialled.append(address[0])
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(wire.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(wire.socket, "create_connection", dial)
    monkeypatch.setattr(wire, "is_open", lambda address: address != "127.0.0.1")
    with pytest.raises(Down):
        wire.post(f"http://rebind.example:{port}/hook", b"{}", guarded=True)
    assert dialled == ["198.51.100.7"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://example.com/", "http://", "http://example.com:99999/", "nonsense"]
)
def test_what_is_no_web_address(url):
    with pytest.raises(Fault, match="not a web address"):
        wire.post(url, b"{}", guarded=True)


def test_nobody_there_is_certain():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Down, match="does not answer"):
        wire.post(f"http://127.0.0.1:{port}/", b"{}")
    with pytest.raises(Down, match="cannot be resolved"):
        wire.post("http://no-such-name.invalid/", b"{}")


def test_a_line_that_breaks_is_doubtful(robots):
    robots.moods.append("hang up")
    with pytest.raises(wire.Lost):
        wire.post(f"{robots.url}/hook", b"{}")


@contextmanager
def dripping():
    """A server that sends a byte of its answer every tenth of a second, without an end."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _address = listener.accept()
        with connection:
            try:
                connection.recv(65536)
                for sign in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1000:
                    connection.sendall(bytes([sign]))
                    time.sleep(0.1)
            except OSError:
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()
        thread.join(5)


def test_a_server_that_drips_is_left_alone(monkeypatch):
    monkeypatch.setattr(wire, "TOTAL_SECONDS", 0.5)
    with dripping() as url:
        start = time.monotonic()
        with pytest.raises(wire.Lost):
            wire.post(url, b"{}")
        assert time.monotonic() - start < 3


def test_an_endless_answer_is_cut(robots):
    robots.moods.append((200, "x" * 300_000))
    assert len(wire.post(f"{robots.url}/hook", b"{}").text) == wire.LONGEST_ANSWER


def test_signs_in_a_path_cannot_start_a_second_request(robots):
    robots.moods.append((200, "fine"))
    answer = wire.post(f"{robots.url}/hook with space\x01/é?a=b c", b"{}")
    assert answer.status == 200
    assert robots.asked == 1
