"""Measured criteria: which figure, compared how, with what, where and when."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.forms.fields import DateInput
from actions.forms.step import VerbForm
from actions.models import Action, Criterion
from core import amounts
from core.periods import Period
from metrics.dictionary.formula import parse
from metrics.models import Measure, Metric, MetricVersion, Shop
from metrics.queries import CurrencyError, currencies
from people.models import User

Unit = MetricVersion.Unit
# What the columns of the table hold.
LARGEST = Decimal(10) ** 14
SIX_PLACES = Decimal("0.000001")


class MetricField(forms.ModelChoiceField):
    """A figure of the dictionary with the unit that its value is typed in."""

    def label_from_instance(self, metric: Metric) -> str:  # type: ignore[override]
        return f"{metric.name} ({Unit(metric.unit).label})"


class CriterionForm(VerbForm):
    """The owner's word on one criterion; without evidence it takes a reason."""

    criterion = forms.ModelChoiceField(queryset=Criterion.objects.none())
    is_met = forms.BooleanField(required=False)
    no_evidence_because = forms.CharField(
        label=_("Why is there nothing to show?"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def bound_to(self, action: Action, user: User) -> None:
        self.fields["criterion"].queryset = action.criteria.all()


class DropMeasureForm(VerbForm):
    criterion = forms.ModelChoiceField(queryset=Criterion.objects.none())

    def bound_to(self, action: Action, user: User) -> None:
        self.fields["criterion"].queryset = action.criteria.filter(metric__isnull=False).select_related(
            "action"
        )


class MeasureForm(VerbForm):
    """A criterion that the figures judge. The value is typed in the unit people use: 25 % is a quarter."""

    metric = MetricField(
        label=_("Figure"), queryset=Metric.objects.none(), empty_label=_("choose a figure of the dictionary")
    )
    comparator = forms.ChoiceField(label=_("is to be"), choices=Criterion.Comparator.choices)
    value = forms.CharField(
        label=_("Value"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("As one says it: 25 % or 1,200."),
        error_messages={"required": _("Give the value to reach.")},
    )
    currency = forms.CharField(
        label=_("Currency, for amounts"),
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 4}),
        help_text=_("Empty: that of the shop."),
    )
    shop = forms.ModelChoiceField(
        label=_("Shop"), required=False, queryset=Shop.objects.none(), empty_label=_("all shops together")
    )
    window_start = forms.DateField(
        label=_("First day"), widget=DateInput, error_messages={"required": _("Give the first day.")}
    )
    window_end = forms.DateField(
        label=_("Last day"), widget=DateInput, error_messages={"required": _("Give the last day.")}
    )

    def bound_to(self, action: Action, user: User) -> None:
        metrics = Metric.objects.visible_to(user).with_current()
        self.fields["metric"].queryset = (
            metrics.filter(current__isnull=False).exclude(current__formula="").in_order()
        )
        self.fields["shop"].queryset = Shop.objects.visible_to(user).active().in_order()
        last = action.due_at.astimezone(action.zone).date() if action.due_at else timezone.localdate()
        self.initial.setdefault("window_end", last)
        self.initial.setdefault("window_start", last - timedelta(days=6))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        metric = told.get("metric")
        if metric is None:
            return told
        if "value" in told:
            self._read_value(metric, told)
        self._read_currency(metric, told)
        if told.get("window_start") and told.get("window_end"):
            self._check_window(metric, told)
        return told

    def _read_value(self, metric: Metric, told: dict[str, Any]) -> None:
        typed = told["value"].strip()
        has_sign = typed.endswith(("%", "％"))
        try:
            number = amounts.parse(typed.rstrip("%％"))
        except ValueError:
            self.add_error("value", gettext("“%(text)s” is no number.") % {"text": typed})
            return
        if metric.unit == Unit.PERCENT:
            if not has_sign and 0 < abs(number) < 1:
                self.add_error(
                    "value",
                    gettext("Is that %(few)s %% or %(many)s %%? Write it with the sign.")
                    % {"few": amounts.plain(number), "many": amounts.plain(number * 100)},
                )
            number /= 100
        elif has_sign:
            unit = Unit(metric.unit).label
            self.add_error(
                "value", gettext("This figure is no share; its unit is: %(unit)s.") % {"unit": unit}
            )
        if abs(number) >= LARGEST:
            self.add_error("value", gettext("This number is too large."))
        told["value"] = number.quantize(SIX_PLACES) if abs(number) < LARGEST else number

    def _read_currency(self, metric: Metric, told: dict[str, Any]) -> None:
        """An amount is measured in one currency for good, so the one that is meant now is kept."""
        if metric.unit != Unit.MONEY:
            told["currency"] = ""
            return
        shops = [told["shop"]] if told.get("shop") else list(Shop.objects.active())
        try:
            told["currency"] = currencies.choose(shops, told.get("currency", "").strip() or None)
        except CurrencyError as error:
            self.add_error("currency", str(error))

    def _check_window(self, metric: Metric, told: dict[str, Any]) -> None:
        if told["window_end"] < told["window_start"]:
            self.add_error("window_end", gettext("The last day lies before the first."))
            return
        days = Period(told["window_start"], told["window_end"] + timedelta(days=1))
        months = list(days.split("month"))
        is_whole = months[0].start == days.start and months[-1].end == days.end
        codes = parse(metric.formula).measures if metric.formula else ()
        monthly = Measure.objects.filter(code__in=codes, grain=Measure.Grain.MONTH)
        if not is_whole and monthly.exists():
            self.add_error(
                "window_start", gettext("The reports give this figure by the month: choose whole months.")
            )
