"""The types of meeting that come with the program."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings import library
from meetings.library.completion import complete
from meetings.library.planned_metrics import PLANNED_METRICS
from meetings.models import Template, TemplateDocument, TemplateModule
from metrics.models import Metric
from people.departments import ensure_standard
from tests.metrics import builders

pytestmark = pytest.mark.django_db

TYPES = {text.code: text for text in library.TYPES}


@pytest.fixture(autouse=True)
def shipped():
    ensure_standard()
    library.ensure()


def of(code: str) -> Template:
    return Template.objects.current().get(code=code)


def minutes(code: str) -> list[tuple[int, int]]:
    rows = of(code).modules.order_by("order")
    return list(rows.values_list("report_minutes", "discussion_minutes"))


def test_every_type_of_a_company_is_there():
    assert set(Template.objects.current().values_list("code", flat=True)) == {
        "business-review",
        "business-review-240",
        "weekly-operations",
        "biweekly-progress",
        "monthly-review",
        "kr-reset",
        "okr-alignment",
        "special-adjustment",
        "department-liaison",
        "year-end-review",
    }


def test_published_business_review_stays_55_minutes_over_and_the_fitted_one_is_exact():
    published, fitted = minutes("business-review"), minutes("business-review-240")

    assert published == [(15, 0), (20, 40), (15, 30), (15, 30), (10, 20), (10, 20), (0, 40), (0, 30)]
    assert sum(map(sum, published)) == 295
    assert sum(map(sum, fitted)) == of("business-review-240").planned_minutes == 240
    assert of("business-review-240").modules.filter(kind="break").count() == 1


@pytest.mark.parametrize("code", sorted(set(TYPES) - {"business-review"}))
def test_agenda_fills_the_planned_length(code):
    assert sum(map(sum, minutes(code))) == of(code).planned_minutes


@pytest.mark.parametrize("code", sorted(TYPES))
def test_words_are_there_in_both_languages_and_figures_are_known(code):
    builders.dictionary()
    known = set(Metric.objects.values_list("code", flat=True)) | set(PLANNED_METRICS)
    template = of(code)

    assert template.purpose_en
    assert template.purpose_zh
    for module in template.modules.all():
        assert module.title_en
        assert module.title_zh
        assert len(module.questions_en.splitlines()) == len(module.questions_zh.splitlines())
        assert set(module.metric_codes) <= known
        assert module.questions_en or module.kind == "break"


def test_year_end_asks_for_six_documents_seven_days_before():
    template = of("year-end-review")

    assert template.preread_lead_days == 7
    assert TemplateDocument.objects.filter(module__template=template).count() == 6


def test_progress_meeting_consists_of_lists_of_actions():
    rows = of("biweekly-progress").modules.exclude(action_list="").order_by("order")

    assert list(rows.values_list("action_list", flat=True)) == [
        "blocked",
        "late",
        "due",
        "silent",
        "finished",
    ]
    assert of("biweekly-progress").usual_rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"


def test_pay_is_confidential():
    hidden = TemplateModule.objects.filter(is_confidential=True).values_list("template__code", flat=True)

    assert set(hidden) == {"kr-reset", "okr-alignment"}


def test_ensuring_again_adds_nothing_and_asks_once():
    before = TemplateModule.objects.count()

    with CaptureQueriesContext(connection) as queries:
        library.ensure()

    assert TemplateModule.objects.count() == before
    assert len(queries) == 1


# --- columns that came later -------------------------------------------------------------------------------
def as_it_was_before(code: str) -> Template:
    """A type as an earlier version of the program left it: later columns at their defaults."""
    Template.objects.filter(code=code).update(
        usual_rule="", preparation_hours=4, preread_open_days=10, correction_hours=48
    )
    TemplateModule.objects.filter(template__code=code).update(is_recurring=False)
    return of(code)


def test_untouched_type_gets_its_later_columns():
    template = as_it_was_before("weekly-operations")

    complete(apps)

    template.refresh_from_db()
    assert template.usual_rule == "FREQ=WEEKLY;BYDAY=TU"
    assert template.preread_open_days == 4
    assert template.modules.filter(is_recurring=True).count() == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda template: Template.objects.filter(pk=template.pk).update(planned_minutes=45),
        lambda template: Template.objects.filter(pk=template.pk).update(usual_rule="FREQ=DAILY"),
        lambda template: template.modules.filter(order=2).update(report_minutes=6),
        lambda template: template.modules.filter(order=2).delete(),
        lambda template: Template.objects.create(
            code=template.code, version=2, is_current=False, name_en="x", name_zh="x"
        ),
    ],
)
def test_type_that_a_company_changed_is_left_alone(change):
    template = as_it_was_before("weekly-operations")
    change(template)
    rule = of("weekly-operations").usual_rule

    complete(apps)

    template.refresh_from_db()
    assert template.usual_rule == rule
    assert template.preread_open_days == 10
    assert not template.modules.filter(is_recurring=True).exists()


def test_missing_type_is_added():
    Template.objects.filter(code="kr-reset").delete()

    complete(apps)

    assert of("kr-reset").modules.filter(is_confidential=True).exists()
