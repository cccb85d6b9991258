from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0022_grams")]

    operations = [
        migrations.AddField(
            model_name="meeting",
            name="attendance_taken_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
