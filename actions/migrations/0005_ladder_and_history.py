"""The usual ladder of reminders, the first deadlines of what is published already, and the keepers of every change."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F, Min

# English, Chinese, who, and how long after the deadline.
LADDER = [
    ("Three days before", "截止前 3 天", "owner", timedelta(days=-3)),
    ("A day before", "截止前 24 小时", "owner", timedelta(hours=-24)),
    ("At the deadline", "到期时", "owner", timedelta(0)),
    ("A day late", "逾期 1 天", "owner", timedelta(days=1)),
    ("Two days late: the head of the department", "逾期 2 天：部门负责人", "supervisor", timedelta(days=2)),
    ("Four days late: the host", "逾期 4 天：会议主持人", "host", timedelta(days=4)),
]
KEPT = ("action", "criterion", "milestone", "blocker", "evidence", "deadlinerequest")


def add_ladder(apps, schema_editor):
    step = apps.get_model("actions", "EscalationStep")
    step.objects.bulk_create(
        step(name_en=english, name_zh=chinese, whom=whom, offset=offset)
        for english, chinese, whom, offset in LADDER
    )


def keep_first_deadlines(apps, schema_editor):
    action = apps.get_model("actions", "Action")
    change = apps.get_model("actions", "DeadlineChange")
    action.objects.filter(published_at__isnull=False).update(first_due_at=F("due_at"))
    for row in change.objects.values("action").annotate(first=Min("pk")):
        action.objects.filter(pk=row["action"]).update(
            first_due_at=change.objects.get(pk=row["first"]).old_due_at
        )
    change.objects.update(approved_by=F("by"))


class Migration(migrations.Migration):
    dependencies = [("actions", "0004_follow_through"), ("core", "0007_row_change_trigger")]

    operations = [
        migrations.RunPython(add_ladder, migrations.RunPython.noop),
        migrations.RunPython(keep_first_deadlines, migrations.RunPython.noop),
        migrations.RunSQL(
            "\n".join(
                f"CREATE TRIGGER actions_{name}_kept AFTER UPDATE OR DELETE ON actions_{name}"
                " FOR EACH ROW EXECUTE FUNCTION fupan_keep_row_change();"
                for name in KEPT
            ),
            "\n".join(f"DROP TRIGGER actions_{name}_kept ON actions_{name};" for name in KEPT),
        ),
    ]
