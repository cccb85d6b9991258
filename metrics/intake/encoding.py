"""Which characters the bytes of a text file mean. Decided by reading all of it, never by the first lines alone."""

import codecs
import re
from collections.abc import Iterator

from metrics.intake.problems import Refusal
from metrics.intake.source import Source

SAMPLE = 256 * 1024
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
)
# Control characters that no text has; tab, line feed, form feed and carriage return are left out.
CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27})
HTML = re.compile(rb"\s*(?:<!doctype|<html|<head|<body|<table|<\?xml|<script|<div|<!--)", re.IGNORECASE)


def nature(source: Source) -> str:
    """`zip`, `xls`, `html`, `binary` or `text`, by the bytes themselves."""
    start = source.start(SAMPLE)
    for magic, name in MAGIC:
        if start.startswith(magic):
            return name
    if any(start.startswith(bom) for bom, _name in BOMS[1:]) or _is_utf16_without_bom(start):
        return "text"
    if HTML.match(start.removeprefix(codecs.BOM_UTF8)):
        return "html"
    odd = len(start) - len(start.translate(None, CONTROLS))
    return "binary" if odd > len(start) * 0.005 else "text"


def candidates(source: Source) -> list[str]:
    """The encodings in which the whole file makes sense, the likeliest first. Raises Refusal when there is none.

    A byte order mark decides; then UTF-8, which other texts hardly ever happen to be. Failing that, those of GB 18030,
    Shift JIS and Windows 1252 that can read every byte, ordered by how much of what they give is ordinary writing.
    """
    start = source.start(SAMPLE)
    for bom, name in BOMS:
        if start.startswith(bom):
            return [name] if _reads(source, name) else _damaged(source, name)
    if order := _is_utf16_without_bom(start):
        return [order]
    if _reads(source, "utf-8"):
        return ["utf-8"]
    if (odd := _share_of_broken_utf8(start)) is not None and odd < 0.02:
        return ["utf-8"]  # a few damaged characters in a UTF-8 file; their lines are told
    possible = [name for name in ("gb18030", "cp932", "cp1252") if _reads(source, name)]
    if not possible:
        raise Refusal("encoding_unknown")
    return sorted(possible, key=lambda name: -_likeness(start, name))


def is_plain(source: Source, encodings: list[str]) -> bool:
    """Whether no line needs a look for NUL, damaged characters or its length. One pass over the bytes of UTF-8."""
    if encodings[0] not in ("utf-8", "utf-8-sig") or not _reads(source, "utf-8"):
        return False
    return not any(_is_odd(chunk) for chunk in _chunks(source))


def _is_odd(chunk: bytes) -> bool:
    is_one_line = len(chunk) > 500_000 and b"\n" not in chunk and b"\r" not in chunk
    return is_one_line or b"\0" in chunk or b"\xef\xbf\xbd" in chunk


def _damaged(source: Source, name: str) -> list[str]:
    if name == "utf-8-sig":
        return [name]
    raise Refusal("encoding_unknown")


def _reads(source: Source, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    try:
        for chunk in _chunks(source):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _chunks(source: Source) -> Iterator[bytes]:
    with source.open() as stream:
        while chunk := stream.read(1 << 20):
            yield chunk


def _is_utf16_without_bom(start: bytes) -> str:
    """Latin letters and digits in UTF-16 put a zero into every second byte."""
    sample = start[:4096]
    sample = sample[: len(sample) // 2 * 2]
    if len(sample) < 40 or not sample.count(0):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.4 and odd < half * 0.05 else ""


UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _share_of_broken_utf8(start: bytes) -> float | None:
    """How many of the bytes above 127 are no UTF-8; None when too few are to tell."""
    high = sum(byte > 127 for byte in start)
    good = sum(len(found[0]) for found in UTF8_SEQUENCE.finditer(start))
    return None if good < 30 else (high - good) / high


def _likeness(start: bytes, name: str) -> float:
    """The share of ordinary writing among what is not ASCII, between 0 and 1."""
    text = start.decode(name, errors="ignore")
    foreign = [character for character in text if ord(character) > 127]
    if not foreign:
        return 0.0
    return sum(_is_ordinary(character, name) for character in foreign) / len(foreign)


def _is_ordinary(character: str, name: str) -> float:
    if name == "cp1252":
        # Accented letters are the bulk of what Windows 1252 is used for, and hardly ever stand in rows.
        return 0.9 if character in "äöüÄÖÜßéèêëàâáåãçîïíìôóòõûúùñøæœÉÀÈÇÑÅØÓÍÁ€£’“”–—«»°®™©\xa0" else 0.0
    if name == "cp932":
        return (
            1.0
            if "\u3040" <= character <= "\u30ff"
            else 0.5
            if _is_common_hanzi(character, "shift_jis")
            else 0.0
        )
    return (
        1.0 if _is_common_hanzi(character, "gb2312") or character in "，。；：（）【】、“”《》￥％" else 0.0
    )


def _is_common_hanzi(character: str, charset: str) -> bool:
    """The first level of the national character set: about 3 000 to 3 800 characters that everyday texts use."""
    try:
        lead = character.encode(charset)[0]
    except (UnicodeEncodeError, IndexError):
        return False
    return 0xB0 <= lead <= 0xD7 if charset == "gb2312" else 0x88 <= lead <= 0x97
