from django.db import migrations

from meetings import clock_rules


def load(apps, schema_editor):
    """The rules that a new company starts with; those that exist stay as the company set them."""
    ClockRule = apps.get_model("meetings", "ClockRule")
    for kind, values in clock_rules.STANDARD.items():
        ClockRule.objects.get_or_create(kind=kind, defaults=values)
    apps.get_model("meetings", "Tolerance").objects.get_or_create(
        metric_code="", defaults={"fraction": clock_rules.TOLERANCE}
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_library")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
