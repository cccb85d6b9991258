"""What the services see to, the database sees to as well: nothing is accepted without proof of each criterion, the
proof of what is accepted stays, and parts have no parts."""

from django.db import migrations

GUARD = """
CREATE FUNCTION actions_accepted_is_proven() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM actions_criterion AS c
        WHERE c.action_id = NEW.id AND c.no_evidence_because = ''
          AND NOT (c.metric_id IS NOT NULL AND c.verdict = 'met')
          AND NOT EXISTS (SELECT 1 FROM actions_evidence AS e WHERE e.criterion_id = c.id)
    ) THEN
        RAISE EXCEPTION 'A criterion of this action is not proven: %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_accepted_is_proven';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER actions_accepted_is_proven AFTER UPDATE ON actions_action
FOR EACH ROW WHEN (NEW.status = 'accepted' AND OLD.status <> 'accepted')
EXECUTE FUNCTION actions_accepted_is_proven();

CREATE FUNCTION actions_proof_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM actions_action AS a WHERE a.id = OLD.action_id AND a.status = 'accepted') THEN
        RAISE EXCEPTION 'The proof of an accepted action stays: %', OLD.action_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_proof_stays';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER actions_proof_stays BEFORE DELETE ON actions_evidence
FOR EACH ROW EXECUTE FUNCTION actions_proof_stays();

CREATE FUNCTION actions_parts_have_no_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM actions_action AS a WHERE a.id = NEW.parent_id AND a.parent_id IS NOT NULL)
       OR EXISTS (SELECT 1 FROM actions_action AS a WHERE a.parent_id = NEW.id) THEN
        RAISE EXCEPTION 'A part has no parts: %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_parts_have_no_parts';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER actions_parts_have_no_parts BEFORE INSERT OR UPDATE OF parent_id ON actions_action
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION actions_parts_have_no_parts();
"""
DROP = """
DROP TRIGGER actions_accepted_is_proven ON actions_action;
DROP FUNCTION actions_accepted_is_proven();
DROP TRIGGER actions_proof_stays ON actions_evidence;
DROP FUNCTION actions_proof_stays();
DROP TRIGGER actions_parts_have_no_parts ON actions_action;
DROP FUNCTION actions_parts_have_no_parts();
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0009_offered_orders")]

    operations = [migrations.RunSQL(GUARD, DROP)]
