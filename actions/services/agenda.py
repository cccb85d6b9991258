"""What happens by itself around progress meetings: minutes follow the actions, updates are asked for, calls for help
that nobody answers go on an agenda. Each may be called again at any time and does nothing the second time."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from actions import autopilot, carry, help_notices, update_notices
from actions.models import Action, Blocker, Progress
from actions.services import updates
from core import history
from meetings.models import ActionList, AgendaItem, Carried, Meeting, MeetingDepartment
from meetings.services import agenda_items
from meetings.services import carry as meeting_carry
from people import queries as people_queries
from people.models import User

logger = logging.getLogger(__name__)
# So long may a call for help wait for an answer.
ANSWER_WITHIN = timedelta(hours=48)
# Whoever said it so shortly before need not say it again.
FRESH = timedelta(days=2)
LONGEST_TITLE = 200
LANGUAGES = ("en", "zh-hans")


def run(*, now: datetime) -> None:
    """All of it, for the clock: each meeting and each blocker on its own, so that one failure holds up nothing else."""
    for meeting in autopilot.upcoming(now):
        try:
            follow(meeting=meeting, now=now)
            ask(meeting=meeting, now=now)
        except Exception:
            logger.exception("The agenda of meeting %s does not follow its actions.", meeting.pk)
    for pk in list(unanswered(now=now).values_list("pk", flat=True)):
        try:
            raise_one(pk=pk, now=now)
        except Exception:
            logger.exception("The unanswered blocker %s was not put on an agenda.", pk)


def sent(*, meeting: Meeting, now: datetime) -> None:
    """For `meetings.agenda_sources`: a meeting that begins soon gets its minutes at once."""
    if meeting.starts_at < now + autopilot.AHEAD:
        follow(meeting=meeting, now=now)


# --- minutes ------------------------------------------------------------------------------------------------------
@transaction.atomic
def follow(*, meeting: Meeting, now: datetime) -> bool:
    """Give the lists of a planned progress meeting the minutes that their actions need; whether anything changed."""
    if not autopilot.is_progress(meeting):
        return False
    agenda = autopilot.built(meeting=meeting, now=now)
    if agenda.is_empty:
        return False
    minutes = {
        one.item.pk: max(one.gets - one.item.report_minutes, 0)
        for one in agenda.lists
        if not one.item.is_pinned and one.gets != one.item.report_minutes + one.item.discussion_minutes
    }
    return bool(minutes) and agenda_items.set_minutes(meeting=meeting, minutes=minutes, now=now)


# --- updates ------------------------------------------------------------------------------------------------------
def ask(*, meeting: Meeting, now: datetime) -> int:
    """From two days before the meeting: ask the owners of what it goes through, unless they have just said it."""
    if meeting.status != Meeting.Status.SCHEDULED or not (
        meeting.starts_at - update_notices.AHEAD <= now < meeting.starts_at
    ):
        return 0
    said = Progress.objects.filter(action=OuterRef("pk"), by=OuterRef("owner"), at__gte=now - FRESH)
    owed = carry.of_departments(Action.objects.owed(), meeting)
    wanted = [
        action
        for kind in autopilot.OPEN_LISTS
        for action in carry.of_kind(kind, owed, meeting=meeting, now=meeting.starts_at).exclude(Exists(said))
    ]
    return updates.ask(meeting=meeting, actions=wanted, now=now)


# --- unanswered calls for help ------------------------------------------------------------------------------------
def unanswered(*, now: datetime) -> QuerySet[Blocker]:
    """Open calls for help without a word for 48 hours that are on no agenda yet."""
    return Blocker.objects.filter(
        lifted_at=None, answered_at=None, raised_at=None, since__lte=now - ANSWER_WITHIN
    ).order_by("since", "pk")


@transaction.atomic
def raise_one(*, pk: int, now: datetime) -> AgendaItem | None:
    """Put it on the next agenda where it can be settled, once; without such a meeting the host is told, once."""
    blocker = (
        unanswered(now=now)
        .select_for_update(of=["self"], skip_locked=True)
        .select_related("action__meeting__series", "needs_department", "needs_person", "by")
        .filter(pk=pk)
        .first()
    )
    if blocker is None:
        return None
    meeting = next_meeting(blocker=blocker, now=now)
    if meeting is None:
        asked_at = blocker.since + ANSWER_WITHIN
        help_notices.tell_nowhere(blocker=blocker, hosts=_hosts(blocker), asked_at=asked_at)
        return None
    history.acting(None)
    item = _there_already(blocker, meeting) or _add(blocker, meeting, now)
    Blocker.objects.filter(pk=blocker.pk).update(raised_at=now, raised_item=item)
    history.record(
        actor=None,
        verb="actions.help_raised",
        target=blocker.action,
        after={"meeting": meeting.pk, "item": item.pk},
    )
    help_notices.tell_raised(blocker=blocker, meeting=meeting, now=now)
    return item


def next_meeting(*, blocker: Blocker, now: datetime) -> Meeting | None:
    """The next one of the series that the action comes from; else the next one in which both sides take part.

    What is confidential stays in its own series.
    """
    action = blocker.action
    if action.meeting is not None:
        following = meeting_carry.next_of(series=action.meeting.series, now=now)
        if following is not None:
            return following
    if _is_confidential(action):
        return None
    planned = Meeting.objects.filter(status=Meeting.Status.SCHEDULED, starts_at__gt=now)
    for_all = autopilot.progress_meetings().filter(departments=None).values("pk")
    helping = _side(_departments_of(blocker))
    if blocker.needs_person is not None:
        helping |= Q(participants__user=blocker.needs_person)
    asking = _side([action.department_id]) | Q(participants__user=action.owner)
    both = planned.filter(helping).filter(asking).values("pk")
    found = planned.filter(Q(pk__in=both) | Q(pk__in=for_all))
    return found.order_by("starts_at", "pk").first()


def _side(departments: list[int | None]) -> Q:
    taking_part = MeetingDepartment.objects.filter(meeting=OuterRef("pk"), department__in=departments)
    return Q(Exists(taking_part))


def _departments_of(blocker: Blocker) -> list[int | None]:
    if blocker.needs_department_id is not None:
        return [blocker.needs_department_id]
    return list(blocker.needs_person.department_ids) if blocker.needs_person is not None else []


def _is_confidential(action: Action) -> bool:
    return _confidential_item(action) is not None


def _confidential_item(action: Action) -> AgendaItem | None:
    """The item that closes it: its own, or the one of the decision that it follows from."""
    items = (action.agenda_item, action.decision.agenda_item if action.decision else None)
    return next((item for item in items if item is not None and item.is_confidential), None)


def _there_already(blocker: Blocker, meeting: Meeting) -> AgendaItem | None:
    """What the agenda has anyway: the action's own item that was brought over, or the list of what is blocked."""
    action = blocker.action
    if action.agenda_item is not None:
        own = meeting.carried.filter(origin__in=_chain(action.agenda_item), item__isnull=False).first()
        if own is not None:
            return own.item
    if _is_confidential(action):
        return None
    departments = set(meeting.departments.values_list("department", flat=True))
    if departments and action.department_id not in departments:
        return None
    return meeting.items.filter(action_list=ActionList.BLOCKED, is_confidential=False).first()


def _chain(item: AgendaItem) -> list[int]:
    """The item and those that it goes on with, as far back as is looked."""
    found = [item.pk]
    while item.carried_from is not None and len(found) <= meeting_carry.LOOK_BACK:
        item = item.carried_from
        found.append(item.pk)
    return found


def _add(blocker: Blocker, meeting: Meeting, now: datetime) -> AgendaItem:
    action = blocker.action
    return agenda_items.add(
        meeting=meeting,
        titles={language: _title(action, language) for language in LANGUAGES},
        questions={language: _question(blocker, language) for language in LANGUAGES},
        because=Carried.BLOCKED,
        source=_confidential_item(action),
        now=now,
    )


def _title(action: Action, language: str) -> str:
    with override(language):
        words = _("Blocked without an answer: %(action)s") % {"action": f"{action.reference} {action.title}"}
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1] + "…"


def _question(blocker: Blocker, language: str) -> str:
    """What blocks it and whose help is wanted, in one line."""
    with override(language):
        helper = blocker.needs_person or blocker.needs_department
        name = helper.name if helper is not None else ""
        words = _("%(reason)s (help wanted from %(name)s)") % {"reason": blocker.reason, "name": name}
    return " ".join(words.split())


def _hosts(blocker: Blocker) -> list[User]:
    """The host of the meeting that the action comes from; without one those who host meetings. Only who may read it."""
    action = blocker.action
    if action.meeting is not None and action.meeting.host.is_active:
        hosts = [action.meeting.host]
    else:
        hosts = list(people_queries.with_role(User.Role.HOST))
    return [person for person in hosts if help_notices.may_read(person, action)]
