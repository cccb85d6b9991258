import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.periods import Period
from metrics.intake.names import name_of
from metrics.intake.problems import sentence
from metrics.models.shops import Shop


def stored_under(upload: "Upload", name: str) -> str:
    """Files lie under a random name; what people called them is kept as text only."""
    return f"reports/{uuid.uuid4().hex}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user) -> "UploadQuerySet":
        """Everybody who is logged in may look at what was handed in."""
        return self if user.is_active else self.none()

    def with_names(self) -> "UploadQuerySet":
        return self.select_related("shop", "created_by", "duplicate_of")

    def newest_first(self) -> "UploadQuerySet":
        return self.order_by("-created_at", "-pk")

    def stored(self) -> "UploadQuerySet":
        return self.filter(state=Upload.State.STORED)

    def unfinished(self) -> "UploadQuerySet":
        return self.filter(state__in=Upload.UNFINISHED)


class Upload(models.Model):
    """A file that somebody handed in, what was recognised in it, and what became of it.

    A stored upload owns its slice (kind, shop, period): its figures are the ones that count. A newer upload
    of the same slice supersedes it; the older one stays and can be made valid again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being read")
        STORED = "stored", _("stored")
        DUPLICATE = "duplicate", _("already there")
        REJECTED = "rejected", _("not taken")
        SUPERSEDED = "superseded", _("replaced")
        FAILED = "failed", _("interrupted")

    UNFINISHED = (State.QUEUED, State.RUNNING)
    # Every change of state is one of these, made by a conditional UPDATE.
    NEXT: dict[str, tuple[str, ...]] = {
        State.QUEUED: (State.RUNNING, State.FAILED),
        State.RUNNING: (State.STORED, State.DUPLICATE, State.REJECTED, State.FAILED, State.QUEUED),
        State.STORED: (State.SUPERSEDED,),
        State.SUPERSEDED: (State.STORED,),
        State.REJECTED: (State.QUEUED,),
        State.FAILED: (State.QUEUED,),
        State.DUPLICATE: (),
    }

    class Step(models.TextChoices):
        WAITING = "waiting", _("waiting for its turn")
        RECOGNISING = "recognising", _("finding out what it is")
        READING = "reading", _("reading the rows")
        CHECKING = "checking", _("checking across rows")
        STORING = "storing", _("storing the figures")
        DONE = "done", _("done")

    original_name = models.CharField(_("file"), max_length=500)
    file = models.FileField(upload_to=stored_under, max_length=200, editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    size = models.PositiveBigIntegerField(_("size"))
    kind = models.CharField(_("report"), max_length=60, blank=True)
    shop = models.ForeignKey(
        Shop,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uploads",
        verbose_name=_("shop"),
    )
    # Half-open, like every period: `period_end` is the first day after it.
    period_start = models.DateField(_("from"), null=True, blank=True)
    period_end = models.DateField(_("until (excluded)"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    # What the person stated by hand (kind, shop, period, currency), apart from what was found in the file.
    stated = models.JSONField(default=dict, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    step = models.CharField(_("step"), max_length=12, choices=Step, default=Step.WAITING)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    heartbeat_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("separator"), max_length=4, blank=True)
    header_line = models.PositiveIntegerField(_("header in line"), null=True, blank=True)
    locale = models.CharField(_("language of the headers"), max_length=10, blank=True)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_accepted = models.PositiveIntegerField(_("rows taken"), default=0)
    rows_rejected = models.PositiveIntegerField(_("rows refused"), default=0)
    rows_ignored = models.PositiveIntegerField(_("rows left out"), default=0)
    # {measure code: decimal as text}
    totals = models.JSONField(_("totals"), default=dict, blank=True)
    evidence = models.JSONField(_("how it was recognised"), default=dict, blank=True)

    duplicate_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uploads",
        verbose_name=_("handed in by"),
    )
    created_at = models.DateTimeField(_("handed in"), db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "queued",
                        "running",
                        "stored",
                        "duplicate",
                        "rejected",
                        "superseded",
                        "failed",
                    ]
                ),
                name="upload_state_known",
                violation_error_message=_("This state of an upload is not known."),
            ),
            models.CheckConstraint(
                condition=Q(rows_read=F("rows_accepted") + F("rows_rejected") + F("rows_ignored")),
                name="upload_rows_add_up",
                violation_error_message=_("Rows read are rows taken, refused and left out."),
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100),
                name="upload_progress_percent",
                violation_error_message=_("Progress lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(period_start=None, period_end=None) | Q(period_end__gt=F("period_start")),
                name="upload_period_ordered",
                violation_error_message=_("A period ends after it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["stored", "superseded"])
                | (~Q(kind="") & Q(shop__isnull=False) & Q(period_start__isnull=False)),
                name="upload_stored_has_slice",
                violation_error_message=_("Stored figures belong to a report, a shop and a period."),
            ),
            models.UniqueConstraint(
                fields=["kind", "shop", "period_start", "period_end"],
                condition=Q(state="stored"),
                name="upload_one_per_slice",
                violation_error_message=_("Another file already holds the figures of this period."),
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="upload_newest"),
            # The few that are under way, looked at every minute.
            models.Index(
                fields=["heartbeat_at"],
                condition=Q(state__in=["queued", "running"]),
                name="upload_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("metrics:upload", args=[self.pk])

    @property
    def period(self) -> Period | None:
        if self.period_start is None or self.period_end is None:
            return None
        return Period(self.period_start, self.period_end).tidy()

    @property
    def kind_name(self) -> str:
        return name_of(self.kind)

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED


class UploadProblem(models.Model):
    """Something in a file that a person should know: where it is, what stands there, and why it matters."""

    class Level(models.TextChoices):
        ERROR = "error", _("error")
        WARNING = "warning", _("warning")

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="problems")
    level = models.CharField(_("level"), max_length=10, choices=Level)
    line = models.PositiveIntegerField(_("line"), null=True, blank=True)
    column = models.CharField(_("column"), max_length=120, blank=True)
    code = models.CharField(_("cause"), max_length=40)
    text = models.CharField(_("what stands there"), max_length=200, blank=True)
    params: Any = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("problem in a file")
        verbose_name_plural = _("problems in a file")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["error", "warning"]),
                name="upload_problem_level_known",
                violation_error_message=_("This level is not known."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def message(self) -> str:
        """The sentence for people, in the language of the reader."""
        return sentence(self.code, self.params | {"text": self.text, "column": self.column})
