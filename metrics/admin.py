from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from metrics.models import ExchangeRate, Measure, Metric, MetricVersion, Shop
from metrics.services import dictionary


class ReadOnly:
    """Looked at, never changed here."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(ReadOnly, admin.TabularInline):
    model = MetricVersion
    fk_name = "metric"
    fields = ("number", "formula", "unit", "direction", "status", "valid_from")
    ordering = ("-number",)
    extra = 0


@admin.register(Metric)
class MetricAdmin(admin.ModelAdmin):
    list_display = ("code", "name_en", "name_zh", "department", "owner", "is_key")
    list_filter = ("department", "is_key")
    list_select_related = ("department", "owner")
    search_fields = ("code", "name_en", "name_zh")
    ordering = ("department__position", "position", "pk")
    fields = ("code", "name_en", "name_zh", "department", "owner", "steward", "position", "is_key")
    autocomplete_fields = ("owner", "steward")
    inlines = (VersionInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Metric | None = None) -> bool:
        # Agendas and minutes speak of it.
        return False


class VersionForm(forms.ModelForm):
    class Meta:
        model = MetricVersion
        fields = (
            "metric",
            "definition_en",
            "definition_zh",
            "formula",
            "unit",
            "decimals",
            "direction",
            "clock",
            "tax_base",
            "pin_down_en",
            "pin_down_zh",
        )
        help_texts = {
            "formula": _("Codes of measures with + − × ÷ and parentheses, one division at most: (a + b) / c.")
        }

    def clean_formula(self) -> str:
        text = self.cleaned_data["formula"]
        try:
            dictionary.read_formula(text)
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return text


@admin.register(MetricVersion)
class MetricVersionAdmin(admin.ModelAdmin):
    """A new definition is added as a new version; those that are there are never changed."""

    form = VersionForm
    list_display = ("metric", "number", "formula", "status", "valid_from")
    list_select_related = ("metric",)
    search_fields = ("metric__code", "metric__name_en", "metric__name_zh")
    ordering = ("metric__code", "-number")
    autocomplete_fields = ("metric",)

    def has_change_permission(self, request: HttpRequest, obj: MetricVersion | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MetricVersion | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: MetricVersion, form: Any, change: bool) -> None:
        saved = dictionary.define(by=request.user, today=timezone.localdate(), **form.cleaned_data)
        obj.pk, obj.number = saved.pk, saved.number


@admin.register(Measure)
class MeasureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "name_en", "name_zh", "unit", "grain", "reports")
    search_fields = ("code", "name_en", "name_zh")
    ordering = ("code",)


@admin.register(Shop)
class ShopAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "platform", "marketplace", "currency", "time_zone", "is_active")
    list_filter = ("platform", "is_active")
    search_fields = ("code", "name")
    ordering = ("name", "pk")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):
    list_display = ("month", "currency", "base", "rate", "source")
    list_filter = ("currency", "base")
    ordering = ("-month", "currency", "base")
