"""The crowd of benchmarks.live: many screens in one process of their own, without Django, so that they cost little.

    python -m benchmarks.live_watchers stream|poll <plan.json>

The plan: {"url", "path", "state_path", "sessions": […], "until": instant}. Prints {"heard": [[version, instant], …],
"took": [seconds of each question], "failed": n}, instants in seconds since 1970. "ready" on standard error says that
all streams are open.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

VERSION = re.compile(rb'"version":\s?(\d+)')
ETAG = re.compile(rb"etag: (.*)\r", re.IGNORECASE)
EVERY = 2.0
MINUTE = 60.0


class Crowd:
    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.heard: list[tuple[int, float]] = []
        self.took: list[float] = []
        self.failed = self.open = 0

    async def run(self, way: str) -> None:
        screens = [getattr(self, way)(session) for session in self.plan["sessions"]]
        await asyncio.gather(*screens, return_exceptions=True)

    def left(self) -> float:
        return float(self.plan["until"]) - time.time()

    def say_ready(self) -> None:
        self.open += 1
        if self.open == len(self.plan["sessions"]):
            print("ready", file=sys.stderr, flush=True)

    async def stream(self, session: str) -> None:
        """One screen with a stream; as a browser does, it also asks for the server's time once a minute."""
        asking = asyncio.create_task(self.keep_time(session))
        reader, writer = await self.ask(self.plan["stream"], session)
        is_ready = False
        try:
            while True:
                line = await asyncio.wait_for(reader.readline(), max(self.left(), 0.01))
                if not line:
                    self.failed += 1
                    return
                if line.startswith(b"data:") and (found := VERSION.search(line)):
                    self.heard.append((int(found[1]), time.time()))
                    if not is_ready:
                        is_ready = True
                        self.say_ready()
        except TimeoutError:
            pass
        finally:
            asking.cancel()
            writer.close()

    async def keep_time(self, session: str) -> None:
        await asyncio.sleep(random.uniform(0, MINUTE))
        while True:
            await self.question(session, "")
            await asyncio.sleep(MINUTE)

    async def poll(self, session: str) -> None:
        """One screen without: a question every two seconds, 0.3 s more or less."""
        etag, is_ready = "", False
        await asyncio.sleep(random.uniform(0, EVERY))
        while self.left() > 0:
            version, etag = await self.question(session, etag)
            if version:
                self.heard.append((version, time.time()))
            if not is_ready:
                is_ready = True
                self.say_ready()
            await asyncio.sleep(random.uniform(EVERY - 0.3, EVERY + 0.3))

    async def question(self, session: str, etag: str) -> tuple[int, str]:
        began = time.time()
        reader, writer = await self.ask(self.plan["state"], session, etag)
        answer = await reader.read()
        writer.close()
        self.took.append(time.time() - began)
        status = answer.split(b" ", 2)[1]
        if status not in (b"200", b"304"):
            self.failed += 1
        found = VERSION.search(answer)
        tag = ETAG.search(answer)
        return int(found[1]) if found else 0, tag[1].decode() if tag else etag

    async def ask(
        self, url: str, session: str, etag: str = ""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
        lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Cookie: sessionid={session}"]
        lines += ["Connection: close", *([f"If-None-Match: {etag}"] if etag else []), "", ""]
        writer.write("\r\n".join(lines).encode())
        return reader, writer


def main() -> None:
    crowd = Crowd(json.loads(Path(sys.argv[2]).read_text()))
    asyncio.run(crowd.run(sys.argv[1]))
    print(json.dumps({"heard": crowd.heard, "took": crowd.took, "failed": crowd.failed}))


if __name__ == "__main__":
    main()
