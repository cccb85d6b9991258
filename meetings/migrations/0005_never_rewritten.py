from django.db import migrations

# They go with their meeting, but nobody rewrites them.
FORBID = """
CREATE FUNCTION meetings_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was submitted or logged is never rewritten.';
END $$;
CREATE TRIGGER meetings_never_rewritten BEFORE UPDATE ON meetings_prereadrevision
    FOR EACH ROW EXECUTE FUNCTION meetings_never_rewritten();
CREATE TRIGGER meetings_never_rewritten BEFORE UPDATE ON meetings_liveevent
    FOR EACH ROW EXECUTE FUNCTION meetings_never_rewritten();
"""
ALLOW = """
DROP TRIGGER meetings_never_rewritten ON meetings_prereadrevision;
DROP TRIGGER meetings_never_rewritten ON meetings_liveevent;
DROP FUNCTION meetings_never_rewritten();
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_standard_rules")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
