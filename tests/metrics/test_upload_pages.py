"""Is the data in? The pages on which reports are handed in, for those who may and those who may not."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from metrics import tasks
from metrics.intake.names import NAMES, TAKEN
from metrics.models import Upload
from metrics.services import uploads
from tests.factories import UserFactory, data_owner, executive, host, lead, member
from tests.metrics.intake.reports import OCTOBER, month, row, text

pytestmark = pytest.mark.django_db
LIST = "/metrics/uploads/"


@pytest.fixture(autouse=True)
def bells(monkeypatch):
    """The ids for which a worker was rung, in place of a broker."""
    rung: list[int] = []
    monkeypatch.setattr(
        tasks.import_upload, "apply_async", lambda kwargs, **_options: rung.append(kwargs["upload_id"])
    )
    return rung


def handed_in(content: str, name: str = "report.csv", by=None) -> Upload:
    """An upload that has been read to its end."""
    data = content.encode()
    upload = uploads.receive_upload(
        file=io.BytesIO(data), name=name, size=len(data), by=by, now=timezone.now()
    )
    if upload.state == Upload.State.QUEUED:
        uploads.import_upload(upload=upload, now=timezone.now(), clock=timezone.now)
        upload.refresh_from_db()
    return upload


def november(**changes) -> str:
    rows = month(**changes)
    return text(
        [
            one | {"date/time": one["date/time"].replace("Oct 31", "Oct 30").replace("Oct", "Nov")}
            for one in rows
        ]
    )


def files(*contents: str) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(f"十月 {number}.csv", content.encode()) for number, content in enumerate(contents)
    ]


def test_several_files_at_once(client, bells, django_capture_on_commit_callbacks):
    client.force_login(data_owner())

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(LIST, {"files": files(text(month()), november())}, follow=True)

    queued = Upload.objects.order_by("pk")
    assert response.redirect_chain == [(LIST, 302)]
    assert [(upload.original_name, upload.state) for upload in queued] == [
        ("十月 0.csv", "queued"),
        ("十月 1.csv", "queued"),
    ]
    assert bells == [upload.pk for upload in queued]
    assert "2 files are here." in response.text


def test_one_file_leads_to_its_page(client):
    client.force_login(host())

    response = client.post(LIST, {"files": files(text(month()))})

    assert response.url == Upload.objects.get().get_absolute_url()


def test_what_is_said_by_hand_goes_along(client):
    handed_in(text(month()))
    client.force_login(data_owner())

    client.post(LIST, {"files": files(november()), "kind": TAKEN[0], "shop": "us-main", "period": "2025-11"})

    assert Upload.objects.latest("pk").stated == {"kind": TAKEN[0], "shop": "us-main", "period": "2025-11"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose at least one file."),
        ({"period": "soon"}, "“soon” is no period."),
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_what_was_typed(client, data, sentence):
    client.force_login(data_owner())

    response = client.post(LIST, data)

    assert response.status_code == 422
    assert sentence in response.text
    assert data.get("period", "") in response.text
    assert not Upload.objects.exists()


def test_an_empty_file_and_one_that_is_too_large_are_told_by_name(client, settings):
    settings.MAX_REPORT_BYTES = 100
    client.force_login(data_owner())

    client.post(
        LIST, {"files": [SimpleUploadedFile("empty.csv", b""), SimpleUploadedFile("big.csv", b"x" * 101)]}
    )

    told = Upload.objects.order_by("pk").values_list("original_name", "state", "problems__code")
    assert list(told) == [("empty.csv", "rejected", "file_empty"), ("big.csv", "rejected", "file_too_large")]


@pytest.mark.parametrize(
    "person", [data_owner, host, lambda: lead("finance"), lambda: UserFactory(roles=["admin"])]
)
def test_who_may_hand_in(client, person):
    client.force_login(person())

    assert client.post(LIST, {"files": files(text(month()))}).status_code == 302
    assert 'type="file"' in client.get(LIST).text


@pytest.mark.parametrize("person", [executive, member, UserFactory])
def test_who_may_only_look(client, person):
    upload = handed_in(text(month()))
    client.force_login(person())

    page = client.get(LIST)
    assert page.status_code == 200
    assert 'type="file"' not in page.text
    assert client.get(upload.get_absolute_url()).status_code == 200
    assert client.post(LIST, {"files": files(november())}).status_code == 403
    for name in ("upload_reactivate", "upload_withdraw", "upload_retry"):
        assert client.post(reverse(f"metrics:{name}", args=[upload.pk])).status_code == 403
    assert client.get(reverse("metrics:upload_download", args=[upload.pk])).status_code == 403


def test_strangers_must_log_in(client):
    upload = handed_in(text(month()))

    for url in (LIST, upload.get_absolute_url(), reverse("metrics:upload_download", args=[upload.pk])):
        assert client.get(url).status_code == 302
    assert client.post(LIST, {}).url.startswith("/accounts/login/")


def test_wrong_methods_and_unknown_uploads(client):
    upload = handed_in(text(month()))
    client.force_login(data_owner())

    for name in ("upload_reactivate", "upload_withdraw", "upload_retry"):
        assert client.get(reverse(f"metrics:{name}", args=[upload.pk])).status_code == 405
    assert client.post(upload.get_absolute_url()).status_code == 405
    assert client.put(LIST).status_code == 405
    for name in ("upload", "upload_progress", "upload_download"):
        assert client.get(reverse(f"metrics:{name}", args=[upload.pk + 1])).status_code == 404


def test_gaps_between_months_are_named(client):
    handed_in(text(month()))
    september = [
        one | {"date/time": one["date/time"].replace("Oct 31", "Aug 31").replace("Oct", "Aug")}
        for one in month()
    ]
    handed_in(text(september))
    client.force_login(executive())

    page = client.get(LIST).text

    assert "1 report is missing" in page
    assert "Amazon transaction report September 2025" in page
    assert 'data-month="2025-09" data-state="missing"' in page
    assert 'data-month="2025-10" data-state="in"' in page


def test_nothing_is_in_yet(client):
    client.force_login(data_owner())

    assert "Hand in the first report" in client.get(LIST).text


def test_the_number_of_queries_does_not_grow_with_the_files(client):
    client.force_login(data_owner())
    handed_in(text(month()))
    counts = []
    for more in (["Nov"], ["Sep", "Jul"]):
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
        for name in more:
            handed_in(
                text(
                    [
                        one | {"date/time": one["date/time"].replace("31", "30").replace("Oct", name)}
                        for one in month()
                    ]
                ),
                by=data_owner(),
            )

    assert counts[0] == counts[1]
    assert Upload.objects.count() == 4


def test_the_number_of_queries_does_not_grow_with_the_problems(client):
    client.force_login(data_owner())
    counts = []
    for number in (2, 4):
        upload = handed_in(text([row(total="x")] * number))
        client.get(upload.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(upload.get_absolute_url())
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_file_that_was_stored(client):
    upload = handed_in(OCTOBER.read_text(encoding="utf-8-sig"), "2025Oct.csv")
    client.force_login(member())

    page = client.get(upload.get_absolute_url()).text

    assert "the figures are in" in page
    assert "12,147.22" in page
    assert "1068 read = 1068 taken + 0 refused + 0 left out" in page
    assert "in line 8, 30 of 30 known, English" in page


def test_problems_are_folded_and_listed(client):
    upload = handed_in(text([row(total="x"), row(total="y"), row(total="z"), row(date="soon")]))
    client.force_login(data_owner())

    page = client.get(upload.get_absolute_url()).text

    assert "This file was not taken" in page
    assert "line 2 and 2 others" in page
    assert "Column “total”" in page
    assert "All 4 places" in page
    assert "Read it again" in page


def test_progress_ends_with_the_page_itself(client):
    upload = handed_in(text(month()))
    client.force_login(member())
    url = reverse("metrics:upload_progress", args=[upload.pk])

    done = client.get(url)
    Upload.objects.filter(pk=upload.pk).update(state="running", progress=40, step="reading")
    running = client.get(url)

    assert (done.status_code, done.headers["HX-Refresh"]) == (286, "true")
    assert running.status_code == 200
    assert "reading the rows" in running.text
    assert "<html" not in running.text


def test_the_list_polls_only_while_something_is_read(client):
    upload = handed_in(text(month()))
    client.force_login(member())

    assert client.get("/metrics/uploads/files/").status_code == 286
    assert "hx-trigger" not in client.get(LIST).text.partition('id="files"')[2].partition(">")[0]
    Upload.objects.filter(pk=upload.pk).update(state="running")
    assert client.get("/metrics/uploads/files/").status_code == 200
    assert "every 2s" in client.get(LIST).text


def test_the_file_itself_is_handed_out_untouched_and_never_shown(client):
    content = "﻿" + text(month())
    upload = handed_in(content, "../..\\“十月”\u202e.csv")
    client.force_login(lead("sales"))

    response = client.get(reverse("metrics:upload_download", args=[upload.pk]))

    assert b"".join(response.streaming_content) == content.encode()
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_an_older_file_is_made_valid_again(client):
    old, new = handed_in(text(month())), handed_in(text(month(product_sales="10", total="6.59")))
    client.force_login(data_owner())

    response = client.post(reverse("metrics:upload_reactivate", args=[old.pk]), follow=True)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("stored", "superseded")
    assert "The figures of this file count again." in response.text


def test_figures_are_made_invalid(client):
    upload = handed_in(text(month()))
    client.force_login(data_owner())

    client.post(reverse("metrics:upload_withdraw", args=[upload.pk]))
    again = client.post(reverse("metrics:upload_withdraw", args=[upload.pk]), follow=True)

    upload.refresh_from_db()
    assert upload.state == "superseded"
    assert "Only valid figures can be made invalid." in again.text


def test_a_refused_file_is_read_again_with_a_word(client, bells, django_capture_on_commit_callbacks):
    upload = handed_in(text([row(total="x")]))
    client.force_login(data_owner())
    url = reverse("metrics:upload_retry", args=[upload.pk])

    wrong = client.post(url, {"period": "soon"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"period": "2025-10"})

    upload.refresh_from_db()
    assert (wrong.status_code, "“soon” is no period" in wrong.text) == (422, True)
    assert (upload.state, upload.stated, bells) == ("queued", {"period": "2025-10"}, [upload.pk])


def test_names_are_escaped(client):
    handed_in("x", '"><script>alert(1)</script>.txt')
    client.force_login(member())

    assert "<script>alert" not in client.get(LIST).text


def test_pages_know_the_names_of_all_reports():
    from metrics.intake import kinds

    assert tuple(kind.code for kind in kinds.TAKEN) == TAKEN
    assert set(NAMES) == set(kinds.BY_CODE)
