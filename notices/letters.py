"""The mail of a notice: in the recipient's language and time zone, as text and as HTML, with its headers."""

from __future__ import annotations

import unicodedata
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from notices import digests, together
from notices.kinds import Attachment
from notices.models import Notice

LONGEST_SUBJECT = 180


def compose(notice: Notice) -> EmailMultiAlternatives | None:
    """The mail as it is true now; None for a collected mail none of whose lines is wanted any more.

    Raises whatever the hooks of its kind raise.
    """
    person = notice.recipient
    with translation.override(person.language), timezone.override(person.zone):
        if notice.kind == digests.CODE:
            with together.deciding():
                lines, number = digests.lines_of(notice)
            if not lines:
                return None
            return _message(notice, digests.title(number), _digest_context(lines, number))
        kind = notice.behaviour
        context = {
            "body": kind.body(notice),
            "button": str(kind.button),
            "label": str(kind.label),
            "url": site_url(reverse("notices:open", args=[notice.pk])),
            "reply_to": [address] if (address := kind.reply_to(notice)) else None,
        }
        message = _message(notice, kind.title(notice), context)
        for item in kind.attachments(notice) if kind.attachments else ():
            _attach(message, Attachment(*item))
        return message


def message_id(notice: Notice) -> str:
    """The same for every attempt at this notice, so that a repetition can be recognised and dropped."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<notice-{notice.pk}-{notice.fingerprint}@{domain}>"


def one_line(text: str) -> str:
    """A text as a header can carry it: one line, no control signs, no signs that turn the writing direction."""
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    plain = "".join(sign for sign in plain if unicodedata.bidirectional(sign) not in TURNING)
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST_SUBJECT else plain[: LONGEST_SUBJECT - 1].rstrip() + "…"


TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def site_url(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _message(notice: Notice, title: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    person = notice.recipient
    subject = one_line(title)
    context |= {
        "title": subject,
        "person": person,
        "language": "zh-Hans" if person.language.startswith("zh") else person.language,
        "list_url": site_url(reverse("notices:list")),
        "site": urlsplit(settings.SITE_URL).netloc,
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("notices/mail/notice.txt", context),
        to=[formataddr((one_line(person.name), person.email))],
        reply_to=context.get("reply_to"),
        headers={
            "Message-ID": message_id(notice),
            # Answering machines and mailing lists leave it alone.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "List-Id": f"Fupan <notices.{urlsplit(settings.SITE_URL).hostname}>",
            "Content-Language": person.language,
        },
    )
    message.attach_alternative(render_to_string("notices/mail/notice.html", context), "text/html")
    return message


def _digest_context(lines: list[digests.Line], number: int) -> dict[str, Any]:
    return {
        "lines": [
            {
                "title": line.title,
                "label": line.label,
                "url": site_url(line.path),
                "details": line.details,
            }
            for line in lines
        ],
        "more": number - len(lines),
        "body": "",
        "button": _("Show all notices"),
        "label": _("Collected"),
        "url": site_url(reverse("notices:list")),
    }


def _attach(message: EmailMultiAlternatives, item: Attachment) -> None:
    if item.filename:
        message.attach(one_line(item.filename), item.content, item.mimetype)
    else:
        message.attach_alternative(item.content, item.mimetype)
