"""What keeps notices from going out, said to administrators in words, with what to do."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.times import duration_words
from notices import health
from notices.health import Vitals

KEY, SECONDS = "notices.vitals", 10


@dataclass(frozen=True, slots=True)
class Trouble:
    text: str
    url: str = ""
    link: str = ""


def present() -> list[Trouble]:
    """The troubles of this moment in the reader's language, the gravest first; looked up every ten seconds at most."""
    vitals = cache.get(KEY)
    if vitals is None:
        try:
            vitals = health.look()
        except DatabaseError:
            return []
        cache.set(KEY, vitals, SECONDS)
    return [*_standing_still(vitals), *_to_look_at(vitals)]


def look_again() -> None:
    """Somebody has put something right: say so on the very next page."""
    cache.delete(KEY)


def _standing_still(vitals: Vitals) -> list[Trouble]:
    found = []
    if vitals.mail_down is not None:
        found.append(
            _("The mail server has not answered for %(time)s. The lists go on; mails wait until it is back.")
            % {"time": _length(vitals.mail_down)}
        )
    elif vitals.is_late and vitals.oldest is not None:
        found.append(
            _("Notices do not go out: the oldest has waited for %(time)s.") % {"time": _length(vitals.oldest)}
        )
    if vitals.stuck:
        found.append(
            _("A dispatcher died and nobody took over its notices. Start a worker or “manage.py dispatch”.")
        )
    if time.monotonic() - health.STARTED >= health.GRACE_SECONDS:
        if vitals.beat_is_silent:
            found.append(
                _("The clock of the site (Celery beat) is silent. Reminders wait until it is started again.")
            )
        if vitals.worker_is_silent:
            found.append(
                _(
                    "No worker takes up tasks: mails, reminders and imports wait. Start a Celery worker or, for notices"
                    " alone, “manage.py dispatch”."
                )
            )
    return [Trouble(text) for text in found]


def _to_look_at(vitals: Vitals) -> list[Trouble]:
    found = []
    if vitals.doubtful:
        text = ngettext(
            "%(count)d mail may or may not have arrived.",
            "%(count)d mails may or may not have arrived.",
            vitals.doubtful,
        ) % {"count": vitals.doubtful}
        found.append(Trouble(text, reverse("notices:doubtful"), _("Look at them")))
    if vitals.refused_addresses:
        text = ngettext(
            "%(count)d e-mail address is refused and gets no mail.",
            "%(count)d e-mail addresses are refused and get no mail.",
            vitals.refused_addresses,
        ) % {"count": vitals.refused_addresses}
        found.append(Trouble(text, reverse("notices:addresses"), _("Put it right")))
    return found


def _length(seconds: float) -> str:
    return duration_words(max(1, int(seconds // 60)))
