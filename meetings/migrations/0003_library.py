from django.db import migrations

from meetings import library


def load(apps, schema_editor):
    library.ensure(apps)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_prereads_and_room"), ("people", "0002_standard_departments")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
