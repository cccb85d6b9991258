"""How notices reach people: the person's own choice, else that of one of their departments, else at once by mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from core import history
from notices import hours
from notices.kinds import Kind, Priority
from notices.models import Notice, Preference
from people.models import Department, Membership, User

Mail = Preference.Mail


class Choice(NamedTuple):
    """One category: when it is mailed, and whether the person's own chat robots tell it, too."""

    mail: Preference.Mail = Mail.AT_ONCE
    chat: bool = True


class Hold(NamedTuple):
    """Why a mail waits although nothing is wrong, and until when."""

    why: Notice.Hold
    until: datetime


BY_DEFAULT = Choice()
# Somebody in two departments with different customs gets the more eager one: hearing twice is better than never.
EAGERNESS = (Mail.AT_ONCE, Mail.DAILY, Mail.NEVER)


class Choices:
    """The choices of many people, read in two queries."""

    def __init__(self, people: Iterable[User]) -> None:
        ids = {person.pk for person in people}
        self._own: dict[tuple[int, str], Choice] = {}
        self._departments: defaultdict[tuple[int, str], list[Choice]] = defaultdict(list)
        rows = Preference.objects.filter(person__in=ids)
        for person_id, category, mail, chat in rows.values_list("person_id", "category", "mail", "chat"):
            self._own[person_id, category] = Choice(Mail(mail), chat)
        of_departments = Membership.objects.filter(
            user__in=ids, department__notice_preferences__isnull=False
        ).values_list(
            "user_id",
            "department__notice_preferences__category",
            "department__notice_preferences__mail",
            "department__notice_preferences__chat",
        )
        for person_id, category, mail, chat in of_departments:
            self._departments[person_id, category].append(Choice(Mail(mail), chat))

    def of(self, person: User, category: str) -> Choice:
        """What counts for the person."""
        return self._own.get((person.pk, category)) or self.inherited(person, category)

    def inherited(self, person: User, category: str) -> Choice:
        """What would count without a choice of the person's own."""
        choices = self._departments.get((person.pk, category))
        if not choices:
            return BY_DEFAULT
        mail = min((choice.mail for choice in choices), key=EAGERNESS.index)
        return Choice(mail, any(choice.chat for choice in choices))


def of_department(department: Department) -> dict[str, Choice]:
    """The department's own rows by category; a category without one follows the program."""
    rows = Preference.objects.filter(department=department)
    return {row.category: Choice(Mail(row.mail), row.chat) for row in rows}


def wants_mail(kind: Kind, choice: Choice) -> bool:
    return kind.is_required or kind.priority <= Priority.EMERGENCY or choice.mail != Mail.NEVER


def hold(notice: Notice, choice: Choice, now: datetime) -> Hold | None:
    """Whether the mail has to wait, and until when. An emergency never does.

    For the collected mail it waits from the moment it stands in the list to the next one of the day; unless it would
    be of no use any more by then.
    """
    kind, person = notice.behaviour, notice.recipient
    if kind.priority <= Priority.EMERGENCY:
        return None
    if choice.mail == Mail.DAILY and not kind.is_required and kind.priority >= Priority.NORMAL:
        moment = hours.next_digest(person, notice.shown_at or now)
        if now < moment and (notice.expires_at is None or moment < notice.expires_at):
            return Hold(Notice.Hold.DAILY, moment)
    if quiet := hours.quiet_until(person, now):
        return Hold(Notice.Hold.QUIET, quiet)
    return None


def may_be_disturbed_at(notice: Notice, now: datetime) -> datetime | None:
    """When a chat message of the person's own may come; None: at once."""
    if notice.behaviour.priority <= Priority.EMERGENCY:
        return None
    return hours.quiet_until(notice.recipient, now)


def set_own(*, person: User, choices: dict[str, Choice]) -> None:
    """Write what the person has chosen; a category without a choice follows the department again."""
    _replace(Preference.objects.filter(person=person), {"person": person}, choices)


def set_of_department(*, department: Department, choices: dict[str, Choice], by: User) -> None:
    """Write what counts for everybody of the department who has chosen nothing."""
    before = {category: list(choice) for category, choice in of_department(department).items()}
    with transaction.atomic():
        _replace(Preference.objects.filter(department=department), {"department": department}, choices)
        after = {category: list(choice) for category, choice in choices.items()}
        if after != before:
            history.record(actor=by, verb="notice preferences", target=department, before=before, after=after)


def _replace(rows: QuerySet[Preference], owner: dict[str, Any], choices: dict[str, Choice]) -> None:
    with transaction.atomic():
        rows.exclude(category__in=choices).delete()
        for category, choice in choices.items():
            fields = {"mail": choice.mail, "chat": choice.chat}
            rows.model.objects.update_or_create(**owner, category=category, defaults=fields)
