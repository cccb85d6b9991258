"""What was promised stays: lines of the deadline ledger, and how late an accepted action was."""

from django.db import migrations

GUARD = """
CREATE TRIGGER actions_deadlinechange_append_only BEFORE UPDATE OR DELETE ON actions_deadlinechange
FOR EACH ROW EXECUTE FUNCTION core_history_append_only();

CREATE FUNCTION actions_accepted_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.status, NEW.owner_id, NEW.due_at, NEW.first_due_at, NEW.done_at, NEW.late_seconds, NEW.accepted_at,
        NEW.accepted_by_id)
        IS DISTINCT FROM
       (OLD.status, OLD.owner_id, OLD.due_at, OLD.first_due_at, OLD.done_at, OLD.late_seconds, OLD.accepted_at,
        OLD.accepted_by_id) THEN
        RAISE EXCEPTION 'An accepted action is closed: %', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_accepted_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER actions_accepted_stays BEFORE UPDATE ON actions_action
FOR EACH ROW WHEN (OLD.status = 'accepted') EXECUTE FUNCTION actions_accepted_stays();
"""
DROP = """
DROP TRIGGER actions_deadlinechange_append_only ON actions_deadlinechange;
DROP TRIGGER actions_accepted_stays ON actions_action;
DROP FUNCTION actions_accepted_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0006_blocker_answers")]

    operations = [migrations.RunSQL(GUARD, DROP)]
