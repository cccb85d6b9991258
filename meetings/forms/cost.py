"""The form of a cost rate."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.forms.amounts import AmountField
from people.models import Department

# Currencies that payrolls are kept in, the head office's first; one that is in use already is offered, too.
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD", "VND", "THB", "MXN")
# The column holds eight digits before the point; nobody's hour costs more than this.
MOST = Decimal(1_000_000)


class RateForm(forms.Form):
    department = forms.ChoiceField(label=gettext_lazy("Whose hour"), required=False)
    per_hour = AmountField(label=gettext_lazy("Cost an hour"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    valid_from = forms.DateField(
        label=gettext_lazy("Counts from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Write the day from which the rate counts.")},
    )

    def __init__(self, *args: Any, departments: list[Department], used: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {str(one.pk): one for one in departments}
        self.fields["department"].choices = [
            ("", _("the whole company")),
            *((key, one.name) for key, one in self.departments.items()),
        ]
        codes = dict.fromkeys([*used, *CURRENCIES])
        self.fields["currency"].choices = [(code, code) for code in codes]

    def clean_department(self) -> Department | None:
        return self.departments.get(self.cleaned_data["department"])

    def clean_per_hour(self) -> Decimal:
        amount = self.cleaned_data["per_hour"]
        if amount is None:
            raise forms.ValidationError(_("Write what an hour costs, for example 80."))
        if amount < 0:
            raise forms.ValidationError(_("A cost rate is not negative."))
        if amount > MOST:
            raise forms.ValidationError(_("This number is too large."))
        return amount.quantize(Decimal("0.01"))

    def clean_valid_from(self) -> date:
        day = self.cleaned_data["valid_from"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Write a day between 2000 and 2100."))
        return day
