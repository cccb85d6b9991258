"""What follows from a confidential item, with a planted word in all of it: talk, files, calls for help, requests for
other deadlines, evidence, a line of an import, a problem's action, messages to robots."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.urls import reverse

from actions.models import (
    Action,
    ActionImport,
    Attachment,
    Blocker,
    Comment,
    Criterion,
    DeadlineRequest,
    Evidence,
    Milestone,
    Problem,
    Progress,
    UpdateRequest,
)
from actions.services import imports
from notices.models import Endpoint, Notice, Post
from tests.factories import DepartmentFactory

PARTS = ("comment", "file", "proof", "blocked", "later", "said", "halfway")


def plant(planted, word: str) -> None:
    """Onto the actions of both planted items; the second one waits for another department's help."""
    world, now, circle = planted.world, planted.now, planted.circle
    Action.objects.filter(pk=planted.actions[1].pk).update(
        status=Action.Status.BLOCKED, problem=Problem.objects.get(pk=world.args["problem"][0])
    )
    planted.attached, planted.posts = [], []
    for action in planted.actions:
        _parts(action, word, circle, now)
        attached = Attachment(action=action, file_name=f"{word} file.pdf", file_size=9, by=circle, at=now)
        attached.file.save("file.pdf", ContentFile(b"%PDF-1.7 "), save=False)
        attached.save()
        planted.attached.append(attached)
        UpdateRequest.objects.create(
            action=action, meeting=world.scheduled, person=circle, asked_at=now - timedelta(hours=1)
        )
        planted.posts += _posts(action, word, circle, now)
    planted.imported = _imported(planted.actions[0], word, planted.people["exec"], world.runs, now)


def _parts(action: Action, word: str, by, now) -> None:
    criterion = Criterion.objects.create(action=action, text=f"{word} criterion", position=0)
    Comment.objects.create(action=action, text=f"{word} comment", by=by, at=now)
    Evidence.objects.create(action=action, criterion=criterion, text=f"{word} proof", by=by, at=now)
    Milestone.objects.create(action=action, title=f"{word} halfway", due_at=now + timedelta(days=1))
    Progress.objects.create(action=action, text=f"{word} said", status=action.status, by=by, at=now)
    Blocker.objects.create(
        action=action,
        reason=f"{word} blocked",
        needs_department=DepartmentFactory(code="tech"),
        by=by,
        since=now - timedelta(days=3),
    )
    DeadlineRequest.objects.create(
        action=action,
        old_due_at=action.due_at,
        new_due_at=action.due_at + timedelta(days=1),
        time_zone="Asia/Shanghai",
        reason=f"{word} later",
        asked_by=by,
        asked_at=now,
    )


def _posts(action: Action, word: str, circle, now) -> list[Post]:
    """To a department's group and to the company's, after somebody of the circle was told."""
    notice = Notice.objects.create(
        recipient=circle,
        subject=action,
        kind="actions.assigned",
        due_at=now,
        send_at=now,
        shown_at=now,
        state="sent",
    )
    return [
        Post.objects.create(
            endpoint=endpoint,
            notice=notice,
            subject_type=notice.subject_type,
            subject_id=action.pk,
            kind=notice.kind,
            due_at=now,
            send_at=now,
            state=Post.State.REFUSED,
            payload={"text": f"{word} payload"},
            note=f"400 {word} answer",
        )
        for endpoint in Endpoint.objects.filter(person=None)
    ]


def _imported(action: Action, word: str, outsider, reader, now) -> ActionImport:
    """Somebody looked at a list while the action was open to them; it is not any more."""
    content = f"Number,Title,Description\n{action.reference},{action.title},New words\n".encode()
    found = imports.look_at(name="list.csv", content=content, by=reader, now=now)
    assert f"{word} description" in str(found.rows)
    ActionImport.objects.filter(pk=found.pk).update(by=outsider)
    return found


def addresses(planted) -> set[str]:
    """The pages on which something of it could stand, beside those that the table of access has anyway."""
    found = {reverse("actions:import", args=[planted.imported.pk])}
    found |= {reverse("actions:list") + f"?layout={layout}&status=all" for layout in LAYOUTS}
    found |= {reverse("actions:load") + "?status=all", reverse("actions:blockers") + "?helping=tech"}
    for ending in ("csv", "xlsx", "ics"):
        found.add(reverse(f"actions:export{ENDINGS[ending]}") + "?status=all")
    for action, attached in zip(planted.actions, planted.attached, strict=True):
        found |= {reverse(f"actions:{name}", args=[action.pk]) for name in OF_ONE}
        found |= {
            reverse("actions:bulk") + f"?action={action.pk}",
            reverse("actions:attachment", args=[action.pk, attached.pk]),
            reverse("notices:promises", args=["actions.action", action.pk]),
        }
    found |= {reverse("notices:promises", args=["person", planted.circle.pk]), reverse("notices:doubtful")}
    return found


LAYOUTS = ("table", "board", "timeline", "calendar")
ENDINGS = {"csv": "", "xlsx": "_workbook", "ics": "_calendar"}
OF_ONE = ("people", "history", "move", "split", "merge", "part")
