"""What people are reminded of after a meeting: the duties that follow it. Before it: `meetings.preread_reminders`.

The promises are derived from the records by `wanted_*`: the services call `plan_*` in the transaction that changes a
record, and the reconciler derives them again from all open records.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.times import duration_words, moment_words
from meetings import clock_rules, preread_reminders
from meetings.models import Meeting, Obligation
from meetings.preread_reminders import instant
from notices import kinds, planning, services
from notices.models import Notice
from notices.planning import Wanted
from people import queries as people
from people.models import User

OBLIGATION_SOON = "meetings.obligation_soon"
OBLIGATION_MISSED = "meetings.obligation_missed"


# --- what ought to be promised --------------------------------------------------------------------------
def wanted_for_obligation(obligation: Obligation, now: datetime) -> Iterator[Wanted]:
    """The owner is reminded before the instant, the owner and the executives are told when it was missed."""
    if obligation.met_at:
        return
    params = {"due_at": instant(obligation.due_at)}
    for offset in clock_rules.reminders_of(obligation.kind):
        moment = obligation.due_at + offset
        if moment > now:
            yield Wanted(
                recipient=obligation.owner,
                subject=obligation,
                kind=OBLIGATION_SOON,
                due_at=moment,
                expires_at=obligation.due_at,
                params=params,
            )
    told = {person.pk: person for person in [obligation.owner, *people.executives()]}
    for person in told.values():
        yield Wanted(
            recipient=person,
            subject=obligation,
            kind=OBLIGATION_MISSED,
            due_at=obligation.due_at,
            params=params,
        )


def plan_obligation(obligation: Obligation, *, now: datetime) -> None:
    services.withdraw(subject=obligation)
    services.promise_all(wanted_for_obligation(obligation, now))


def wanted_of_all() -> Iterator[Wanted]:
    """For the reconciler: everything that open pre-reads and duties of meetings want."""
    now = timezone.now()
    yield from preread_reminders.wanted_of_all(now)
    for obligation in Obligation.objects.open().select_related("meeting", "owner"):
        yield from wanted_for_obligation(obligation, now)


# --- asked again at the last moment -----------------------------------------------------------------------
def obligation_still_open(notice: Notice) -> bool:
    obligation = cast("Obligation", notice.subject)
    return obligation.met_at is None and notice.params["due_at"] == instant(obligation.due_at)


# --- in words -----------------------------------------------------------------------------------------------
def _obligation_words(notice: Notice) -> dict[str, str]:
    obligation = cast("Obligation", notice.subject)
    return {
        "what": obligation.name,
        "meeting": obligation.meeting.title,
        "due": moment_words(obligation.due_at),
        "end": moment_words(obligation.anchor_at),
        "owner": obligation.owner.name,
        "left": duration_words(obligation.due_at - notice.due_at),
    }


def _readable(user: User, ids: set[int]) -> set[int]:
    """Of these duties, those of meetings that somebody may read."""
    rows = Obligation.objects.filter(pk__in=ids, meeting__in=Meeting.objects.visible_to(user))
    return set(rows.values_list("pk", flat=True))


def _obligation_url(notice: Notice) -> str:
    return reverse("meetings:minutes", args=[cast("Obligation", notice.subject).meeting_id])


def register() -> None:
    """Called once, when the app is ready."""
    planning.register(wanted_of_all)
    preread_reminders.register()
    kinds.register(
        kinds.Kind(
            code=OBLIGATION_SOON,
            category=kinds.Category.REMINDERS,
            label=gettext_lazy("Due after a meeting"),
            icon="clock",
            related=("meeting", "owner"),
            is_wanted=obligation_still_open,
            may_read=_readable,
            title=lambda n: _("%(what)s of “%(meeting)s” is due in %(left)s") % _obligation_words(n),
            body=lambda n: (
                _("“%(meeting)s” ended %(end)s. Its %(what)s is not published yet; it is due %(due)s.")
                % _obligation_words(n)
            ),
            url=_obligation_url,
            bundle=False,
        )
    )
    kinds.register(
        kinds.Kind(
            code=OBLIGATION_MISSED,
            category=kinds.Category.REMINDERS,
            label=gettext_lazy("Missed after a meeting"),
            icon="alert-circle",
            related=("meeting", "owner"),
            is_wanted=obligation_still_open,
            may_read=_readable,
            title=lambda n: _("%(what)s of “%(meeting)s” was not published in time") % _obligation_words(n),
            body=lambda n: (
                _(
                    "The %(what)s of “%(meeting)s” was due %(due)s and is still missing. %(owner)s answers for it."
                )
                % _obligation_words(n)
            ),
            url=_obligation_url,
            bundle=False,
        )
    )
