"""A mail server that only counts: `python -m tests.faults.sink PORT LOG [SECONDS]`.

Each message it takes over is a line of the log ("instant recipient message-id"), written before the "250" goes out,
so whatever a dispatcher believes, the log knows. `SECONDS` is how long it thinks after that line.
"""

import asyncio
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

GREETING, FINE, GO_ON = b"220 sink\r\n", b"250 fine\r\n", b"354 go on\r\n"


class Sink:
    def __init__(self, log: IO[str], seconds: float) -> None:
        self.log, self.seconds = log, seconds

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Whoever talks to us may be killed in the middle of a word.
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING)
        recipient = ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                writer.write(FINE)
            elif verb == b"DATA":
                writer.write(GO_ON)
                await self._take(reader, recipient)
                writer.write(FINE)
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(FINE)
            await writer.drain()
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, recipient: str) -> None:
        text = await reader.readuntil(b"\r\n.\r\n")
        name = text.lower().find(b"message-id:")
        message_id = (
            text[name:].split(b"\r\n", 1)[0].partition(b":")[2].strip().decode() if name >= 0 else "-"
        )
        self.log.write(f"{time.time():.6f} {recipient} {message_id}\n")
        self.log.flush()
        if self.seconds:
            await asyncio.sleep(self.seconds)


async def main(port: int, log: Path, seconds: float) -> None:
    with log.open("a") as lines:
        sink = Sink(lines, seconds)
        server = await asyncio.start_server(sink.serve, "127.0.0.1", port, limit=2**22)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0))
