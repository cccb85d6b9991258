from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A filter of the list of actions that somebody keeps under a name: what is shown, how, and in which columns."""

    class Layout(models.TextChoices):
        TABLE = "table", _("table")
        BOARD = "board", _("board")
        TIMELINE = "timeline", _("timeline")
        CALENDAR = "calendar", _("calendar")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    layout = models.CharField(_("layout"), max_length=10, choices=Layout, default=Layout.TABLE)
    # As in the address, without page and columns: "status=open&department=3&sort=-due_at".
    query = models.CharField(max_length=2000, blank=True)
    # Codes of the columns in order; empty means the usual ones.
    columns = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    # Others see it in their list and may use it; what it shows them is what they may see.
    is_shared = models.BooleanField(_("for everybody"), default=False)
    # What opens when its owner comes to the list without asking for anything; its columns are their usual ones.
    is_default = models.BooleanField(_("opens first"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_view_once",
                violation_error_message=_("You have a view of this name already."),
            ),
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(is_default=True), name="saved_view_one_default"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_view_named"),
            models.CheckConstraint(
                condition=models.Q(layout__in=["table", "board", "timeline", "calendar"]),
                name="saved_view_layout_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ActionImport(models.Model):
    """A file with actions: looked at first (`rows` says what would become of each line), then taken over or not."""

    class Source(models.TextChoices):
        SHEET = "sheet", _("spreadsheet")
        TRELLO = "trello", "Trello"
        ASANA = "asana", "Asana"
        FEISHU = "feishu", _("Feishu")

    class State(models.TextChoices):
        LOOKED_AT = "looked_at", _("looked at")
        TAKEN_OVER = "taken_over", _("taken over")
        DROPPED = "dropped", _("dropped")

    source = models.CharField(_("from"), max_length=10, choices=Source)
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    # One entry for each line of the file: {line, change, action, values, problems}; change is "new", "changed",
    # "same" or "refused".
    rows = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.LOOKED_AT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    taken_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import of actions")
        verbose_name_plural = _("imports of actions")

    def __str__(self) -> str:
        return self.file_name
