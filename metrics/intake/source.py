"""Where the bytes come from: a file on disk or one in storage, read as a stream, never whole."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import Storage
from django.template.defaultfilters import filesizeformat

from metrics.intake.problems import Refusal, shorten

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx")


@dataclass(frozen=True)
class Source:
    """A report's bytes and the name people gave it. `open` gives a new binary stream each time."""

    name: str
    size: int
    open: Callable[[], Any]

    @classmethod
    def of_path(cls, path: Path) -> "Source":
        return cls(path.name, path.stat().st_size, lambda: path.open("rb"))

    @classmethod
    def of_storage(cls, storage: Storage, key: str, *, name: str, size: int) -> "Source":
        return cls(name, size, lambda: storage.open(key, "rb"))

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name.replace("\\", "/")).suffix.lower()

    def check_outside(self) -> None:
        """What can be said without opening it: size and ending. Raises Refusal."""
        if not self.size:
            raise Refusal("file_empty")
        if self.size > settings.MAX_REPORT_BYTES:
            raise Refusal(
                "file_too_large",
                size=filesizeformat(self.size),
                limit=filesizeformat(settings.MAX_REPORT_BYTES),
            )
        if self.suffix not in SUFFIXES:
            raise Refusal("suffix_unknown", suffix=shorten(self.suffix, 30))

    def sha256(self) -> str:
        with self.open() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def start(self, length: int) -> bytes:
        with self.open() as stream:
            return stream.read(length)


class CountedStream(io.RawIOBase):
    """Passes bytes on and counts them, so that reading text can tell how far it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)

    def close(self) -> None:
        self.stream.close()
        super().close()
