"""A small IMAP server for tests: one mailbox in memory, spoken to over a real socket by imaplib."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "replies@example.com", "p@ss/word"


@dataclass
class Kept:
    raw: bytes
    flags: set[str] = field(default_factory=set)


class Mailbox(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.letters: dict[int, Kept] = {}
        self.commands: list[str] = []
        self.hang_up_after: str | None = None

    @property
    def url(self) -> str:
        return f"imap://replies%40example.com:p%40ss%2Fword@127.0.0.1:{self.server_address[1]}/Calendar%20replies"

    def put(self, raw: bytes) -> int:
        uid = max(self.letters, default=100) + 1
        self.letters[uid] = Kept(raw)
        return uid

    @property
    def unseen(self) -> list[int]:
        return [uid for uid, kept in self.letters.items() if r"\Seen" not in kept.flags]


class Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self.say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _space, rest = line.decode().strip().partition(" ")
            command = rest.upper()
            self.server.commands.append(
                rest.split(" ")[0].upper() if not command.startswith("UID") else " ".join(command.split()[:2])
            )
            if self.server.hang_up_after and command.startswith(self.server.hang_up_after):
                return
            if not self.answer(tag, rest, command):
                return

    def answer(self, tag: str, rest: str, command: str) -> bool:
        box = self.server
        if command.startswith("CAPABILITY"):
            self.say(b"* CAPABILITY IMAP4rev1")
        elif command.startswith("LOGIN"):
            # imaplib quotes the password and leaves the name as it is.
            if rest.split(" ", 1)[1] not in (f'{USER} "{PASSWORD}"', f'"{USER}" "{PASSWORD}"'):
                self.say(f"{tag} NO wrong".encode())
                return True
        elif command.startswith("SELECT"):
            if rest != 'SELECT "Calendar replies"':
                self.say(f"{tag} NO no such folder".encode())
                return True
            self.say(f"* {len(box.letters)} EXISTS".encode())
            self.say(b"* OK [UIDVALIDITY 7] ids")
        elif command.startswith("UID SEARCH"):
            self.say(("* SEARCH " + " ".join(str(uid) for uid in box.unseen)).encode())
        elif command.startswith("UID FETCH"):
            self.fetch(int(rest.split()[2]), command)
        elif command.startswith("UID STORE"):
            match = re.match(r"UID STORE (\d+) \+FLAGS \((.*)\)", rest)
            assert match
            box.letters[int(match[1])].flags.add(match[2])
        elif command.startswith("LOGOUT"):
            self.say(b"* BYE")
            self.say(f"{tag} OK bye".encode())
            return False
        self.say(f"{tag} OK done".encode())
        return True

    def fetch(self, uid: int, command: str) -> None:
        kept = self.server.letters[uid]
        if "RFC822.SIZE" in command:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(kept.raw)})".encode())
        if "BODY.PEEK[]" in command:
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(kept.raw)}}}\r\n".encode())
            self.wfile.write(kept.raw)
            self.say(b")")

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(timeout=5)
