from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from meetings.models import (
    CalendarReply,
    ClockRule,
    Meeting,
    Participant,
    Template,
    TemplateDocument,
    TemplateModule,
    Tolerance,
)
from meetings.services import templates


class UsedStaysMixin:
    """A version of a type that meetings were made from cannot be changed; there is an action for the next one."""

    def _template(self, obj):
        return obj if isinstance(obj, Template) else getattr(obj, "template", None)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        template = self._template(obj)
        return super().has_change_permission(request, obj) and not (template and template.meetings.exists())

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        template = self._template(obj)
        return super().has_delete_permission(request, obj) and not (template and template.meetings.exists())


class ModuleInline(UsedStaysMixin, admin.StackedInline):
    model = TemplateModule
    extra = 0
    show_change_link = True
    ordering = ("order",)

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return super().has_add_permission(request, obj) and self.has_change_permission(request, obj)


class DocumentInline(admin.TabularInline):
    model = TemplateDocument
    extra = 0
    ordering = ("order",)


@admin.register(Template)
class TemplateAdmin(UsedStaysMixin, admin.ModelAdmin):
    list_display = ("name_en", "name_zh", "code", "version", "is_current", "planned_minutes", "position")
    list_filter = ("is_current",)
    search_fields = ("name_en", "name_zh", "code")
    ordering = ("position", "code", "-version")
    inlines = (ModuleInline,)
    actions = ("make_next_version",)

    @admin.action(description=gettext_lazy("Make the next version, to be changed"), permissions=["add"])
    def make_next_version(self, request: HttpRequest, queryset) -> None:
        made = [templates.next_version(template=one, by=request.user) for one in queryset]
        self.message_user(
            request,
            ngettext("%(n)d new version is offered now.", "%(n)d new versions are offered now.", len(made))
            % {"n": len(made)},
            messages.SUCCESS,
        )


@admin.register(TemplateModule)
class TemplateModuleAdmin(UsedStaysMixin, admin.ModelAdmin):
    list_display = ("title_en", "title_zh", "template", "order", "report_minutes", "discussion_minutes")
    list_filter = ("template",)
    list_select_related = ("template",)
    inlines = (DocumentInline,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its template, not from the front page."""
        return False


class ParticipantInline(admin.TabularInline):
    model = Participant
    extra = 0
    fields = ("user", "role", "department", "reply")
    readonly_fields = fields
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(Meeting)
class MeetingAdmin(admin.ModelAdmin):
    """For looking things up. A plan is changed on the meeting's own page, which tells the people concerned."""

    list_display = ("title", "template", "status", "starts_at", "host")
    list_filter = ("status", "template")
    list_select_related = ("template", "host")
    search_fields = ("title", "host__name")
    date_hierarchy = "starts_at"
    inlines = (ParticipantInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(ClockRule)
class ClockRuleAdmin(admin.ModelAdmin):
    list_display = ("name_en", "name_zh", "kind", "anchor", "offset", "applies")


@admin.register(Tolerance)
class ToleranceAdmin(admin.ModelAdmin):
    list_display = ("metric_code", "fraction")


@admin.register(CalendarReply)
class CalendarReplyAdmin(admin.ModelAdmin):
    """What became of replies that came by mail, for who asks why an answer does not show."""

    list_display = ("received_at", "sender", "answer", "outcome", "meeting", "note")
    list_filter = ("outcome",)
    list_select_related = ("meeting",)
    search_fields = ("sender", "uid")
    date_hierarchy = "received_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
