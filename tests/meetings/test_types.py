"""Types of meeting: reading, changing, copying and retiring them; a meeting keeps the version it came from."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import history
from meetings.errors import Conflict, NotAllowed
from meetings.models import Meeting, Template
from meetings.queries import types as queries
from meetings.services import templates
from meetings.type_plan import TypePlan
from tests.factories import executive, host, lead
from tests.meetings import factories
from tests.meetings.test_plan_pages import form_of as plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

URL = "/meetings/templates/"
CODE = "weekly-operations"


@pytest.fixture
def planner(client):
    user = host(name="何静", language="en")
    client.force_login(user)
    return user


@pytest.fixture
def weekly():
    return factories.template(CODE)


def form_of(response) -> dict:
    """What a browser would post from the form as it is."""
    forms = response.context["forms"]
    data: dict = {"items-count": len(forms.items), "undo": forms.agenda.undo}
    rows = [forms.type, *forms.items, *(one for item in forms.items for one in item.documents)]
    for form in rows:
        for bound in form:
            value = bound.value()
            if isinstance(value, list):
                data[bound.html_name] = value
            elif value is not None and value is not False and value != "":
                data[bound.html_name] = "on" if value is True else value
    for item in forms.items:
        data[f"{item.prefix}-docs-count"] = len(item.documents)
    return data


def used(template: Template) -> Meeting:
    return factories.scheduled(template=template)


# --- reading ------------------------------------------------------------------------------------------------
def test_list_tells_length_warning_and_use(client, planner, weekly):
    used(factories.template("business-review"))

    page = client.get(URL)

    assert "295 min, 55 over" in page.text
    assert "60 min, fits exactly" in page.text
    rows = {row.template.code: row for row in page.context["offered"]}
    assert rows["business-review"].meetings == 1
    assert rows[CODE].meetings == 0
    assert "/meetings/new/?template=weekly-operations" in page.text


def test_page_shows_questions_figures_documents(client, planner):
    factories.template("year-end-review")

    page = client.get(URL + "year-end-review/")

    assert "Annual profit and loss statement" in page.text
    assert "Which three results made the year?" in page.text
    assert "net profit" in page.text
    assert "180 min, the planned length exactly" in page.text


def test_types_are_for_those_who_may_call_meetings(client, weekly):
    client.force_login(lead("sales"))

    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}{CODE}/").status_code == 404
    assert client.get(f"{URL}{CODE}/edit/").status_code == 404
    assert client.post(f"{URL}{CODE}/retire/").status_code == 404
    weekly.refresh_from_db()
    assert weekly.is_current


@pytest.mark.parametrize("path", ["", f"{CODE}/"])
def test_queries_do_not_grow_with_meetings_and_versions(client, planner, weekly, path):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL + path).status_code == 200
        return len(queries)

    used(weekly)
    client.get(URL + path)
    before = count()
    for _number in range(2):
        weekly = templates.next_version(template=weekly, by=planner)
        used(weekly)

    assert count() == before


# --- changing -----------------------------------------------------------------------------------------------
def test_unused_version_is_changed_in_place(client, planner, weekly):
    data = form_of(client.get(f"{URL}{CODE}/edit/"))

    answer = client.post(f"{URL}{CODE}/edit/", {**data, "items-1-report": 10, "do": "save"})

    assert answer.status_code == 302
    assert Template.objects.filter(code=CODE).count() == 1
    assert weekly.modules.get(order=2).report_minutes == 10
    assert [entry.verb for entry in history.of(weekly)] == ["meetings.template_changed"]


def test_form_saved_as_it_is_changes_nothing(client, planner, weekly):
    used(weekly)
    before = TypePlan.of(weekly)
    data = form_of(client.get(f"{URL}{CODE}/edit/"))

    client.post(f"{URL}{CODE}/edit/", {**data, "do": "save"})

    assert TypePlan.of(Template.objects.get(code=CODE)) == before
    assert not history.of(weekly).exists()


@pytest.mark.parametrize("code", ["year-end-review", "kr-reset", "biweekly-progress", "business-review-240"])
def test_every_column_survives_the_form(client, planner, code):
    template = factories.template(code)
    before = TypePlan.of(template)
    data = form_of(client.get(f"{URL}{code}/edit/"))

    client.post(f"{URL}{code}/edit/", {**data, "purpose_en": "Another purpose.", "do": "save"})

    after = TypePlan.of(Template.objects.get(code=code))
    assert after.modules == before.modules
    assert {name for name in before.columns if before.columns[name] != after.columns[name]} == {"purpose_en"}


def test_scheduled_meeting_keeps_the_version_it_came_from(client, planner, weekly):
    meeting = used(weekly)
    items = list(meeting.items.order_by("order").values_list("title_en", "report_minutes"))
    before = TypePlan.of(weekly)
    data = form_of(client.get(f"{URL}{CODE}/edit/"))

    client.post(
        f"{URL}{CODE}/edit/",
        {**data, "items-0-title_en": "What now?", "items-0-report": 6, "planned_minutes": 61, "do": "save"},
    )

    meeting.refresh_from_db()
    weekly.refresh_from_db()
    latest = Template.objects.current().get(code=CODE)
    assert (weekly.version, weekly.is_current) == (1, False)
    assert TypePlan.of(weekly) == before
    assert meeting.template == weekly
    assert list(meeting.items.order_by("order").values_list("title_en", "report_minutes")) == items
    assert (latest.version, latest.planned_minutes) == (2, 61)
    assert latest.modules.get(order=1).title_en == "What now?"
    assert used(latest).template.version == 2


def test_form_of_a_meeting_that_was_open_meanwhile_keeps_its_version(client, planner, weekly):
    """Its rows come from the modules of that version: titles in both languages, figures and documents stay."""
    url = f"/meetings/new/?template={CODE}"
    page = client.get(url)
    data = {**plan_of(page), "version": weekly.version}
    later = templates.next_version(template=weekly, by=planner)

    client.post(url, {**data, "do": "save"})

    meeting = Meeting.objects.get()
    assert f'name="version" value="{weekly.version}"' in page.text
    assert (meeting.template, later.is_current) == (weekly, True)
    item = meeting.items.get(order=2)
    assert (item.title_zh, item.metric_codes[0]) == ("广告", "ad_spend")


def test_version_of_a_series_without_meetings_yet_is_used_too(weekly):
    weekly.series.create(
        title="Weekly",
        host=(user := host()),
        created_by=user,
        rule=weekly.usual_rule,
        starts_on="2026-12-01",
        starts_at="10:00",
    )

    assert templates.is_used(template=weekly)


def test_steps_store_nothing_and_keep_what_was_typed(client, planner, weekly):
    url = f"{URL}{CODE}/edit/"
    data = {**form_of(client.get(url)), "name_en": "Half typed"}

    added = client.post(url, {**data, "do": "add"})
    broken = client.post(url, {**form_of(added), "do": "break"})
    moved = client.post(url, {**form_of(broken), "do": "up-1"})
    removed = client.post(url, {**form_of(moved), "do": "remove-0"})
    documents = client.post(url, {**form_of(removed), "do": "document-0"})

    assert len(added.context["forms"].items) == 7
    assert broken.context["forms"].items[7]["kind"].value() == "break"
    assert moved.context["forms"].items[0]["title_en"].value() == "Advertising"
    assert removed.context["forms"].items[0]["title_en"].value() == "The question to the boss"
    assert len(documents.context["forms"].items[0].documents) == 2
    assert 'value="Half typed"' in documents.text
    assert TypePlan.of(weekly).modules[0].title_en == "The question to the boss"


def test_agenda_is_fitted_in_the_form(client, planner):
    factories.template("business-review")
    url = f"{URL}business-review/edit/"

    fitted = client.post(url, {**form_of(client.get(url)), "do": "fit"})

    assert "240 min, fits exactly" in fitted.text


def test_documents_are_added_and_left_out(client, planner, weekly):
    url = f"{URL}{CODE}/edit/"
    finance = weekly.modules.get(order=5).department
    data = form_of(client.get(url))
    data |= {
        "items-0-docs-count": 2,
        "items-0-docs-0-department": finance.pk,
        "items-0-docs-0-name_zh": "周报表",
        "items-0-docs-1-department": finance.pk,
    }

    client.post(url, {**data, "do": "save"})

    (document,) = weekly.modules.get(order=1).documents.all()
    assert (document.name_en, document.name_zh, document.department) == ("周报表", "周报表", finance)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name_en": "", "name_zh": ""}, "Give the type a name."),
        ({"items-0-title_en": "", "items-0-title_zh": ""}, "Give the module a title."),
        ({"items-0-report": 0, "items-0-discussion": 0}, "Give the module some minutes, or remove it."),
        ({"items-0-report": "a"}, "Write whole minutes, for example 15."),
        ({"planned_minutes": 2}, "A meeting lasts from 5 minutes to 24 hours."),
        ({"preread_open_days": 0}, "Pre-reads open before they are due"),
        ({"correction_hours": 100}, "Corrections end after the pre-reads are due"),
        ({"items-count": 0}, "The agenda is empty. Add at least one module."),
        ({"items-0-docs-count": 1, "items-0-docs-0-name_en": "List"}, "Say which department hands in"),
    ],
)
def test_bad_input_is_said_and_nothing_is_stored(client, planner, weekly, typed, sentence):
    url = f"{URL}{CODE}/edit/"
    before = TypePlan.of(weekly)
    data = {**form_of(client.get(url)), "purpose_en": "Typed and kept", **typed, "do": "save"}

    page = client.post(url, data)

    assert page.status_code == 200
    assert sentence in page.text
    assert "Typed and kept" in page.text
    weekly.refresh_from_db()
    assert TypePlan.of(weekly) == before


def test_stale_form_is_refused_with_what_was_typed_and_what_differs(client, planner, weekly):
    url = f"{URL}{CODE}/edit/"
    data = form_of(client.get(url))
    client.post(url, {**data, "planned_minutes": 50, "do": "save"})

    page = client.post(url, {**data, "purpose_en": "Typed by the slower one", "do": "save"})

    assert page.status_code == 409
    assert "Somebody else has changed this type of meeting" in page.text
    assert "Typed by the slower one" in page.text
    (change,) = page.context["differences"]
    assert {label for label, _before, _after in change.lines} == {
        "planned length, minutes",
        "purpose, English",
    }
    weekly.refresh_from_db()
    assert (weekly.planned_minutes, weekly.purpose_en == "Typed by the slower one") == (50, False)

    saved = client.post(
        url,
        {
            **data,
            "purpose_en": "Typed by the slower one",
            "theirs": page.context["theirs"],
            "do": "overwrite",
        },
    )

    weekly.refresh_from_db()
    assert saved.status_code == 302
    assert (weekly.planned_minutes, weekly.purpose_en) == (60, "Typed by the slower one")


def test_version_that_is_not_offered_cannot_be_saved(weekly):
    user = host()
    plan = TypePlan.of(weekly)
    templates.next_version(template=weekly, by=user)

    with pytest.raises(Conflict):
        templates.save(template=weekly, plan=plan, digest=plan.digest, by=user)


# --- versions -----------------------------------------------------------------------------------------------
def test_page_tells_who_changed_what_in_each_version(client, planner, weekly):
    meeting = used(weekly)
    data = form_of(client.get(f"{URL}{CODE}/edit/"))
    data |= {
        "items-1-title_en": "Ads",
        "items-1-is_confidential": "on",
        "items-3-order": 1,
        "items-1-order": 3,
    }
    client.post(f"{URL}{CODE}/edit/", {**data, "do": "save"})

    page = client.get(f"{URL}{CODE}/")

    second, first = page.context["versions"]
    assert (second.template.version, second.entry.actor, second.meetings) == (2, planner, 0)
    assert (first.entry, first.meetings) == (None, 1)
    assert {change.what for change in second.changes} == {"changed", "order"}
    assert ("confidential", "no", "yes") in next(
        change.lines for change in second.changes if change.title == "Ads"
    )
    assert meeting.title in page.text
    old = client.get(f"{URL}{CODE}/versions/1/")
    assert "Advertising" in old.text
    assert "kept for the meetings that came from it" in old.text
    assert client.get(f"{URL}{CODE}/versions/9/").status_code == 404


def test_added_and_removed_modules_are_named(weekly):
    before = TypePlan.of(weekly)
    new = [module for module in before.modules if module.title_en != "Advertising"]
    after = TypePlan(
        columns=before.columns, modules=(*new, TypePlan.of(factories.template("kr-reset")).modules[0])
    )

    changes = queries.Words.load().changes(before, after)

    assert [(change.what, change.title) for change in changes] == [
        ("added", "The quarter against the company's goals"),
        ("removed", "Advertising"),
    ]


# --- copies, retiring -----------------------------------------------------------------------------------------
def test_copy_is_a_type_of_its_own(client, planner, weekly):
    answer = client.post(
        f"{URL}{CODE}/copy/", {"code": "Sales-Weekly", "name_en": "Sales weekly", "name_zh": "销售周会"}
    )

    made = Template.objects.get(code="sales-weekly")
    assert answer.url == f"{URL}sales-weekly/edit/"
    assert (made.version, made.is_current, made.name_zh) == (1, True, "销售周会")
    assert [module.title_en for module in TypePlan.of(made).modules] == [
        module.title_en for module in TypePlan.of(weekly).modules
    ]
    made.modules.all().delete()
    assert weekly.modules.count() == 6


def test_copy_needs_a_code_of_its_own(client, planner, weekly):
    page = client.post(f"{URL}{CODE}/copy/", {"code": CODE, "name_en": "Mine", "name_zh": "我的"})

    assert page.status_code == 200
    assert "A type of meeting with this code exists already" in page.text
    assert 'value="Mine"' in page.text


def test_retired_type_is_not_offered_until_it_is_brought_back(client, planner, weekly):
    meeting = used(weekly)

    client.post(f"{URL}{CODE}/retire/")

    assert client.get(f"/meetings/new/?template={CODE}").status_code == 404
    assert client.get(f"{URL}{CODE}/edit/").status_code == 404
    assert client.get(meeting.get_absolute_url()).status_code == 200
    assert [row.template.code for row in client.get(URL).context["retired"]] == [CODE]
    assert "Retired" in client.get(f"{URL}{CODE}/").text

    client.post(f"{URL}{CODE}/bring-back/")

    assert client.get(f"/meetings/new/?template={CODE}").status_code == 200
    assert [entry.verb for entry in history.of(weekly)] == [
        "meetings.template_brought_back",
        "meetings.template_retired",
    ]


def test_retiring_twice_is_refused(weekly):
    templates.retire(template=weekly, by=executive())

    with pytest.raises(NotAllowed):
        templates.retire(template=weekly, by=executive())
    templates.bring_back(code=CODE, by=executive())
    with pytest.raises(NotAllowed):
        templates.bring_back(code=CODE, by=executive())
