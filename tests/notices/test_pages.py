from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notices import dispatcher, services
from notices.models import Notice
from people.models import User
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/notices/"


@pytest.fixture
def told(somebody, subject):
    """Notices that have gone out, newest last."""

    def tell(count=1, *, kind="test.quiet", recipient=somebody, subject=subject):
        now = timezone.now()
        made = [
            services.promise(
                recipient=recipient, subject=subject, kind=kind, due_at=now - timedelta(seconds=count - i)
            )
            for i in range(count)
        ]
        dispatcher.run()
        return made

    return tell


@pytest.fixture
def logged_in(client, somebody):
    client.force_login(somebody)
    return client


def text_of(response):
    return response.content.decode()


def test_an_empty_list_says_what_belongs_there(logged_in):
    response = logged_in.get(LIST)
    assert response.status_code == 200
    assert "No notices yet" in text_of(response)


def test_unread_first_by_day(logged_in, told, somebody):
    first, second = told(2)
    services.mark_read(by=somebody, notice=second)
    Notice.objects.filter(pk=first.pk).update(shown_at=timezone.now() - timedelta(days=2))
    sections = logged_in.get(LIST).context["sections"]
    assert [(section.is_unread, [e.notice.pk for e in section.entries]) for section in sections] == [
        (True, [first.pk]),
        (False, [second.pk]),
    ]


def test_the_day_is_the_readers(logged_in, told, somebody):
    told()
    moment = timezone.now().replace(hour=20, minute=0)  # already tomorrow in Shanghai
    Notice.objects.update(shown_at=moment)
    (section,) = logged_in.get(LIST).context["sections"]
    assert section.day == (moment + timedelta(days=1)).date()
    User.objects.update(time_zone="America/New_York")
    (section,) = logged_in.get(LIST).context["sections"]
    assert section.day == moment.date()


def test_others_notices_are_not_there(client, told):
    (notice,) = told()
    for outsider in (UserFactory(), UserFactory(roles=[User.Role.ADMIN], is_staff=True, is_superuser=True)):
        client.force_login(outsider)
        assert "No notices yet" in text_of(client.get(LIST))
        assert client.get(reverse("notices:open", args=[notice.pk])).status_code == 404
        assert client.post(reverse("notices:mark_read", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_notice_that_is_not_out_yet_is_not_there(logged_in, somebody, subject, future):
    notice = services.promise(recipient=somebody, subject=subject, kind="test.quiet", due_at=future)
    assert "No notices yet" in text_of(logged_in.get(LIST))
    assert logged_in.get(reverse("notices:open", args=[notice.pk])).status_code == 404


def test_mark_one_and_all_as_read(logged_in, told):
    one, *_others = told(3)
    assert logged_in.post(reverse("notices:mark_read", args=[one.pk])).url == LIST
    assert logged_in.post(reverse("notices:mark_read", args=[one.pk]) + "?page=2").url == LIST + "?page=2"
    assert Notice.objects.filter(read_at__isnull=True).count() == 2
    logged_in.post(reverse("notices:mark_all_read"))
    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_marking_leaves_others_alone(logged_in, told):
    told(recipient=UserFactory())
    logged_in.post(reverse("notices:mark_all_read"))
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize(
    ("name", "method"),
    [("list", "post"), ("bell", "post"), ("open", "post"), ("mark_read", "get"), ("mark_all_read", "get")],
)
def test_wrong_methods(logged_in, told, name, method):
    (notice,) = told()
    args = [notice.pk] if name in ("open", "mark_read") else []
    assert getattr(logged_in, method)(reverse(f"notices:{name}", args=args)).status_code == 405


def test_anonymous_people_are_sent_to_the_login(client):
    for path in (LIST, "/notices/bell/", "/notices/1/open/"):
        assert client.get(path).url.startswith("/accounts/login/")


def test_open_marks_as_read_and_goes_there(logged_in, told):
    (notice,) = told(kind="test.plain")
    response = logged_in.get(reverse("notices:open", args=[notice.pk]))
    assert response.url == f"/departments/{notice.subject_id}/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_open_leads_nowhere_else(logged_in, told, monkeypatch):
    from notices import entries

    (notice,) = told()
    monkeypatch.setattr(entries, "target", lambda notice: "//evil.example/")
    assert logged_in.get(reverse("notices:open", args=[notice.pk])).url == LIST


def test_open_when_the_record_is_gone(logged_in, told):
    doomed = DepartmentFactory(code="doomed")
    (notice,) = told(kind="test.plain", subject=doomed)
    doomed.delete()
    response = logged_in.get(reverse("notices:open", args=[notice.pk]), follow=True)
    assert "not there any more" in text_of(response)


def test_withdrawn_after_it_was_shown(logged_in, told, subject):
    told()
    Notice.objects.update(state="pending")  # as when its mail is tried again
    services.withdraw(subject=subject)
    response = logged_in.get(LIST)
    assert "no longer applies" in text_of(response)
    assert response.context["unread_count"] == 0


def test_doubt_and_refusal_are_shown(logged_in, told):
    first, second = told(2)
    Notice.objects.filter(pk=first.pk).update(state="uncertain")
    Notice.objects.filter(pk=second.pk).update(state="bounced")
    text = text_of(logged_in.get(LIST))
    assert "the mail may be missing" in text
    assert "the mail was refused" in text


@pytest.mark.logs_errors("cannot be worded")
def test_a_kind_that_fails_does_not_take_the_list_down(logged_in, told):
    told(2)
    Notice.objects.filter(pk=Notice.objects.first().pk).update(kind="test.broken")
    Notice.objects.filter(pk=Notice.objects.last().pk).update(kind="gone.app")
    text = text_of(logged_in.get(LIST))
    assert "A notice of an earlier version" in text


def test_the_bell(logged_in, told):
    assert text_of(logged_in.get("/notices/bell/")).strip() == ""
    told(2)
    assert ">2<" in text_of(logged_in.get("/notices/bell/"))
    Notice.objects.all().delete()
    told(1)
    Notice.objects.bulk_create(
        Notice(
            recipient=one.recipient, subject=one.recipient, kind="test.quiet", due_at=timezone.now() + timedelta(n),
            send_at=timezone.now(), state="sent", shown_at=timezone.now(),
        )
        for one in Notice.objects.all()
        for n in range(120)
    )  # fmt: skip
    assert "99+" in text_of(logged_in.get("/notices/bell/"))


def test_names_are_text_and_not_markup(logged_in, told):
    told(kind="test.plain", subject=DepartmentFactory(code="odd", name_en="<script>alert(1)</script>"))
    text = text_of(logged_in.get(LIST))
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text


def queries_for(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_pages_take_the_same_queries_for_one_and_many(logged_in, told, somebody):
    told(1)
    logged_in.get(LIST)
    one = queries_for(logged_in, LIST)
    bell = queries_for(logged_in, "/notices/bell/")
    told(40)
    assert queries_for(logged_in, LIST) == one
    assert queries_for(logged_in, LIST + "?page=2") == one
    assert queries_for(logged_in, "/notices/bell/") == bell <= 3


def test_the_administration_shows_and_never_changes(client, told):
    (notice,) = told()
    admin = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(admin)
    assert client.get("/admin/notices/notice/?state__exact=sent").status_code == 200
    page = client.get(f"/admin/notices/notice/{notice.pk}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in text_of(page)
    assert client.get("/admin/notices/notice/add/").status_code == 403
    assert client.post(f"/admin/notices/notice/{notice.pk}/delete/", {"post": "yes"}).status_code == 403
