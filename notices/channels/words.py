"""Texts as robots show them: what people typed stays text, whatever signs it has."""

from __future__ import annotations

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from notices.channels.base import Message

# Robots know no way to escape; signs that would make a link, a mention, a heading or a colour become look-alikes.
LOOK_ALIKES = str.maketrans(
    {
        "[": "［",
        "]": "］",
        "<": "＜",
        ">": "＞",
        "*": "＊",
        "_": "＿",
        "`": "｀",
        "#": "＃",
        "~": "～",
        "|": "｜",
    }
)


def plain(text: str) -> str:
    """A text that a robot's markdown leaves alone."""
    return text.translate(LOOK_ALIKES)


def cut(text: str, size: int) -> str:
    """As much of a text as fits into so many bytes of UTF-8, ending with an ellipsis when it was cut."""
    raw = text.encode()
    if len(raw) <= size:
        return text
    return raw[: size - len("…".encode())].decode("utf-8", "ignore").rstrip() + "…"


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def concerned(message: Message) -> str:
    """Whom it concerns, as a line; "" when nobody is named."""
    if not message.people:
        return ""
    with translation.override(message.language):
        separator = "、" if message.language.startswith("zh") else ", "
        return _("For %(names)s") % {"names": separator.join(message.people)}


def footer(message: Message) -> str:
    """What it is, when, and which promise: the last line of every message."""
    with translation.override(message.language):
        at = date_format(localtime(message.at), "DATETIME_FORMAT")
        return f"Fupan · {message.label} · {at} · #{message.reference}"


def markdown(message: Message, *, size: int, quoted: bool = False) -> str:
    """The body of a markdown message that fits into `size` bytes together with its link and its last line."""
    names = concerned(message)
    head = f"**{plain(message.title)}**" + (f"\n\n{plain(names)}" if names else "")
    tail = f"\n\n[{plain(message.button)}]({message.url})\n\n{plain(footer(message))}"
    mark = "> " if quoted else ""
    body = "\n\n".join(mark + plain(line) for line in paragraphs(message.body))
    room = size - len(tail.encode()) - 2
    head = cut(head, room)
    room -= len(head.encode()) + 2
    if body and room > 40:
        return f"{head}\n\n{cut(body, room)}{tail}"
    return head + tail
