"""What follows from the meetings of the small company: actions, problems, notices; and the reports it brought."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile

from actions.models import (
    Action,
    ActionImport,
    Attachment,
    Comment,
    EscalationStep,
    Evidence,
    Milestone,
    Problem,
)
from actions.verbs import VERBS
from metrics.models import Upload
from metrics.services import uploads
from notices.models import Address, Notice
from tests import factories
from tests.access import endpoints
from tests.access.words import (
    ACTION_OF_A,
    BROKEN_ROW,
    COMMENT_OF_A,
    DRAFT_ACTION,
    EVIDENCE_OF_A,
    FILE_OF_A,
    PROBLEM_OF_A,
)
from tests.actions.factories import ActionFactory
from tests.metrics import builders

if TYPE_CHECKING:
    from tests.access.world import World


def follow(world: World) -> None:
    _actions(world)
    _uploads(world)
    _notices(world)
    _problems(world)


def _actions(world: World) -> None:
    people, sales = world.people, factories.DepartmentFactory(code="sales")
    common = {
        "owner": people["a_member"],
        "acceptor": people["runs"],
        "created_by": people["runs"],
        "department": sales,
        "due_at": world.now + timedelta(days=7),
    }
    world.draft_action = ActionFactory(title=DRAFT_ACTION, meeting=world.ended, published_at=None, **common)
    world.action = ActionFactory(title=ACTION_OF_A, published_at=world.now, **common)
    evidence = Evidence(
        action=world.action,
        criterion=world.action.criteria.get(),
        text=EVIDENCE_OF_A,
        by=people["a_member"],
        at=world.now,
        file_name="证据.pdf",
        file_size=9,
    )
    evidence.file.save("evidence.pdf", ContentFile(b"%PDF-1.7 "), save=False)
    evidence.save()
    world.milestone = Milestone.objects.create(
        action=world.action, title="Halfway", due_at=world.now + timedelta(days=3)
    )
    spoken = Comment.objects.create(
        action=world.action, text=COMMENT_OF_A, by=people["a_member"], at=world.now
    )
    attached = Attachment(
        action=world.action,
        comment=spoken,
        file_name=FILE_OF_A,
        file_size=9,
        by=people["a_member"],
        at=world.now,
    )
    attached.file.save("specification.pdf", ContentFile(b"%PDF-1.7 "), save=False)
    attached.save()
    world.args["action-file.published"] = [world.action.pk, attached.pk]
    world.args["action-file.other"] = [world.draft_action.pk, attached.pk]
    brought = ActionImport.objects.create(source="sheet", file_name="a.csv", by=people["runs"], at=world.now)
    world.args["import"] = [brought.pk]
    world.args["spoken.running"] = [world.running.pk, "due", world.action.pk]
    world.args["spoken.scheduled"] = [world.scheduled.pk, "due", world.action.pk]
    world.args["spoken.unknown"] = [world.running.pk, "nonsense", world.action.pk]
    world.args["action.draft"] = [world.draft_action.pk]
    world.args["action.published"] = [world.action.pk]
    world.args["evidence.published"] = [world.action.pk, evidence.pk]
    world.args["evidence.other"] = [world.draft_action.pk, evidence.pk]
    for verb in (*VERBS, "no-such-step"):
        world.args[f"step.{verb}"] = [world.action.pk, verb]
        world.args[f"draft-step.{verb}"] = [world.draft_action.pk, verb]


def _uploads(world: World) -> None:
    shop = builders.shop()
    (stored,) = builders.covered(shop, "2025-10")
    stored.file.save("report.csv", ContentFile(b"a,b\n1,2\n"), save=True)
    data = f"no report, {BROKEN_ROW}\n".encode() * 40
    refused = uploads.receive_upload(
        file=io.BytesIO(data), name="未知.csv", size=len(data), by=world.people["a_lead"], now=world.now
    )
    Upload.objects.filter(pk=refused.pk).update(state=Upload.State.REJECTED)
    for line in (3, 4):
        refused.problems.create(
            level="error",
            line=line,
            column="city",
            code="row_width",
            text=BROKEN_ROW,
            params={"found": 2, "expected": 3},
        )
    world.args["upload.stored"] = [stored.pk]
    world.args["upload.refused"] = [refused.pk]
    world.args["metric"] = ["orders"]
    world.args["metric.none"] = ["no-such-metric"]


def _problems(world: World) -> None:
    """An emergency of department A, reported by a member, and a rung of the ladder."""
    problem = Problem.objects.create(
        title=PROBLEM_OF_A,
        kind=Problem.Kind.STRATEGIC,
        what="Container held",
        department=factories.DepartmentFactory(code="sales"),
        owner=world.people["a_member"],
        noticed_at=world.now - timedelta(minutes=20),
        reported_by=world.people["a_member"],
        reported_at=world.now,
        meeting_due_at=world.now + timedelta(days=15),
    )
    world.args["problem"] = [problem.pk]
    rung, _is_new = EscalationStep.objects.get_or_create(whom="acceptor", offset=timedelta(days=9))
    world.args["ladder"] = [rung.pk]


def _notices(world: World) -> None:
    notice = Notice.objects.create(
        recipient=world.people["a_member"],
        subject_type=ContentType.objects.get_for_model(Action),
        subject_id=world.action.pk,
        kind="actions.assigned",
        due_at=world.now,
        send_at=world.now,
        shown_at=world.now,
        state=Notice.State.SENT,
    )
    world.args["notice"] = [notice.pk]
    doubtful = Notice.objects.create(
        recipient=world.people["a_member"],
        subject_type=notice.subject_type,
        subject_id=world.action.pk,
        kind="actions.plan",
        due_at=world.now,
        send_at=world.now,
        state=Notice.State.UNCERTAIN,
    )
    refused = Address.objects.create(
        email=world.people["a_member"].email, refusals=3, flagged_at=world.now, last_refused_at=world.now
    )
    world.args["notice.doubtful"] = [doubtful.pk, "arrived"]
    world.args["notice.doubtful.again"] = [doubtful.pk, "again"]
    world.args["notice.doubtful.nonsense"] = [doubtful.pk, "nonsense"]
    world.args["address"] = [refused.pk]
    world.args |= endpoints.args(notice)
    world.args["told.action"] = ["actions.action", world.action.pk]
    world.args["told.draft"] = ["actions.action", world.draft_action.pk]
    world.args["told.person"] = ["person", world.people["a_member"].pk]
    world.args["told.nothing"] = ["notices.notice", notice.pk]
    world.args["department.sales"] = ["sales"]
