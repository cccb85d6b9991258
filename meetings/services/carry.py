"""Bringing open matters of a series into its next meeting, by rule and once each.

An item comes over that was not discussed, that is marked for every meeting, or on which an action is open or blocked;
a parked matter unless it was put off until a later day. Where the next agenda has the same module of the type anyway,
that item is marked instead of being there twice. `CarryOver` remembers what was brought, also when the host has taken
it off the agenda since. Issues that nobody solved go on in the next meeting's pool; one of a confidential item brings
that item along, so that its circle stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings import carry_sources
from meetings.errors import NotAllowed
from meetings.models import (
    AgendaItem,
    Carried,
    CarryOver,
    Issue,
    ItemReader,
    ItemRun,
    Kind,
    Meeting,
    ParkedItem,
    RoomItem,
    Series,
)
from meetings.services import circles, issues, plan_revisions, prereads
from people.models import User

# A matter that nobody took up in so many meetings is no longer looked for.
LOOK_BACK = 12
# A parked matter gets time to talk, and nobody to report.
PARKED_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Matter:
    """Something open: the latest item of its chain (None for a parked matter), its first one, and why it is open."""

    reason: Carried
    item: AgendaItem | None = None
    origin: int | None = None
    parked: ParkedItem | None = None


# --- bringing over --------------------------------------------------------------------------------------
@transaction.atomic
def bring_over(
    *, meeting: Meeting, now: datetime, by: User | None = None, only_next: bool = False
) -> list[AgendaItem]:
    """Bring the open matters of the meetings before into this planned one; returns the items made or marked.

    Safe to call again: what was brought before, kept or dropped, is left alone. With `only_next` nothing happens
    unless the meeting is the next one of its series. Raises NotAllowed for a meeting that is not planned any more.
    """
    if meeting.series_id is None:
        return []
    # Two who press at once, and the end of a meeting at the same moment, come one after the other.
    Series.objects.select_for_update().get(pk=meeting.series_id)
    meeting = (
        Meeting.objects.select_for_update(of=["self"])
        .select_related("template", "host", "series")
        .get(pk=meeting.pk)
    )
    if not meeting.is_planned:
        raise NotAllowed(
            _("This meeting has begun or was cancelled; nothing can be brought over into it any more.")
        )
    if only_next and next_of(series=meeting.series, now=now) != meeting:
        return []
    known = set(meeting.carried.values_list("origin", "parked"))
    fresh = [
        matter
        for matter in open_matters(meeting)
        if (matter.origin, matter.parked.pk if matter.parked else None) not in known
    ]
    if fresh:
        # Whoever has the plan open just now began from what stands there before.
        plan_revisions.keep(meeting=meeting, by=by or meeting.host, now=now)
    brought = [_bring(meeting, matter) for matter in fresh]
    _bring_issues(meeting)
    if brought:
        prereads.open_for(meeting=meeting, now=now)
        history.record(
            actor=by,
            verb="meetings.items_carried",
            target=meeting,
            after=[{"title": _history_title(item), "because": item.carried_because} for item in brought],
        )
    return brought


def _bring_issues(meeting: Meeting) -> None:
    """What waits in the pools of the meetings before, and what was parked there, begins in this one's pool."""
    before = _before(meeting)
    waiting = (
        Issue.objects.filter(meeting__in=before, carried_to=None)
        .filter(state__in=[*Issue.WAITING, Issue.State.PARKED])
        .select_related("item")
        .prefetch_related("needs")
        .order_by("raised_at", "pk")
    )
    went_on = dict(meeting.items.exclude(carried_from=None).values_list("carried_from", "pk"))
    issues.bring_over(issues=waiting, meeting=meeting, items=went_on)


def after(*, meeting: Meeting, now: datetime) -> list[AgendaItem]:
    """Bring what this meeting left open into the next one of its series; call it when the meeting has ended."""
    if meeting.series is None:
        return []
    following = next_of(series=meeting.series, now=now)
    return bring_over(meeting=following, now=now) if following else []


def next_of(*, series: Series | None, now: datetime) -> Meeting | None:
    """The next meeting of a series that is still to be held."""
    if series is None:
        return None
    planned = series.meetings.filter(status__in=Meeting.PLANNED, starts_at__gt=now)
    return planned.select_related("series").order_by("starts_at", "pk").first()


def _bring(meeting: Meeting, matter: Matter) -> AgendaItem:
    if matter.parked is not None:
        item = _of_parked(meeting, matter)
    else:
        assert matter.item is not None
        item = _there_already(meeting, matter.item) or _copy(meeting, matter.item)
        item.carried_from, item.carried_because = matter.item, matter.reason
        item.save(update_fields=["carried_from", "carried_because"])
    CarryOver.objects.create(meeting=meeting, origin_id=matter.origin, parked=matter.parked, item=item)
    return item


def _there_already(meeting: Meeting, item: AgendaItem) -> AgendaItem | None:
    """The item of the next agenda that is the same: of the same module, or the same one that comes every time."""
    if item.template_module_id:
        return meeting.items.filter(template_module=item.template_module_id).first()
    same = meeting.items.filter(is_recurring=True, title_en=item.title_en, title_zh=item.title_zh)
    return same.first() if item.is_recurring else None


def _copy(meeting: Meeting, item: AgendaItem) -> AgendaItem:
    names = (
        "title_en",
        "title_zh",
        "kind",
        "presenter",
        "department_id",
        "presenter_user_id",
        "report_minutes",
        "discussion_minutes",
        "questions_en",
        "questions_zh",
        "metric_codes",
        "is_confidential",
        "is_recurring",
        "action_list",
        "template_module_id",
    )
    values = {name: getattr(item, name) for name in names}
    copy = AgendaItem.objects.create(meeting=meeting, order=_last_place(meeting), **values)
    ItemReader.objects.bulk_create(ItemReader(item=copy, user_id=row.user_id) for row in item.readers.all())
    return copy


def _of_parked(meeting: Meeting, matter: Matter) -> AgendaItem:
    parked = matter.parked
    assert parked is not None
    # A title has 200 characters; the whole text stands in the questions then.
    short = parked.text if len(parked.text) <= 200 else parked.text[:199] + "…"
    source = parked.item
    item = AgendaItem.objects.create(
        meeting=meeting,
        order=_last_place(meeting),
        title_en=short,
        title_zh=short,
        questions_en=parked.text if short != parked.text else "",
        questions_zh=parked.text if short != parked.text else "",
        discussion_minutes=PARKED_MINUTES,
        department=source.department if source else None,
        presenter=source.presenter if source else "host",
        # What came up in a confidential item stays in its circle.
        is_confidential=source.is_confidential if source else False,
        carried_from=source,
        carried_because=matter.reason,
    )
    if source is not None and source.is_confidential:
        ItemReader.objects.bulk_create(
            ItemReader(item=item, user_id=row.user_id) for row in source.readers.all()
        )
    ParkedItem.objects.filter(pk=parked.pk).update(taken_up_by=item)
    return item


def _last_place(meeting: Meeting) -> int:
    last = meeting.items.order_by("-order").values_list("order", flat=True).first()
    return (last or 0) + 1


# --- what is open ---------------------------------------------------------------------------------------
def open_matters(meeting: Meeting) -> list[Matter]:
    """What the meetings before this one left open, in the order in which it came up. Queries do not grow with it."""
    before = _before(meeting)
    day = meeting.starts_at.astimezone(meeting.zone).date()
    return [*_items(before, day), *_parked(before, day)]


def _before(meeting: Meeting) -> list[Meeting]:
    """The meetings of the series that were held or called off before this one, the newest first."""
    return list(
        Meeting.objects.filter(series=meeting.series_id, starts_at__lt=meeting.starts_at)
        .exclude(status__in=Meeting.PLANNED)
        .exclude(pk=meeting.pk)
        .order_by("-starts_at", "-pk")[:LOOK_BACK]
    )


def _items(before: list[Meeting], day: date) -> list[Matter]:
    """By chain: an item that was carried goes on where it was last, so that it comes once."""
    status = {one.pk: one.status for one in before}
    items = list(
        AgendaItem.objects.filter(meeting__in=before)
        .exclude(kind=Kind.BREAK)
        .select_related("meeting")
        .prefetch_related("readers")
        .order_by("meeting__starts_at", "order", "pk")
    )
    by_id = {item.pk: item for item in items}
    origins = {item.pk: _origin(item, by_id) for item in items}
    latest = {origins[item.pk]: item for item in items}
    away = dict(RoomItem.objects.filter(item__in=items, state__in=RoomItem.AWAY).values_list("item", "state"))
    discussed = set(ItemRun.objects.filter(item__in=items).values_list("item", flat=True))
    # What the room put off comes back as it is, begun or not; what it parked comes out of the parking lot.
    discussed -= {pk for pk, state in away.items() if state == RoomItem.State.DEFERRED}
    discussed |= {pk for pk, state in away.items() if state == RoomItem.State.PARKED}
    unfinished = carry_sources.unfinished([item.pk for item in items], day)
    newest = next((one.pk for one in before if one.status == Meeting.Status.ENDED), None)
    found = []
    for origin, item in latest.items():
        reasons = [reason for pk, reason in unfinished.items() if origins[pk] == origin]
        if _was_left(item, discussed, status, newest):
            reasons.append(Carried.NOT_DISCUSSED)
        # The type brings its own modules every time; nobody needs to be told of that.
        if item.is_recurring and not item.template_module_id and item.meeting_id == newest:
            reasons.append(Carried.RECURRING)
        if reasons:
            reason = min(reasons, key=carry_sources.RANK.index)
            found.append(Matter(reason=reason, item=item, origin=origin))
    return found


def _origin(item: AgendaItem, by_id: dict[int, AgendaItem]) -> int:
    """The first item of the chain, as far back as is looked."""
    seen = {item.pk}
    while item.carried_from_id in by_id and item.carried_from_id not in seen:
        item = by_id[item.carried_from_id]
        seen.add(item.pk)
    return item.pk


def _was_left(item: AgendaItem, discussed: set[int], status: dict[int, str], newest: int | None) -> bool:
    """Not come to in the last meeting that was held; or in a cancelled one, where the type does not bring it anyway."""
    if item.pk in discussed or item.action_list:
        return False
    if status[item.meeting_id] == Meeting.Status.CANCELLED:
        return item.template_module_id is None and not item.is_recurring
    return item.meeting_id == newest


def _parked(before: Iterable[Meeting], day: date) -> list[Matter]:
    rows = (
        ParkedItem.objects.filter(meeting__in=list(before), taken_up_by=None)
        .select_related("item__department")
        .prefetch_related("item__readers")
        .order_by("pk")
    )
    return [
        Matter(reason=Carried.REVIEW_DUE if row.review_on else Carried.PARKED, parked=row)
        for row in rows
        if row.review_on is None or row.review_on <= day
    ]


# --- the host's word --------------------------------------------------------------------------------------
@transaction.atomic
def drop(*, item: AgendaItem, by: User, now: datetime) -> None:
    """Take an item off the agenda that was brought over. A module of the type stays and only loses its mark.

    A parked matter goes back to the parking lot. Raises NotAllowed once the meeting has begun.
    """
    meeting = (
        Meeting.objects.select_for_update(of=["self"])
        .select_related("template", "host")
        .get(pk=item.meeting_id)
    )
    if not meeting.is_planned:
        raise NotAllowed(_("This meeting has begun or was cancelled; its plan cannot be changed any more."))
    if not item.carried_because:
        raise NotAllowed(_("This item was not brought over. Take it off the agenda by changing the plan."))
    history.record(actor=by, verb="meetings.carried_dropped", target=meeting, before=_history_title(item))
    plan_revisions.keep(meeting=meeting, by=by, now=now)
    if item.template_module_id or item.is_recurring:
        item.carried_from, item.carried_because = None, ""
        item.save(update_fields=["carried_from", "carried_because"])
    else:
        circles.close(items=meeting.items.filter(pk=item.pk))
        item.delete()
    prereads.open_for(meeting=meeting, now=now)


def put_off(*, parked: ParkedItem, until: date | None, by: User) -> None:
    """Say when a parked matter is looked at again; None: at the next meeting."""
    if parked.taken_up_by_id is not None:
        raise NotAllowed(_("This matter is on an agenda already."))
    ParkedItem.objects.filter(pk=parked.pk).update(review_on=until)
    history.record(actor=by, verb="meetings.parked_put_off", target=parked, after=until)


def _history_title(item: AgendaItem) -> str:
    """History is read by people outside the circle of a confidential item: no words of one."""
    return "" if item.is_confidential else item.title_en or item.title_zh
