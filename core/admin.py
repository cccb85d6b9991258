from django.contrib import admin

from core.models import WorkdayOverride


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(admin.ModelAdmin):
    """The company's own word on single days, before any list of holidays."""

    list_display = ("day", "region", "is_workday", "name_zh", "name_en")
    list_filter = ("region", "is_workday")
    date_hierarchy = "day"
    ordering = ("-day", "region")
