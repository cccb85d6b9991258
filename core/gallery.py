"""What the styleguide page shows: every part of the interface with made-up contents (DEBUG only)."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import django_tables2 as tables
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone


class GalleryForm(forms.Form):
    title = forms.CharField(max_length=80, help_text="What it is about, in a few words.")
    starts_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    department = forms.ChoiceField(choices=[("sales", "Sales 销售部"), ("finance", "Finance 财务部")])
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    is_pinned = forms.BooleanField(required=False, label="Pinned")
    role = forms.ChoiceField(widget=forms.RadioSelect, choices=[("host", "Host"), ("recorder", "Recorder")])


class GalleryTable(tables.Table):
    title = tables.Column()
    owner = tables.Column()
    value = tables.Column(attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    class Meta:
        attrs = {"id": "gallery-table"}


def context(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    people = [
        SimpleNamespace(pk=1, name="欧阳海燕", time_zone="Asia/Shanghai"),
        SimpleNamespace(pk=2, name="Maria Lopez", time_zone="America/New_York"),
        SimpleNamespace(pk=3, name="王芳", time_zone="Asia/Shanghai"),
    ]
    rows = [
        {"title": f"Reduce returns of the Japan site ({n})", "owner": people[n % 3].name, "value": "1,234.50"}
        for n in range(1, 13)
    ]
    table = GalleryTable(rows, order_by=request.GET.get("sort", ()))
    table.paginate(page=request.GET.get("page", 1), per_page=5)
    months = ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    return {
        "people": people,
        "now": now,
        "soon": now + timedelta(hours=6, minutes=5),
        "past": now - timedelta(days=2, minutes=5),
        "far": now + timedelta(days=200),
        "metric": SimpleNamespace(unit="money", direction="up"),
        "costs": SimpleNamespace(unit="percent", direction="down"),
        "value": Decimal("1234567.891"),
        "loss": Decimal("-4321.5"),
        "share": Decimal("0.1234"),
        "growth": Decimal("0.042"),
        "decline": Decimal("-0.117"),
        "form": GalleryForm(),
        "wrong_form": GalleryForm({"title": "x" * 90, "starts_at": "soon"}, prefix="wrong"),
        "table": table,
        "empty_table": GalleryTable([], empty_text="No actions yet."),
        "page": Paginator(range(100), 10).page(3),
        "tones": ["green", "red", "orange", "yellow", "blue", "azure", "purple", "secondary"],
        "chart": {
            "title": "All shops, product sales in USD, October 2025 to April 2026",
            "unit": "money",
            "labels": months,
            "series": [
                {"role": "previous", "name": "Previous year", "values": [90, 110, 130, 80, 85, 92, 99]},
                {"role": "actual", "name": "Actual", "values": [100, 120, 150, 90, 95, None, None]},
                {"role": "target", "name": "Target", "values": [110, 115, 140, 100, 100, 105, 110]},
                {"role": "forecast", "name": "Forecast", "values": [None, None, None, None, None, 104, 112]},
            ],
        },
    }
