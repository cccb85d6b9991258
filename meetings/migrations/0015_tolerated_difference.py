from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0014_earlier_plans")]

    operations = [
        migrations.AddField(
            model_name="tolerance",
            name="difference",
            field=models.DecimalField(
                decimal_places=4,
                default=Decimal("0.01"),
                help_text="0.01 = 1 %",
                max_digits=6,
                verbose_name="tolerated difference",
            ),
        ),
        migrations.AddConstraint(
            model_name="tolerance",
            constraint=models.CheckConstraint(
                condition=models.Q(("difference__gte", 0)),
                name="tolerance_difference_not_negative",
                violation_error_message="A tolerated difference is not negative.",
            ),
        ),
    ]
