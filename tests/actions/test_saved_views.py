"""Views of the list that people keep, their columns, and the one that opens first."""

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import SavedView
from tests.actions.factories import ActionFactory
from tests.factories import DepartmentFactory, host, member

pytestmark = pytest.mark.django_db

LIST = "/actions/"


def keep(client, **fields):
    return client.post(reverse("actions:view_new"), fields)


def test_a_view_keeps_filter_layout_order_and_columns(client, soon):
    viewer = host()
    ActionFactory(title="mine", owner=viewer, due_at=soon)
    ActionFactory(title="theirs", due_at=soon)
    client.force_login(viewer)
    query = "mine=on&sort=-title&group=owner"

    answer = keep(client, name="My things", query=query + "&page=3&view=9", columns="status,owner,nonsense")
    page = client.get(answer["Location"])

    view = SavedView.objects.get()
    assert (view.columns, view.layout, view.is_shared) == (["status", "owner"], "table", False)
    assert "page" not in view.query
    assert [column.name for column in page.context["table"].columns] == ["title", "status", "owner"]
    assert [row.record.title for row in page.context["table"].page.object_list] == ["mine"]
    assert page.context["showing"].view == view
    assert not page.context["showing"].is_changed
    assert "Keep the change" in client.get(f"{answer['Location']}&overdue=on").text


def test_a_changed_view_is_kept_anew(client):
    viewer = host()
    view = SavedView.objects.create(owner=viewer, name="A", query="mine=on", created_at=timezone.now())
    client.force_login(viewer)

    answer = client.post(
        reverse("actions:view_change", args=[view.pk]), {"query": "overdue=on&layout=board", "columns": ""}
    )

    view.refresh_from_db()
    assert (view.name, view.query, view.layout) == ("A", "overdue=on&layout=board", "board")
    assert "layout=board" in answer["Location"]


def test_the_same_name_twice_is_refused_with_what_was_typed(client):
    viewer = host()
    SavedView.objects.create(owner=viewer, name="Late", created_at=timezone.now())
    client.force_login(viewer)

    page = keep(client, name="Late", query="overdue=on")

    assert page.status_code == 422
    assert "You have a view of this name already." in page.text
    assert 'value="overdue=on"' in page.text
    assert keep(client, name="", query="").status_code == 422
    assert SavedView.objects.count() == 1


def test_a_shared_view_shows_each_what_they_may_see(client, soon):
    author, reader = host(), member("sales")
    ActionFactory(title="sales", department=DepartmentFactory(code="sales"), due_at=soon)
    ActionFactory(title="SECRET", department=DepartmentFactory(code="finance"), due_at=soon)
    own = SavedView.objects.create(owner=author, name="Kept private", created_at=timezone.now())
    shared = SavedView.objects.create(owner=author, name="Shared", is_shared=True, created_at=timezone.now())
    client.force_login(reader)

    page = client.get(f"{LIST}?view={shared.pk}&status=open")

    assert "Shared" in page.text
    assert "Kept private" not in page.text
    assert "SECRET" not in page.text
    for name in ("view_change", "view_remove"):
        for view in (own, shared):
            assert client.post(reverse(f"actions:{name}", args=[view.pk]), {"name": "x"}).status_code == 404


def test_the_default_opens_and_there_is_one(client):
    viewer = host()
    client.force_login(viewer)
    keep(client, name="First", query="mine=on", is_default="on")
    keep(client, name="Second", query="overdue=on", is_default="on")

    answer = client.get(LIST)

    assert answer["Location"] == f"{LIST}?overdue=on&view={SavedView.objects.get(name='Second').pk}"
    assert SavedView.objects.filter(is_default=True).count() == 1
    assert client.get(f"{LIST}?status=open").status_code == 200


def test_columns_are_chosen_ordered_and_stay_ones_own(client, action):
    client.force_login(action.owner)
    fields = {
        "columns": ["owner", "slips", "meeting"],
        "place-owner": "3",
        "place-slips": "1",
        "place-meeting": "2",
    }

    answer = client.post(reverse("actions:columns"), {**fields, "back": "?status=all"})
    page = client.get(answer["Location"])

    assert answer["Location"] == f"{LIST}?status=all"
    names = [column.name for column in page.context["table"].columns]
    assert names == ["title", "slips", "meeting", "owner"]
    assert "Postponed" in page.text
    client.force_login(action.acceptor)
    theirs = client.get(f"{LIST}?status=all").context["table"]
    assert [column.name for column in theirs.columns] == [
        "title",
        "owner",
        "department",
        "due_at",
        "status",
        "acceptor",
    ]


def test_a_view_can_be_renamed_shared_and_removed(client):
    viewer = host()
    view = SavedView.objects.create(owner=viewer, name="A", query="mine=on", created_at=timezone.now())
    client.force_login(viewer)

    client.post(reverse("actions:view_change", args=[view.pk]), {"name": "B", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.query) == ("B", True, "mine=on")

    client.post(reverse("actions:view_remove", args=[view.pk]))
    assert not SavedView.objects.exists()
    assert "None yet." in client.get(reverse("actions:views")).text


def test_a_filter_that_grows_in_the_address_is_refused_in_words(client):
    """Two hundred signs take nine times as much there; several of them are more than is kept."""
    client.force_login(host())

    page = keep(client, name="Long", query="q=" + "汉" * 600)

    assert page.status_code == 422
    assert "too long to be kept" in page.text
    assert not SavedView.objects.exists()
