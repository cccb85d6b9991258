"""The ASGI application of the streams: of rooms, of walls by their link, and /healthz; nothing else."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import Error as DatabaseError

from core.text import whole
from meetings.stream.access import admit, allowed_origin, is_stream
from meetings.stream.feed import Listener, packet
from meetings.stream.hub import Hub
from meetings.stream.reader import DatabaseReader

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

# A stream ends after so many seconds, not all at one instant; the screen comes back at once and is looked at again:
# still logged in, still invited, the link of the wall still good.
LIFE_SECONDS = (240, 300)
MAX_STREAMS = 2000
# Tabs of one person, or screens behind one wall link; more of them ask instead of listening, and take nobody's place.
MAX_STREAMS_EACH = 20
OPEN: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back until it has a pageful
    (b"vary", b"Origin, Cookie"),
]


class Streams:
    """One process's streams, from the server's start to its end (ASGI lifespan)."""

    def __init__(self) -> None:
        self.reader = DatabaseReader()
        self.hub = Hub(self.reader, settings.REDIS_URL)
        self.open_of: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            return
        elif scope["path"] == "/healthz":
            await _answer(send, 200, b"ok")
        elif not is_stream(scope["path"]):
            await _answer(send, 404)
        elif scope["method"] != "GET":
            await _answer(send, 405, headers=[(b"allow", b"GET")])
        else:
            await self._open(ASGIRequest(dict(scope), BytesIO()), receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _open(self, request: ASGIRequest, receive: Receive, send: Send) -> None:
        """Check who asks, join the room, and pass on what happens there."""
        try:
            origin = allowed_origin(request)
        except DisallowedHost:
            await _answer(send, 400)
            return
        if origin is None:
            await _answer(send, 403)
            return
        cors = _cors(origin)
        if self.hub.streams >= MAX_STREAMS:
            await _answer(send, 503, headers=cors)
            return
        try:
            admission = await self.reader.run(admit, request)
        except DatabaseError as error:
            await _unavailable(send, cors, error)
            return
        if admission.status != 200:
            await _answer(send, admission.status, headers=cors)
            return
        if self.open_of[admission.whose] >= MAX_STREAMS_EACH:
            await _answer(send, 503, headers=cors)
            return
        # Taken before anything is waited for again: of many who come at once, no more than that get past the check.
        self.open_of[admission.whose] += 1
        try:
            await self._stream(admission.meeting_id, request, receive, send, cors)
        finally:
            self.open_of[admission.whose] -= 1
            if not self.open_of[admission.whose]:
                del self.open_of[admission.whose]

    async def _stream(
        self, meeting_id: int, request: ASGIRequest, receive: Receive, send: Send, cors: Headers
    ) -> None:
        listener = Listener()
        try:
            await self.hub.join(meeting_id, listener, _known(request))
        except DatabaseError as error:
            await _unavailable(send, cors, error)
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*OPEN, *cors]})
            await _pass_on(listener, receive, send)
        finally:
            self.hub.leave(meeting_id, listener)


async def _unavailable(send: Send, cors: Headers, error: DatabaseError) -> None:
    logger.warning("No stream could be opened: %s", type(error).__name__)
    await _answer(send, 503, headers=cors)


async def _pass_on(listener: Listener, receive: Receive, send: Send) -> None:
    """Messages as they come, until the stream has lived long enough, falls behind, or its screen goes away."""
    gone = asyncio.ensure_future(_wait_for_end(receive))
    life = random.uniform(*LIFE_SECONDS)  # noqa: S311 - spreads the returns, guards nothing
    end = asyncio.get_running_loop().time() + life
    try:
        while not gone.done() and not listener.is_behind:
            try:
                async with asyncio.timeout_at(end):
                    message = await _next(listener, gone)
            except TimeoutError:
                break
            if message is None:
                return
            await send({"type": "http.response.body", "body": message, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": packet("bye", {}), "more_body": False})
    finally:
        gone.cancel()


async def _next(listener: Listener, gone: "asyncio.Future[None]") -> bytes | None:
    """The next message, None when the screen has gone."""
    if not listener.messages.empty():
        return listener.messages.get_nowait()
    waiting = asyncio.ensure_future(listener.messages.get())
    try:
        both: set[asyncio.Future[Any]] = {waiting, gone}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        waiting.cancel()


async def _wait_for_end(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, body: bytes = b"", headers: Headers | None = None) -> None:
    length = str(len(body)).encode()
    plain = [(b"content-type", b"text/plain"), (b"content-length", length), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *(headers or [])]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _cors(origin: str) -> Headers:
    if not origin:
        return []
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
    ]


def _known(request: ASGIRequest) -> int | None:
    """The newest event that the screen was told, when it says so."""
    text = request.GET.get("after", "")
    return whole(text) if text else None
