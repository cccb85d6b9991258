from django.db import migrations

DAY, HOUR = 86_400, 3600
BEFORE = [-3 * DAY, -1 * DAY]


def remind_on_the_day(apps, schema_editor):
    """Adds the reminder of the day itself where the company kept the rule that it began with."""
    apps.get_model("meetings", "ClockRule").objects.filter(kind="preread", reminders=BEFORE).update(
        reminders=[*BEFORE, -4 * HOUR]
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0015_tolerated_difference")]

    operations = [migrations.RunPython(remind_on_the_day, migrations.RunPython.noop)]
