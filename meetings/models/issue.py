"""The issue pool: what came up during the reports, with its evidence, worked through in the cross-department part."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.grams import Grams
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting

if TYPE_CHECKING:
    from people.models import User


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: "User") -> Self:
        """Those of meetings that somebody may read, without those raised in items kept from them."""
        hidden = AgendaItem.objects.closed_to(user)
        return self.filter(meeting__in=Meeting.objects.visible_to(user)).exclude(item__in=hidden)

    def waiting(self) -> Self:
        return self.filter(state__in=Issue.WAITING)


class Issue(models.Model):
    """A problem that needs several departments, seen in a report and kept for the part in which problems are solved.

    `evidence`: {} or {"kind": "figure", "code": metric code, "value", "previous", "change", "unit", "currency",
    "period": code, "revision": id of the pre-read's revision, "department": code} as it stood frozen, decimals as
    strings; {"kind": "passage", "place", "text", "revision", "number", "department"}; {"kind": "note", "note": id}.
    An issue that was carried over also says in which "meeting" its evidence stands.
    """

    class State(models.TextChoices):
        OPEN = "open", _("in the pool")
        WORKING = "working", _("being solved")
        SOLVED = "solved", _("solved")
        PARKED = "parked", pgettext_lazy("state of an issue", "parked")
        WITHDRAWN = "withdrawn", _("withdrawn")

    WAITING = (State.OPEN, State.WORKING)
    # The whole life of an issue. What was settled can be taken up again.
    NEXT: dict[str, frozenset[str]] = {
        State.OPEN: frozenset({State.WORKING, State.PARKED, State.WITHDRAWN}),
        State.WORKING: frozenset({State.OPEN, State.SOLVED, State.PARKED, State.WITHDRAWN}),
        State.SOLVED: frozenset({State.OPEN}),
        State.PARKED: frozenset({State.OPEN}),
        State.WITHDRAWN: frozenset({State.OPEN}),
    }
    MOST_WHYS = 5

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="issues")
    # The agenda item during which it came up.
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="issues"
    )
    text = models.CharField(_("issue"), max_length=300)
    evidence = models.JSONField(default=dict, blank=True)
    # Departments that are needed for it beside the one it came up with.
    needs = models.ManyToManyField("people.Department", related_name="+", blank=True, verbose_name=_("needs"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    # The executive's order; None: by votes.
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    whys = ArrayField(models.TextField(), verbose_name=_("five whys"), default=list, blank=True, size=5)
    root_cause = models.TextField(_("root cause"), blank=True)
    # The process or rule that let it happen: what is mended is never a person.
    process = models.CharField(_("process at fault"), max_length=200, blank=True)
    # Why words that look like a person or like blame may stand in the cause; the minutes print it.
    wording_reason = models.CharField(_("why the wording stands"), max_length=300, blank=True)
    solution = models.TextField(_("solution"), blank=True)
    source_note = models.ForeignKey(
        "meetings.Note", on_delete=models.SET_NULL, null=True, blank=True, related_name="issues"
    )
    # The issue of the meeting before in the series that goes on here.
    carried_from = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_to"
    )
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issue pool")
        indexes = [GinIndex(Grams("text", "root_cause", "process", "solution"), name="issue_grams")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "working", "solved", "parked", "withdrawn"]),
                name="issue_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "working"], settled_at=None)
                | Q(state__in=["solved", "parked", "withdrawn"], settled_at__isnull=False),
                name="issue_settled",
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(state="working"),
                name="issue_worked_one_at_a_time",
                violation_error_message=_("Another issue is being worked on."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="issue_said",
                violation_error_message=_("Say what the issue is."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('meetings:room_issues', args=[self.meeting_id])}#issue-{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def asked(self) -> list[str]:
        """The whys that were answered."""
        return [why for why in self.whys if why.strip()]


class IssueVote(models.Model):
    """One person's word that an issue matters."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("vote for an issue")
        verbose_name_plural = _("votes for issues")
        constraints = [models.UniqueConstraint(fields=["issue", "user"], name="issue_vote_once")]

    def __str__(self) -> str:
        return f"{self.issue_id}/{self.user_id}"
