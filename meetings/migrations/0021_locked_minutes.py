from django.db import migrations

# Locked minutes stay as they are, whatever writes to the tables. The row of the minutes is read under a lock, so that
# a text that is being saved while they are locked either comes before or is refused. Deleting is left alone: records
# go with their meeting.
FORBID = """
CREATE FUNCTION meetings_minutes_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF TG_ARGV[0] = 'text' THEN
        SELECT state INTO found FROM meetings_minutes WHERE id = NEW.minutes_id FOR SHARE;
    ELSE
        SELECT state INTO found FROM meetings_minutes WHERE meeting_id = NEW.meeting_id FOR SHARE;
    END IF;
    IF found = 'locked' THEN
        RAISE EXCEPTION 'The minutes of this meeting are locked; what is to be put right is a correction.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'minutes_locked';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER meetings_minutes_locked_insert BEFORE INSERT ON meetings_note
    FOR EACH ROW EXECUTE FUNCTION meetings_minutes_locked('record');
CREATE TRIGGER meetings_minutes_locked_update BEFORE UPDATE OF text, removed_at ON meetings_note
    FOR EACH ROW WHEN ((OLD.text, OLD.removed_at) IS DISTINCT FROM (NEW.text, NEW.removed_at))
    EXECUTE FUNCTION meetings_minutes_locked('record');

CREATE TRIGGER meetings_minutes_locked_insert BEFORE INSERT ON meetings_decision
    FOR EACH ROW EXECUTE FUNCTION meetings_minutes_locked('record');
CREATE TRIGGER meetings_minutes_locked_update
    BEFORE UPDATE OF text, kind, outcome, options, recommendation, chosen, dissent, decided_by_id, deferred_until,
        year, number ON meetings_decision
    FOR EACH ROW WHEN (
        (OLD.text, OLD.kind, OLD.outcome, OLD.options, OLD.recommendation, OLD.chosen, OLD.dissent,
         OLD.decided_by_id, OLD.deferred_until, OLD.year, OLD.number) IS DISTINCT FROM
        (NEW.text, NEW.kind, NEW.outcome, NEW.options, NEW.recommendation, NEW.chosen, NEW.dissent,
         NEW.decided_by_id, NEW.deferred_until, NEW.year, NEW.number))
    EXECUTE FUNCTION meetings_minutes_locked('record');

CREATE TRIGGER meetings_minutes_locked_insert BEFORE INSERT ON meetings_minutestext
    FOR EACH ROW EXECUTE FUNCTION meetings_minutes_locked('text');
CREATE TRIGGER meetings_minutes_locked_update BEFORE UPDATE OF text ON meetings_minutestext
    FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text)
    EXECUTE FUNCTION meetings_minutes_locked('text');

CREATE FUNCTION meetings_minutes_stay_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Locked minutes are not opened again.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'minutes_stay_locked';
END $$;
CREATE TRIGGER meetings_minutes_stay_locked BEFORE UPDATE ON meetings_minutes
    FOR EACH ROW WHEN (OLD.state = 'locked' AND
        (NEW.state, NEW.locked_at, NEW.meeting_id) IS DISTINCT FROM (OLD.state, OLD.locked_at, OLD.meeting_id))
    EXECUTE FUNCTION meetings_minutes_stay_locked();
"""
ALLOW = """
DROP TRIGGER meetings_minutes_stay_locked ON meetings_minutes;
DROP FUNCTION meetings_minutes_stay_locked();
DROP FUNCTION meetings_minutes_locked() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0020_live_event_number")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
