"""Files as evidence: kept, shown, refused."""

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import services
from actions.models import Evidence
from tests.actions.factories import ActionFactory
from tests.actions.pages import post
from tests.factories import DepartmentFactory, member

pytestmark = pytest.mark.django_db


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
