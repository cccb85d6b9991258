from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notices.models import Delivery, Notice


class ReadOnly:
    """Shown, never changed: the rows are the dispatcher's."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class DeliveryInline(ReadOnly, admin.TabularInline):
    model = Delivery
    fk_name = "notice"
    fields = ("channel", "state", "address", "message_id", "at")
    extra = 0


@admin.register(Notice)
class NoticeAdmin(ReadOnly, admin.ModelAdmin):
    """Where an administrator sees what is doubtful, refused or stuck."""

    list_display = ("kind", "recipient", "state", "due_at", "send_at", "attempts", "note")
    list_filter = ("state", "kind", ("deliveries__state", admin.ChoicesFieldListFilter))
    search_fields = ("recipient__name", "recipient__email", "kind", "note")
    date_hierarchy = "due_at"
    list_select_related = ("recipient",)
    show_full_result_count = False
    ordering = ("-due_at", "-pk")
    inlines = [DeliveryInline]
    fieldsets = (
        (None, {"fields": ("kind", "recipient", "subject_type", "subject_id", "due_at", "params")}),
        (
            _("Sending"),
            {"fields": ("state", "note", "send_at", "expires_at", "attempts", "stage", "priority")},
        ),
        (_("Times"), {"fields": ("created_at", "shown_at", "sent_at", "read_at", "lease_until")}),
    )
