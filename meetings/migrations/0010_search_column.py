import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Concat, Upper


class Migration(migrations.Migration):
    dependencies = [("meetings", "0009_pack_attempts")]

    operations = [
        # Trusted since PostgreSQL 13: the owner of the database may create it.
        TrigramExtension(),
        migrations.AddField(
            model_name="meeting",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=Upper(Concat("title", models.Value(" "), "location")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search", name="gin_trgm_ops"), name="meeting_search"
            ),
        ),
    ]
