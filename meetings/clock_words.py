"""What starts and what stops each clock of the company, in words; by the code of the rule."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from core.templatetags.times import duration_words
from meetings.models import ClockRule, Template

Anchor, Kind = ClockRule.Anchor, ClockRule.Kind
# What the types of meeting say themselves: the field, its unit, and the words around it.
BY_TYPE = {
    Kind.PREREAD: ("preread_lead_days", timedelta(days=1)),
    Kind.AGENDA: ("agenda_lead_hours", timedelta(hours=1)),
    Kind.ACTION_PLAN: ("plan_due_hours", timedelta(hours=1)),
    Kind.MINUTES: ("minutes_due_hours", timedelta(hours=1)),
}


class Clock(NamedTuple):
    """One clock for the page of the rules: what is measured, who is told when it is missed."""

    starts: str | Promise
    stops: str | Promise
    missed: str | Promise


CLOCKS = {
    Kind.PREREAD: Clock(
        _("Sending the invitation; measured back from the start of the meeting."),
        _("The department submits its pre-read; what stands there then is frozen as its first revision."),
        _("its heads every day, then the host and the data owner"),
    ),
    Kind.AGENDA: Clock(
        _("Sending the invitation; measured back from the start of the meeting."),
        _("The agenda goes out by itself, with each person's own tasks and the pack."),
        _("nobody: it cannot be missed by a person"),
    ),
    Kind.ACTION_PLAN: Clock(
        _("The host ends the meeting."),
        _("The plan is published: every action has owner, deadline, acceptor and criteria."),
        _("the host and the executives"),
    ),
    Kind.MINUTES: Clock(
        _("The host ends the meeting."),
        _("The minutes are circulated."),
        _("the host and the executives"),
    ),
    Kind.BUDGET: Clock(
        _("The host ends a meeting in which a budget decision was recorded."),
        _("The adjustment is handed in with words, a link or a file."),
        _("whose duty it is, and the executives"),
    ),
    Kind.INCIDENT: Clock(
        _("Somebody notices it: the time that the report gives, not the time of the report."),
        _("A direct superior and an executive have both been reached."),
        _("the next ones up the line; the report says for good that it was late"),
    ),
    Kind.SPECIAL: Clock(
        _("A strategic deviation is recorded as a problem."),
        _("The special adjustment meeting has been held; being on the calendar is not enough."),
        _("whoever deals with the problem, and the executives"),
    ),
    Kind.PROGRESS: Clock(
        _("A progress meeting ends; the next is due by the end of that day."),
        _("The next progress meeting has begun."),
        _("the host of the last one, and the executives"),
    ),
    Kind.KR_REVIEW: Clock(
        _("Every quarter, by itself; measured from the end of its last day."),
        _("The review of that quarter's key results has been held."),
        _("the hosts and the executives"),
    ),
}
OWN = Clock(
    _("The host ends the meeting, or one in which a budget decision was recorded."),
    _("It is handed in with words, a link or a file."),
    _("whose duty it is, and the executives"),
)


def of(rule: ClockRule) -> Clock:
    return CLOCKS.get(Kind(rule.kind), OWN) if rule.kind in Kind.values else OWN


def due(rule: ClockRule, types: Iterable[Template]) -> str:
    """When it is due, in a few words; where the types of meeting say it, what they say."""
    if rule.offset is None:
        return _by_type(rule, types)
    if rule.anchor == Anchor.MEETING_END:
        hours = rule.amount or 0
        return ngettext("%(n)d hour after the end", "%(n)d hours after the end", hours) % {"n": hours}
    if rule.anchor == Anchor.QUARTER_END and not rule.offset:
        return gettext("by the end of the quarter")
    after = {
        Anchor.NOTICED: gettext("%(time)s after it was noticed"),
        Anchor.DEVIATION: gettext("%(time)s after it was recorded"),
        Anchor.LAST_MEETING: gettext("%(time)s after the last one"),
        Anchor.QUARTER_END: gettext("%(time)s after the end of the quarter"),
    }
    return after[Anchor(rule.anchor)] % {"time": _time(rule.offset)}


def _by_type(rule: ClockRule, types: Iterable[Template]) -> str:
    name, unit = BY_TYPE[Kind(rule.kind)]
    is_before = rule.anchor == Anchor.MEETING_START
    said = Counter(getattr(one, name) * unit for one in types if _has(one, rule))
    if not said:
        return gettext("as the type of meeting says")
    parts = []
    for time, number in sorted(said.items(), reverse=True):
        pattern = gettext("%(time)s before the start") if is_before else gettext("%(time)s after the end")
        words = pattern % {"time": _time(time)}
        parts.append(
            ngettext("%(when)s (%(n)d type)", "%(when)s (%(n)d types)", number) % {"when": words, "n": number}
        )
    return pgettext("between names", ", ").join(parts)


def _has(one: Template, rule: ClockRule) -> bool:
    return rule.kind != Kind.PREREAD or one.preread_form != Template.PreReadForm.NONE


def _time(length: timedelta) -> str:
    """Hours below two days, as people say 24 h and 48 h, else days."""
    if length <= timedelta(hours=48):
        return gettext("%(n)d h") % {"n": length // timedelta(hours=1)}
    return duration_words(length)


def reminders(rule: ClockRule) -> str:
    """When people are reminded, in a few words; "" for never."""
    if not rule.reminders:
        return ""
    numbers = pgettext("between names", ", ").join(str(amount) for amount in rule.reminder_amounts)
    words = (
        gettext("reminders %(n)s d before")
        if rule.unit == timedelta(days=1)
        else gettext("reminders %(n)s h before")
    )
    return words % {"n": numbers}
