from django.db import migrations

from meetings.library.completion import complete


def load(apps, schema_editor):
    """The types that were added to the library, and the later columns of those that the company left as they were."""
    complete(apps)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0011_first_of_its_kind")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
