from django.db import migrations

# What was ruled, certified or frozen stays as it was; a later word is a row of its own.
TABLES = ("meetings_ruling", "meetings_review", "meetings_snapshot", "meetings_readreceipt")
FORBID = "".join(
    f"CREATE TRIGGER meetings_never_rewritten BEFORE UPDATE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION meetings_never_rewritten();"
    for table in TABLES
)
ALLOW = "".join(f"DROP TRIGGER meetings_never_rewritten ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_before_the_meeting")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
