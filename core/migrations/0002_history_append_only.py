from django.db import migrations

FORBID = """
CREATE FUNCTION core_history_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'History is never changed.';
END $$;
CREATE TRIGGER core_history_append_only BEFORE UPDATE OR DELETE ON core_historyentry
    FOR EACH ROW EXECUTE FUNCTION core_history_append_only();
"""
ALLOW = """
DROP TRIGGER core_history_append_only ON core_historyentry;
DROP FUNCTION core_history_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
