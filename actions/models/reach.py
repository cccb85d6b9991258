"""Which actions there are for whom: the one door of the actions, and the sets of them that everybody asks for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, Q

from actions.models.sight import Sight
from core.models import Company
from people.models import User

if TYPE_CHECKING:
    from actions.models import Action  # noqa: F401 - the subscript names it in a string
    from meetings.models import Meeting


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User, sight: Sight | None = None) -> Self:
        """Actions somebody may read.

        Company roles read all; owner, acceptor and author their own; a department and the people asked for help
        what is published; whoever may read a meeting what it decided, drafts included. One statement, no joins,
        so that nothing is counted twice. What the rule needs to know is asked within the statement, or comes with
        `sight`, where one page asks many times over many actions.

        What was promised on a confidential item is for the item's circle and for whoever owes it, accepts it or was
        asked by name to help; no company role opens it.
        """
        sight = sight or Sight.asked_along(user)
        shown = self.filter(
            ~Q(agenda_item__in=sight.closed_items) & ~Q(decision__in=sight.closed_decisions)
            | Q(owner=user)
            | Q(acceptor=user)
            | Q(pk__in=sight.asked_by_name)
        )
        return shown if user.sees_all else shown.within_reach(user, sight)

    def closed_to(self, user: User) -> Self:
        """Actions on confidential items that are not for this person."""
        sight = Sight.asked_along(user)
        closed = Q(agenda_item__in=sight.closed_items) | Q(decision__in=sight.closed_decisions)
        return self.filter(closed).exclude(Q(owner=user) | Q(acceptor=user) | Q(pk__in=sight.asked_by_name))

    def within_reach(self, user: User, sight: Sight) -> Self:
        """Of actions that nobody keeps confidential, those that somebody without a company role may read."""
        # Where proposals are checked, those who check see them.
        checking = Company.objects.filter(checks_actions=True)
        return self.filter(
            Q(owner=user)
            | Q(acceptor=user)
            | Q(created_by=user)
            | Q(meeting__in=sight.meetings)
            | Q(published_at__isnull=False, department__in=sight.departments)
            | Q(department__in=user.headed_department_ids) & Q(Exists(checking))
            | Q(published_at__isnull=False, pk__in=sight.asked)
        )

    def drafts(self) -> Self:
        return self.filter(published_at__isnull=True)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def open(self) -> Self:
        """Published and neither accepted nor cancelled."""
        return self.published().filter(status__in=self.model.OPEN)

    def owed(self) -> Self:
        """Open and with its owner: what is handed in waits for somebody else and is not late any more."""
        return self.published().filter(status__in=self.model.OWED)

    def finished(self) -> Self:
        return self.published().filter(status__in=self.model.FINISHED)

    def mine(self, user: User) -> Self:
        return self.filter(owner=user)

    def to_accept(self, user: User) -> Self:
        """Handed in and waiting for this person's word."""
        return self.filter(acceptor=user, status=self.model.Status.SUBMITTED)

    def overdue(self, now: datetime) -> Self:
        return self.owed().filter(due_at__lt=now)

    def due_within(self, now: datetime, span: timedelta) -> Self:
        """Still to be done and due from now until then."""
        return self.owed().filter(due_at__gte=now, due_at__lt=now + span)

    def for_meeting(self, meeting: Meeting) -> Self:
        return self.filter(meeting=meeting)

    def with_people(self) -> Self:
        """With everything that a line of a list names."""
        return self.select_related("owner", "acceptor", "department", "meeting")

    def in_brief(self) -> Self:
        """With what a line of somebody's work says, and nothing else."""
        return self.select_related("owner", "acceptor", "department", "meeting").only(
            "title",
            "status",
            "due_at",
            "published_at",
            "owner__name",
            "acceptor__name",
            "department__name_en",
            "department__name_zh",
            "meeting__title",
        )

    def by_deadline(self) -> Self:
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")
