"""What the styleguide page shows: every part of the interface with made-up contents (DEBUG only)."""

from collections.abc import Iterator
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


class FileForm(forms.Form):
    reports = forms.FileField(help_text="Reports as they come from the marketplace, 1 MB at most.")


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
        "charts": list(charts()),
        "spark": [3, 4, None, 5, 4, 7, 8],
        "few": [None, 4],
        "file_form": FileForm(),
    }


def charts() -> Iterator[dict[str, Any]]:
    months = ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    yield {
        "id": "columns",
        "title": "All shops, product sales in USD, October 2025 to April 2026",
        "unit": "money",
        "labels": months,
        "series": [
            {"role": "year", "name": "Year before", "values": [90e3, 110e3, 130e3, 80e3, 85e3, 92e3, 99e3]},
            {"role": "actual", "name": "Actual", "values": [100e3, 120e3, 150e3, 90e3, 95e3, None, None]},
            {"role": "forecast", "name": "Forecast", "values": [None, None, None, None, None, 104e3, 112e3]},
            {"role": "target", "name": "Target", "values": [110e3, 115e3, 140e3, 100e3, 100e3, 105e3, 110e3]},
        ],
    }
    yield {
        "id": "lines",
        "kind": "line",
        "title": "All shops, advertising share of sales, October 2025 to April 2026",
        "unit": "percent",
        "labels": months,
        "series": [
            {
                "role": "actual",
                "name": "Actual",
                "values": ["0.11", "0.12", None, "0.14", "0.13", "0.12", "0.118"],
            },
            {"role": "target", "name": "Target", "values": ["0.12"] * 7},
        ],
    }
    yield {
        "id": "waterfall",
        "kind": "waterfall",
        "title": "US shop, from product sales to net in USD, March 2026",
        "unit": "money",
        "labels": [
            "Product sales",
            "Promotions",
            "Selling fees",
            "Fulfilment",
            "Advertising",
            "Refunds",
            "Net",
        ],
        "totals": [0, 6],
        "series": [
            {"role": "actual", "name": "USD", "values": [99000, -4200, -14850, -18900, -11200, -5100, 44750]}
        ],
    }
    yield {
        "id": "structure",
        "kind": "bars",
        "title": "All shops, orders by site, March 2026",
        "unit": "count",
        "labels": ["US", "DE", "UK", "JP"],
        "series": [{"role": "actual", "name": "Orders", "values": [2310, 940, 720, 310]}],
    }
    yield {
        "id": "course",
        "kind": "xmr",
        "title": "US shop, return rate, weeks 1 to 10 of 2026",
        "unit": "percent",
        "labels": [f"W{number}" for number in range(1, 11)],
        "centre": "0.05",
        "lower": "0.032",
        "upper": "0.068",
        "marks": [7],
        "series": [
            {
                "role": "actual",
                "name": "Return rate",
                "values": [
                    "0.051",
                    "0.047",
                    "0.055",
                    "0.049",
                    "0.052",
                    "0.046",
                    "0.05",
                    "0.081",
                    "0.053",
                    "0.048",
                ],
            }
        ],
    }
    yield {
        "id": "quadrants",
        "kind": "scatter",
        "title": "US shop, traffic and conversion by product, March 2026",
        "x_name": "Sessions",
        "y_name": "Conversion",
        "x_unit": "count",
        "y_unit": "percent",
        "split": [500, "0.1"],
        "quadrants": ["hit", "under-promoted", "re-check", "product problem"],
        "points": [
            {"name": "B0A1", "x": 820, "y": "0.16"},
            {"name": "B0A2", "x": 210, "y": "0.14"},
            {"name": "B0A3", "x": 940, "y": "0.05"},
            {"name": "B0A4", "x": 180, "y": "0.04"},
        ],
    }
