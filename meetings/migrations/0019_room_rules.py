from django.db import migrations

from meetings import clock_rules

# They go with their meeting, but nobody rewrites them.
TABLES = (
    "meetings_minutesedition",
    "meetings_correction",
    "meetings_handover",
    "meetings_closingmark",
)
FORBID = "".join(
    f"CREATE TRIGGER meetings_never_rewritten BEFORE UPDATE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION meetings_never_rewritten();"
    for table in TABLES
)
ALLOW = "".join(f"DROP TRIGGER meetings_never_rewritten ON {table};" for table in TABLES)


def load(apps, schema_editor):
    """The rule for minutes; those that exist stay as the company set them. Duties get the name of their rule."""
    ClockRule = apps.get_model("meetings", "ClockRule")
    ClockRule.objects.get_or_create(kind="minutes", defaults=clock_rules.RULES["minutes"])
    Obligation = apps.get_model("meetings", "Obligation")
    for rule in ClockRule.objects.all():
        Obligation.objects.filter(kind=rule.kind).update(name_en=rule.name_en, name_zh=rule.name_zh)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0018_live_room")]

    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunSQL(FORBID, ALLOW),
    ]
