"""Comments that tell those they name, and files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Attachment, Comment
from notices import kinds
from notices.models import Notice
from people.models import User
from tests.actions.factories import ActionFactory
from tests.actions.pages import post, url
from tests.factories import DepartmentFactory, member

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def say(action, text, by=None) -> Comment:
    return services.comment(action=action, text=text, by=by or action.owner, now=timezone.now())


def told() -> list[str]:
    rows = Notice.objects.filter(kind="actions.mentioned").exclude(state="superseded")
    return sorted(row.recipient.name for row in rows)


def test_named_people_are_told_once_each(action):
    wang = member("sales", name="王芳", name_sort="wang fang")

    comment = say(
        action, f"@王芳 please look, and @{action.acceptor.name}, and @王芳 again; @{action.owner.name} me"
    )

    assert set(comment.mentions.all()) == {wang, action.acceptor, action.owner}
    assert told() == ["Li Lei", "王芳"]  # who writes is not told
    services.edit_comment(
        comment=comment, text="@wangfang and @Li Lei still", by=action.owner, now=timezone.now()
    )
    assert Notice.objects.filter(kind="actions.mentioned").count() == 2
    services.edit_comment(comment=comment, text="@王芳 alone", by=action.owner, now=timezone.now())
    assert told() == ["王芳"]
    services.remove_comment(comment=comment, by=action.owner, now=timezone.now())
    assert told() == []


def test_who_may_not_read_it_is_not_told_and_the_words_are_kept(client, action):
    member("finance", name="Outsider Ou")
    client.force_login(action.owner)

    response = post(client, action, "comment", text="@Outsider Ou what do you think?")

    assert response.status_code == 422
    assert "Outsider Ou may not read this action" in response.text
    assert "what do you think?" in response.text
    assert (Comment.objects.count(), told()) == (0, [])


def test_only_the_writer_changes_it_and_whoever_manages_takes_it_away(client, action):
    colleague = member("sales")
    comment = say(action, "First", by=colleague)
    client.force_login(action.owner)
    assert post(client, action, "edit-comment", comment=comment.pk, text="Mine").status_code == 422
    assert post(client, action, "remove-comment", comment=comment.pk).status_code == 422
    client.force_login(colleague)
    assert post(client, action, "edit-comment", comment=comment.pk, text="Second").status_code == 302
    assert "Second" in client.get(url(action)).text
    client.force_login(action.acceptor)
    assert post(client, action, "remove-comment", comment=comment.pk).status_code == 302

    page = client.get(url(action)).text
    assert "Second" not in page
    assert "Taken away." in page
    again = post(client, action, "remove-comment", comment=comment.pk)
    assert "taken away in the meantime" in again.text


def test_words_of_others_are_text_on_the_page(client, action):
    wang = member("sales", name="<b>Wang")
    say(action, "<script>alert(1)</script> @<b>Wang")
    client.force_login(wang)

    page = client.get(url(action)).text

    assert "<script>alert" not in page
    assert '<b class="mention">@&lt;b&gt;Wang</b>' in page


def test_files_are_kept_listed_and_taken_off(client, action, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    colleague = member("sales")
    client.force_login(colleague)
    assert post(client, action, "attach", file=SimpleUploadedFile("run.exe", b"MZ")).status_code == 422
    assert post(client, action, "attach", file=SimpleUploadedFile("规格 1.png", PNG)).status_code == 302
    kept = Attachment.objects.get()
    assert "规格" not in kept.file.name
    address = reverse("actions:attachment", args=[action.pk, kept.pk])
    response = client.get(address)
    assert b"".join(response.streaming_content) == PNG
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "规格 1.png" in client.get(url(action)).text

    client.force_login(action.owner)
    assert post(client, action, "remove-file", attachment=kept.pk).status_code == 422
    client.force_login(colleague)
    assert post(client, action, "remove-file", attachment=kept.pk).status_code == 302
    assert client.get(address).status_code == 404
    assert (tmp_path / kept.file.name).exists()


def test_file_of_another_action_is_not_reached_through_ones_own(client, action, settings, tmp_path, soon):
    settings.MEDIA_ROOT = tmp_path
    theirs = ActionFactory(department=DepartmentFactory(code="finance"), due_at=soon)
    kept = services.attach(
        action=theirs, file=SimpleUploadedFile("a.png", PNG), by=theirs.owner, now=timezone.now()
    )
    client.force_login(action.owner)

    assert client.get(reverse("actions:attachment", args=[action.pk, kept.pk])).status_code == 404
    assert post(client, action, "remove-file", attachment=kept.pk).status_code == 422


def test_completion_offers_whom_it_may_name(client, action):
    outsider = member("finance")
    client.force_login(action.owner)

    offered = {
        one["name"] for one in client.get(reverse("actions:people", args=[action.pk])).json()["people"]
    }

    assert action.acceptor.name in offered
    assert outsider.name not in offered


def test_notice_of_a_mention_holds_back_what_may_not_be_read_any_more(action):
    wang = member("sales", name="Wang Fang")
    say(action, "@Wang Fang please look")
    notice = Notice.objects.get(kind="actions.mentioned")
    kind = kinds.get("actions.mentioned")
    assert action.title in kind.title(notice)
    assert "please look" in kind.body(notice)
    assert kind.is_wanted(notice)
    assert kind.may_read(wang, {notice.subject_id}) == {notice.subject_id}

    wang.memberships.all().delete()
    wang = User.objects.get(pk=wang.pk)
    notice = Notice.objects.get(pk=notice.pk)

    assert not kind.is_wanted(notice)
    assert kind.may_read(wang, {notice.subject_id}) == set()
