"""Every page and every step: works, outsider, may not, wrong method, not signed in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Action, Criterion, Evidence
from meetings.models import Participant
from tests.actions.factories import ActionFactory, draft, meeting
from tests.factories import DepartmentFactory, UserFactory, data_owner, host, lead, member

Status = Action.Status
pytestmark = pytest.mark.django_db


@pytest.fixture
def soon():
    return timezone.now() + timedelta(days=7)


@pytest.fixture
def action(soon):
    """Owned by a member of sales whose lead accepts it."""
    owner, boss = member("sales", name="Han Mei"), lead("sales", name="Li Lei")
    return ActionFactory(
        owner=owner,
        acceptor=boss,
        created_by=boss,
        department=DepartmentFactory(code="sales"),
        due_at=soon,
        published_at=timezone.now(),
    )


def url(action: Action, verb: str = "") -> str:
    return reverse("actions:act", args=[action.pk, verb]) if verb else action.get_absolute_url()


def post(client, action, verb, **fields):
    return client.post(url(action, verb), fields)


# --- the list ------------------------------------------------------------------------------------------------
def titles(response) -> list[str]:
    return [row.record.title for row in response.context["table"].page.object_list]


def test_list_shows_what_one_may_see_late_first(client, action, soon):
    late = ActionFactory(owner=action.owner, due_at=timezone.now() - timedelta(days=2))
    ActionFactory(title="Another department's secret", department=DepartmentFactory(code="finance"))
    draft(created_by=action.acceptor)
    client.force_login(action.owner)

    response = client.get(reverse("actions:list"))

    assert titles(response) == [late.title, action.title]
    assert "<b>1 late</b>" in response.text
    assert "1 due within 7 days" in response.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("mine=on", ["mine"]),
        ("overdue=on", ["late"]),
        ("status=submitted", ["to accept"]),
        ("accept=on", ["to accept"]),
        ("status=finished", ["accepted"]),
        ("status=draft", ["draft"]),
        ("q=LATE", ["late"]),
        ("q=nothing+like+it", []),
        ("status=rubbish&department=x&meeting=y", ["late", "mine", "to accept"]),
        ("sort=-due_at", ["to accept", "mine", "late"]),
        ("sort=nonsense", ["late", "mine", "to accept"]),
        ("page=99", ["late", "mine", "to accept"]),
    ],
)
def test_filters(client, query, shown):
    now = timezone.now()
    viewer = host()
    ActionFactory(title="late", due_at=now - timedelta(days=1))
    ActionFactory(title="mine", owner=viewer, due_at=now + timedelta(days=2))
    ActionFactory(
        title="to accept", acceptor=viewer, status=Status.SUBMITTED, done_at=now, due_at=now + timedelta(9)
    )
    accepted = ActionFactory(title="accepted", due_at=now)
    Action.objects.filter(pk=accepted.pk).update(
        status=Status.ACCEPTED, done_at=now, accepted_at=now, accepted_by=accepted.acceptor
    )
    draft(title="draft")
    client.force_login(viewer)

    assert titles(client.get(f"{reverse('actions:list')}?{query}")) == shown


def test_list_by_meeting_department_and_reference(client, soon):
    viewer = host()
    review = meeting(viewer)
    wanted = ActionFactory(meeting=review, department=DepartmentFactory(code="finance"), due_at=soon)
    ActionFactory(due_at=soon)
    client.force_login(viewer)
    address = reverse("actions:list")

    for query in (f"meeting={review.pk}", f"department={wanted.department_id}", f"q={wanted.reference}"):
        assert titles(client.get(f"{address}?{query}")) == [wanted.title]


def test_filter_form_gets_the_table_alone(client, action):
    client.force_login(action.owner)

    response = client.get(reverse("actions:list"), headers={"HX-Request": "true"})

    assert "<html" not in response.text
    assert action.title in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_list_needs_as_many_queries_for_three_as_for_one(client, soon):
    viewer = host()
    client.force_login(viewer)
    review = meeting(viewer)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse("actions:list"))
        return len(captured)

    ActionFactory(meeting=review, due_at=soon)
    one = queries()
    ActionFactory.create_batch(2, meeting=review, due_at=soon)
    assert (queries(), one <= 7) == (one, True)


def test_empty_list_says_what_belongs_there(client):
    client.force_login(member())

    assert "No open actions" in client.get(reverse("actions:list")).text
    assert "No action fits this filter" in client.get(reverse("actions:list") + "?mine=on").text


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_export_holds_no_formula(client, title, soon):
    viewer = host()
    ActionFactory(title=title, due_at=soon, owner=UserFactory(name="=cmd"))
    client.force_login(viewer)

    response = client.get(reverse("actions:export"))
    text = b"".join(response.streaming_content).decode()

    assert text.startswith("\ufeff")
    assert f"'{title}" in text
    assert ",'=cmd," in text
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_export_is_filtered_and_leaks_nothing(client, action, soon):
    ActionFactory(title="SECRET", department=DepartmentFactory(code="finance"), due_at=soon)
    client.force_login(action.owner)

    rows = (
        b"".join(client.get(reverse("actions:export") + "?mine=on").streaming_content).decode().splitlines()
    )

    assert len(rows) == 2
    assert action.title in rows[1]


# --- one action ------------------------------------------------------------------------------------------------
def test_page_names_the_next_step_for_whoever_looks(client, action):
    client.force_login(action.owner)
    response = client.get(url(action))
    assert response.context["next_step"] == "start"
    assert "accept" not in response.context["steps"]

    services.mark_criterion(criterion=action.criteria.get(), is_met=True, by=action.owner, now=timezone.now())
    assert client.get(url(action)).context["next_step"] == "submit"

    services.submit(action=action, by=action.owner, now=timezone.now())
    assert client.get(url(action)).context["next_step"] == ""
    client.force_login(action.acceptor)
    assert client.get(url(action)).context["next_step"] == "accept"


@pytest.mark.parametrize("rows", [1, 3])
def test_page_needs_as_many_queries_for_three_as_for_one(client, action, rows, soon):
    client.force_login(action.owner)
    for number in range(rows):
        criterion = Criterion.objects.create(action=action, text=f"criterion {number}", position=number + 1)
        services.add_evidence(
            action=action, criterion=criterion, text="x", by=action.owner, now=timezone.now()
        )
        services.report(action=action, text="x", by=action.owner, now=timezone.now())
        services.add_milestone(
            action=action,
            title=f"m{number}",
            due_at=soon - timedelta(days=1),
            by=action.owner,
            now=timezone.now(),
        )
    client.get(url(action))

    with CaptureQueriesContext(connection) as captured:
        client.get(url(action))

    assert len(captured) <= 24, [query["sql"][:120] for query in captured]
    test_page_needs_as_many_queries_for_three_as_for_one.__dict__.setdefault("seen", set()).add(len(captured))
    assert len(test_page_needs_as_many_queries_for_three_as_for_one.__dict__["seen"]) == 1


PEOPLE = ("owner", "acceptor", "colleague", "lead_of_another", "data_owner", "host")


def somebody(kind: str, action: Action):
    return {
        "owner": lambda: action.owner,
        "acceptor": lambda: action.acceptor,
        "colleague": lambda: member("sales"),
        "lead_of_another": lambda: lead("finance"),
        "data_owner": data_owner,
        "host": host,
    }[kind]()


# Who gets further than 403: with too little in the form that is 422, else a redirect.
MAY = {
    "start": {"owner"},
    "report": {"owner"},
    "evidence": {"owner"},
    "criterion": {"owner"},
    "submit": {"owner"},
    "take-back": {"owner"},
    "block": {"owner"},
    "lift": {"owner", "acceptor", "host"},
    "milestone": {"owner", "acceptor", "host"},
    "reach": {"owner", "acceptor", "host"},
    "accept": {"acceptor"},
    "return": {"acceptor"},
    "cancel": {"acceptor", "host"},
    "deadline": {"owner", "acceptor", "host"},
    "owner": {"acceptor", "host"},
    "acceptor": {"acceptor", "host"},
    "publish": {"acceptor", "host"},
    "discard": {"acceptor", "host"},
    "remark": {"owner", "acceptor", "colleague", "data_owner", "host"},
}


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("verb", sorted(MAY))
def test_who_may_do_what(client, action, kind, verb):
    client.force_login(somebody(kind, action))

    answer = post(client, action, verb).status_code

    if kind == "lead_of_another":
        assert answer == 404
    elif kind in MAY[verb]:
        assert answer in (302, 422)
    else:
        assert answer == 403


@pytest.mark.parametrize("verb", sorted(MAY))
def test_steps_are_posts_and_behind_the_login(client, action, verb):
    assert client.post(url(action, verb)).status_code == 302
    assert "login" in client.post(url(action, verb)).headers["Location"]
    client.force_login(action.owner)
    assert client.get(url(action, verb)).status_code == 405


def test_unknown_step(client, action):
    client.force_login(action.owner)
    assert post(client, action, "explode").status_code == 404


@pytest.mark.parametrize("name", ["list", "export", "new", "detail", "edit", "for_meeting"])
def test_pages_are_behind_the_login_and_read_only(client, action, name):
    args = {"detail": [action.pk], "edit": [action.pk], "for_meeting": [1]}.get(name, [])
    address = reverse(f"actions:{name}", args=args)

    assert "login" in client.get(address).headers["Location"]
    client.force_login(action.acceptor)
    assert client.delete(address).status_code == 405


def test_stranger_sees_nothing(client, action):
    client.force_login(member("finance"))

    assert client.get(url(action)).status_code == 404
    assert client.get(reverse("actions:edit", args=[action.pk])).status_code == 404


def test_from_start_to_accepted_by_forms(client, action):
    client.force_login(action.owner)
    post(client, action, "start")
    post(client, action, "report", text="Half way", percent="50")
    refused = post(client, action, "submit")
    assert refused.status_code == 422
    assert "Show evidence for each criterion" in refused.text
    post(client, action, "evidence", criterion=action.criteria.get().pk, link="dashboards.example.com/acos")
    post(client, action, "submit", text="Done")
    client.force_login(action.acceptor)
    assert post(client, action, "return", text="").status_code == 422
    post(client, action, "return", text="Week 13 too, please")
    client.force_login(action.owner)
    post(client, action, "submit")
    client.force_login(action.acceptor)
    post(client, action, "accept")

    action.refresh_from_db()
    assert (action.status, action.accepted_by) == (Status.ACCEPTED, action.acceptor)
    assert Evidence.objects.get().link == "https://dashboards.example.com/acos"
    again = post(client, action, "accept")
    assert again.status_code == 422
    assert "the action is now “accepted”" in again.text


def test_lead_accepts_when_the_acceptor_left(client, action):
    action.acceptor.is_active = False
    action.acceptor.save(update_fields=["is_active"])
    services.mark_criterion(criterion=action.criteria.get(), is_met=True, by=action.owner, now=timezone.now())
    services.submit(action=action, by=action.owner, now=timezone.now())
    other_lead = lead("sales")
    client.force_login(other_lead)

    assert client.get(url(action)).context["next_step"] == "accept"
    assert post(client, action, "accept").status_code == 302
    assert Action.objects.get(pk=action.pk).accepted_by == other_lead


# --- evidence files ----------------------------------------------------------------------------------------------
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(client, action, name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return post(client, action, "evidence", file=SimpleUploadedFile(name, content))


def test_file_is_kept_under_another_name_and_comes_back(client, action, media):
    client.force_login(action.owner)

    upload(client, action, "截图 1.png", PNG)

    evidence = Evidence.objects.get()
    assert evidence.file_name == "截图 1.png"
    assert "截图" not in evidence.file.name
    response = client.get(reverse("actions:evidence", args=[action.pk, evidence.pk]))
    assert b"".join(response.streaming_content) == PNG
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "image/png"
    client.force_login(member("finance"))
    assert client.get(reverse("actions:evidence", args=[action.pk, evidence.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ"),
        ("page.html", b"<script>"),
        ("empty.png", b""),
        ("not.png", b"GIF89a"),
        ("x.svg", b"<svg/>"),
    ],
)
def test_wrong_files_are_refused_in_words(client, action, media, name, content):
    client.force_login(action.owner)

    response = upload(client, action, name, content)

    assert response.status_code == 422
    assert Evidence.objects.count() == 0
    assert not list(media.rglob("*.*"))


def test_file_of_another_action_is_not_reached_through_ones_own(client, action, media, soon):
    client.force_login(action.owner)
    theirs = ActionFactory(department=DepartmentFactory(code="finance"), due_at=soon)
    evidence = services.add_evidence(action=theirs, text="secret", by=theirs.owner, now=timezone.now())

    assert client.get(reverse("actions:evidence", args=[action.pk, evidence.pk])).status_code == 404


# --- new and changed -----------------------------------------------------------------------------------------------
def told(worker, **changed):
    due = timezone.localtime() + timedelta(days=10)
    return {
        "title": "Lower the ACoS of the air fryer in Germany to 25 %",
        "owner": worker.pk,
        "criteria": "ACoS ≤ 25 % in week 12\nReport sent to finance",
        "due_date": due.date().isoformat(),
        "time_zone": "Asia/Shanghai",
    } | changed


def test_new_action_is_published_with_proposed_acceptor(client):
    boss, worker = lead("sales"), member("sales")
    client.force_login(boss)

    response = client.post(reverse("actions:new"), told(worker))

    made = Action.objects.get()
    assert response.headers["Location"] == made.get_absolute_url()
    assert (made.owner, made.acceptor, made.department.code, made.is_draft) == (worker, boss, "sales", False)
    assert list(made.criteria.order_by("position").values_list("text", flat=True)) == [
        "ACoS ≤ 25 % in week 12",
        "Report sent to finance",
    ]
    assert made.due_at.astimezone(made.zone).hour == 18


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "优化广告"}, "This does not say what it is about"),
        ({"title": ""}, "Say what is to be done."),
        ({"title": "x" * 301}, "At most 300 signs fit here, these are 301"),
        ({"owner": ""}, "Name the one person who will do it."),
        ({"due_date": ""}, "Say until when"),
        ({"due_date": "2020-01-01"}, "This deadline has already passed"),
        ({"due_date": "31.31.2026"}, "Enter a valid date"),
        ({"criteria": ""}, "at least one acceptance criterion"),
        ({"criteria": "better"}, "“better” cannot be checked"),
        ({"criteria": "x" * 501}, "A criterion has at most 500 signs"),
    ],
)
def test_bad_input_is_refused_in_words_and_kept(client, changed, words):
    boss, worker = lead("sales"), member("sales")
    client.force_login(boss)

    response = client.post(reverse("actions:new"), told(worker, **changed))

    assert response.status_code == 422
    assert words in response.text
    assert Action.objects.count() == 0
    kept = changed.get("title") or "Report sent to finance"
    if "criteria" in changed:
        kept = told(worker)["title"]
    assert kept in response.text


def test_owner_who_left_is_refused_in_words(client):
    boss = lead("sales")
    client.force_login(boss)

    response = client.post(reverse("actions:new"), told(member("sales", is_active=False)))

    assert response.status_code == 422
    assert "only people who work here now" in response.text


@pytest.mark.parametrize(
    "title", ["🚀" * 20 + " launch B0C1234567", "تحسين إعلانات المتجر الألماني", "把德国站 ACoS 降到 25%"]
)
def test_any_script_and_emoji(client, title):
    boss, worker = lead("sales"), member("sales")
    client.force_login(boss)

    client.post(reverse("actions:new"), told(worker, title=title))

    assert title in client.get(Action.objects.get().get_absolute_url()).text


def test_title_of_300_signs_fits(client):
    boss, worker = lead("sales"), member("sales")
    client.force_login(boss)

    client.post(reverse("actions:new"), told(worker, title="字" * 300))

    assert "字" * 300 in client.get(reverse("actions:list")).text


def test_markup_is_text(client, action):
    client.force_login(action.owner)
    post(client, action, "remark", text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(url(action)).text


def test_member_gives_work_to_nobody_else(client):
    worker, other = member("sales"), member("sales")
    client.force_login(worker)

    response = client.post(reverse("actions:new"), told(other))

    assert response.status_code == 422
    assert "You can give work to yourself" in response.text
    assert Action.objects.count() == 0


def test_wording_passes_with_a_reason_of_the_host_only(client):
    worker = member("sales")
    vague = {"title": "优化广告", "vague_reason": "The plan B0C is attached"}
    client.force_login(lead("sales"))
    assert client.post(reverse("actions:new"), told(worker, **vague)).status_code == 422
    client.force_login(host())

    offered = client.post(reverse("actions:new"), told(worker, title="优化广告"))
    assert "Let it pass as it is, because" in offered.text
    client.post(reverse("actions:new"), told(worker, **vague))

    made = Action.objects.get()
    assert (made.is_draft, made.vague_reason) == (False, "The plan B0C is attached")


def test_draft_may_be_incomplete_and_is_completed_later(client):
    boss, worker = lead("sales"), member("sales")
    client.force_login(boss)
    client.post(
        reverse("actions:new"), {"title": "优化广告", "intent": "draft", "time_zone": "Asia/Shanghai"}
    )
    made = Action.objects.get()
    page = client.get(made.get_absolute_url())
    assert page.context["next_step"] == "publish"
    assert "Name the one person who will do it." in page.text

    fields = told(
        worker, intent="publish", version=made.version, acceptor=boss.pk, department=made_department(worker)
    )
    response = client.post(reverse("actions:edit", args=[made.pk]), fields)

    made.refresh_from_db()
    assert (response.status_code, made.is_draft, made.version) == (302, False, 2)


def made_department(user) -> int:
    return user.departments[0].pk


def test_stale_edit_is_refused_and_kept(client, action):
    client.force_login(action.acceptor)
    address = reverse("actions:edit", args=[action.pk])
    first = {"title": "Lower ACoS of A to 25 %", "criteria": "ACoS ≤ 25 %", "version": action.version}
    assert client.post(address, first).status_code == 302

    second = client.post(address, first | {"title": "Lower ACoS of B to 20 %"})

    assert second.status_code == 422
    assert "Somebody else has changed this action" in second.text
    assert "Lower ACoS of B to 20 %" in second.text
    assert Action.objects.get(pk=action.pk).title == "Lower ACoS of A to 25 %"


def test_terms_stand_while_it_waits_to_be_accepted(client, action):
    services.mark_criterion(criterion=action.criteria.get(), is_met=True, by=action.owner, now=timezone.now())
    services.submit(action=action, by=action.owner, now=timezone.now())
    client.force_login(action.acceptor)
    fields = {"title": "Lower ACoS of A to 5 %", "criteria": "ACoS ≤ 5 %", "version": action.version}

    response = client.post(reverse("actions:edit", args=[action.pk]), fields)

    assert response.status_code == 422
    assert "its terms stand" in response.text
    assert [one.text for one in action.criteria.all()] == ["ACoS ≤ 25 % in week 12"]


def test_published_action_does_not_become_vague(client, action):
    client.force_login(action.acceptor)

    response = client.post(
        reverse("actions:edit", args=[action.pk]),
        {"title": "优化广告", "criteria": "ACoS ≤ 25 %", "version": action.version},
    )

    assert response.status_code == 422
    assert Action.objects.get(pk=action.pk).title == action.title


def test_colleague_may_read_but_not_edit(client, action):
    client.force_login(member("sales"))

    assert client.get(url(action)).status_code == 200
    assert client.get(reverse("actions:edit", args=[action.pk])).status_code == 403


def test_participants_see_what_their_meeting_decided(client, soon):
    guest, stranger = UserFactory(), UserFactory()
    review = meeting(guest)
    promised = draft(meeting=review, due_at=soon, department=DepartmentFactory(code="finance"))

    client.force_login(guest)
    assert client.get(url(promised)).status_code == 200
    client.force_login(stranger)
    assert client.get(url(promised)).status_code == 404


def test_recorder_completes_a_draft_but_no_promise(client, soon):
    recorder = UserFactory()
    review = meeting(roles={recorder: Participant.Role.RECORDER})
    client.force_login(recorder)

    assert client.get(reverse("actions:edit", args=[draft(meeting=review).pk])).status_code == 200
    promised = ActionFactory(meeting=review, due_at=soon)
    assert client.get(reverse("actions:edit", args=[promised.pk])).status_code == 403
