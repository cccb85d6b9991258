from django.contrib import admin

from actions.models import Action, Criterion, DeadlineChange, Evidence, Milestone, Progress


class ReadOnly(admin.TabularInline):
    """Parts of an action are shown; they change through the site, which keeps the history and the reminders."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class CriterionInline(ReadOnly):
    model = Criterion


class EvidenceInline(ReadOnly):
    model = Evidence


class MilestoneInline(ReadOnly):
    model = Milestone


class ProgressInline(ReadOnly):
    model = Progress


class DeadlineChangeInline(ReadOnly):
    model = DeadlineChange


@admin.register(Action)
class ActionAdmin(admin.ModelAdmin):
    """To look things up. Nothing is changed here: a status set by hand would miss its evidence and its reminders."""

    list_display = ("reference", "title", "status", "owner", "acceptor", "department", "due_at")
    list_filter = ("status", "department")
    list_select_related = ("owner", "acceptor", "department")
    search_fields = ("title",)
    ordering = ("-pk",)
    inlines = (CriterionInline, EvidenceInline, MilestoneInline, ProgressInline, DeadlineChangeInline)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
