"""The trigger function behind `RowChange`; apps attach it to the tables whose rows they keep.

It compares the row before and after as JSON and writes the columns that differ, so nothing escapes it: single saves,
bulk and conditional updates, statements typed by hand. An update that changes nothing writes nothing.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION fupan_keep_row_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    difference jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO core_rowchange ("table", row_id, actor_id, is_removal, changes)
        VALUES (TG_TABLE_NAME, OLD.id, nullif(current_setting('fupan.actor', true), '')::bigint, true, to_jsonb(OLD));
        RETURN OLD;
    END IF;
    SELECT jsonb_object_agg(old_one.key, jsonb_build_array(old_one.value, new_one.value)) INTO difference
    FROM jsonb_each(to_jsonb(OLD)) AS old_one
    JOIN jsonb_each(to_jsonb(NEW)) AS new_one USING (key)
    WHERE old_one.value IS DISTINCT FROM new_one.value;
    IF difference IS NOT NULL THEN
        INSERT INTO core_rowchange ("table", row_id, actor_id, is_removal, changes)
        VALUES (TG_TABLE_NAME, NEW.id, nullif(current_setting('fupan.actor', true), '')::bigint, false, difference);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER row_change_append_only BEFORE UPDATE OR DELETE ON core_rowchange
FOR EACH ROW EXECUTE FUNCTION core_history_append_only();
"""

DROP = """
DROP TRIGGER row_change_append_only ON core_rowchange;
DROP FUNCTION fupan_keep_row_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_row_changes")]

    operations = [migrations.RunSQL(CREATE, DROP)]
