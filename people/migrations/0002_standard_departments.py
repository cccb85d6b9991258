from django.db import migrations

STANDARD = [
    ("sales", "Sales", "销售部"),
    ("marketing", "Marketing", "市场部"),
    ("supply", "Supply chain", "供应链部"),
    ("finance", "Finance", "财务部"),
    ("tech", "Technology / product", "技术/产品部"),
    ("service", "Customer service", "客服部"),
    ("operations", "Operations", "运营部"),
]


def create(apps, schema_editor):
    Department = apps.get_model("people", "Department")
    for position, (code, name_en, name_zh) in enumerate(STANDARD, start=1):
        Department.objects.get_or_create(
            code=code, defaults={"name_en": name_en, "name_zh": name_zh, "position": position * 10}
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
