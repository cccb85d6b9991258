"""The moments before a meeting that may be set for it alone, typed as the meeting's own clock shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import clock_rules, walltime
from meetings.models import Meeting, Template
from meetings.plan import MOMENTS

LABELS = {
    "preread_opens_at": gettext_lazy("Pre-reads open"),
    "preread_due_at": gettext_lazy("Pre-reads due"),
    "corrections_until": gettext_lazy("Corrections until"),
    "freeze_at": gettext_lazy("Figures frozen"),
}


class WallTimeField(forms.CharField):
    """A day and a time without a zone; the form knows whose clock is meant."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}))
        super().__init__(required=False, **kwargs)

    def clean(self, value: str) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            raise forms.ValidationError(
                _("Write the day and the time, for example 2026-11-24 14:00.")
            ) from None


def shown(moment: datetime | None, zone: ZoneInfo) -> str:
    """How the field begins with an instant."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What comes of a field: the instant, and whether a rule gives it because nothing was typed."""

    field: Any
    label: str
    at: datetime | None
    is_rule: bool


def moments(
    form: forms.Form,
    *,
    template: Template,
    starts_at: datetime | None,
    meeting: Meeting | None,
    now: datetime,
) -> list[Moment]:
    """The instants as they would be with what stands in the form, for showing; nothing is complained about here."""
    typed = {name: _typed(form[name].value(), starts_at) for name in MOMENTS}
    rules = (
        dict.fromkeys(MOMENTS, None)
        if starts_at is None
        else _by_rule(template, starts_at, meeting, now, typed)
    )
    return [
        Moment(form[name], str(LABELS[name]), typed[name] or rules[name], typed[name] is None)
        for name in MOMENTS
    ]


def _typed(value: Any, starts_at: datetime | None) -> datetime | None:
    if not value or starts_at is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
        return walltime.instant(moment.date(), moment.time(), _zone(starts_at), 0)
    except (ValueError, OverflowError, walltime.NoSuchTime):
        return None


def _zone(moment: datetime) -> ZoneInfo:
    zone = moment.tzinfo
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


def _by_rule(
    template: Template,
    starts_at: datetime,
    meeting: Meeting | None,
    now: datetime,
    typed: dict[str, datetime | None],
) -> dict[str, datetime | None]:
    as_planned = Meeting(
        template=template,
        starts_at=starts_at,
        time_zone=_zone(starts_at).key,
        scheduled_at=meeting.scheduled_at if meeting else None,
        **{name: typed[name] for name in MOMENTS},
    )
    try:
        window = clock_rules.preread_window(as_planned, since=as_planned.scheduled_at or now)
    except OverflowError:
        return dict.fromkeys(MOMENTS, None)
    return {
        "preread_opens_at": window.opens_at,
        "preread_due_at": window.due_at,
        "corrections_until": window.corrections_until,
        "freeze_at": starts_at,
    }


def wrong(values: dict[str, Any], starts_at: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """(field, sentence) for what cannot be; puts instants into the place of the wall's times in `values`."""
    before: tuple[str, datetime] | None = None
    for name in MOMENTS:
        moment = values.get(name)
        if moment is None:
            continue
        try:
            at = walltime.instant(moment.date(), moment.time(), zone, 0)
        except (walltime.NoSuchTime, OverflowError):
            yield name, _("The clocks are put forward over this time: it does not exist. Choose another one.")
            continue
        values[name] = at
        if at > starts_at:
            yield name, _("This lies after the meeting begins. Choose an earlier time, or leave it empty.")
        elif before and name != "freeze_at" and at < before[1]:
            yield (
                name,
                _("This lies before “%(other)s”. Choose a later time, or leave it empty.")
                % {"other": LABELS[before[0]]},
            )
        before = name, at
