"""One POST over HTTP, told apart by what can have happened: never arrived, answered, or nobody knows.

The program's own client and not a general one, for three reasons: the connection is opened before anything is said, so
"not reachable" is certain; the address that is really connected to is looked at, after the name was resolved and with
no second look-up in between, so a name cannot change its mind (`guarded`); and it follows no redirect.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import string
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notices.channels.base import Answer, Down, Fault

CONNECT_SECONDS = 3.0
# From there to the last byte of the answer.
TOTAL_SECONDS = 5.0
LONGEST_ANSWER = 64 * 1024
AGENT = "Fupan"

# Besides everything that is not public: addresses that lead somewhere else than they say, and former private ones.
CLOSED = [
    ipaddress.ip_network(text)
    for text in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "fec0::/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
    )
]

# What to say to people where the other side said nothing.
NO_ADDRESS = _("This is no web address.")
PRIVATE = _("This address is not on the public Internet; nothing is sent there.")
UNKNOWN = _("There is no such name on the Internet; look how it is spelt.")
SILENT = _("Nobody answers at this address now.")
UNSAFE = _("The certificate of the server is not valid; nothing is sent there.")


class Lost(Exception):
    """The line broke after the message had gone out: it may or may not have been taken."""


def post(
    url: str, content: bytes, *, headers: Mapping[str, str] | None = None, guarded: bool = False
) -> Answer:
    """POST JSON and read the answer.

    guarded: only to addresses of the public Internet (and those of WEBHOOK_PRIVATE_NETWORKS).
    Raises Down (nothing was handed over), Fault (this address will never do), Lost (nobody knows).
    """
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": AGENT, **(headers or {})}
    return _exchange("POST", url, content, sent, guarded=guarded)


def get(url: str) -> Answer:
    """GET something that may be asked for any number of times. Raises Down or Fault."""
    try:
        return _exchange("GET", url, None, {"User-Agent": AGENT}, guarded=False)
    except Lost as error:
        raise Down(str(error), because=SILENT) from error


def is_open(address: str) -> bool:
    """Whether a webhook may connect to this numeric address."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if any(found in network for network in settings.WEBHOOK_PRIVATE_NETWORKS):
        return True
    return found.is_global and not found.is_multicast and not any(found in network for network in CLOSED)


def _exchange(
    method: str, url: str, content: bytes | None, headers: Mapping[str, str], *, guarded: bool
) -> Answer:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Fault("This is not a web address.", because=NO_ADDRESS)
    raw = _open(parts.hostname, _port(parts), guarded=guarded)
    # A server that drips its answer byte by byte would keep every single wait short.
    watch = threading.Timer(TOTAL_SECONDS, _hang_up, [raw])
    watch.start()
    try:
        connection = http.client.HTTPConnection(parts.netloc.rpartition("@")[2])
        connection.sock = raw = _secured(raw, parts)
        return _talk(connection, method, _path(parts), content, headers)
    finally:
        watch.cancel()
        raw.close()


def _talk(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    content: bytes | None,
    headers: Mapping[str, str],
) -> Answer:
    try:
        connection.request(method, path, body=content, headers=dict(headers))
        response = connection.getresponse()
        text = response.read(LONGEST_ANSWER).decode("utf-8", "replace")
        return Answer(response.status, text, dict(response.headers))
    except (OSError, http.client.HTTPException) as error:
        raise Lost(f"No answer came: {_said(error)}") from error


def _open(host: str, port: int, *, guarded: bool) -> socket.socket:
    """A connection to one of the addresses that the name stands for; each is looked at before it is dialled."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Down(f"The name {host} cannot be resolved.", because=UNKNOWN) from error
    addresses = [one[4] for one in found if not guarded or is_open(str(one[4][0]))][:2]
    if not addresses:
        raise Fault(f"{host} is not on the public Internet.", because=PRIVATE)
    reason = ""
    for address in addresses:
        try:
            return socket.create_connection((str(address[0]), port), timeout=CONNECT_SECONDS / len(addresses))
        except OSError as error:
            reason = _said(error)
    raise Down(f"{host} does not answer: {reason}", because=SILENT)


def _secured(raw: socket.socket, parts: SplitResult) -> socket.socket:
    raw.settimeout(TOTAL_SECONDS)
    if parts.scheme == "http":
        return raw
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
    except ssl.SSLCertVerificationError as error:
        words = f"The certificate of the server is not valid: {error.verify_message}"
        raise Fault(words, because=UNSAFE) from error
    except OSError as error:
        raise Down(f"No secure connection: {_said(error)}", because=SILENT) from error


def _hang_up(raw: socket.socket) -> None:
    with contextlib.suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Fault("This is not a web address.", because=NO_ADDRESS) from error


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=string.punctuation)
    return path + (f"?{quote(parts.query, safe=string.punctuation)}" if parts.query else "")


def _said(error: BaseException | None) -> str:
    """What went wrong, never with an address in it: addresses are secrets here."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
