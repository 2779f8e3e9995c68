from django.db import migrations

REFUSE = """
CREATE FUNCTION flow_step_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only: % is refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER flow_step_append_only BEFORE UPDATE OR DELETE ON flow_step
    FOR EACH ROW EXECUTE FUNCTION flow_step_is_append_only();
"""
ALLOW = """
DROP TRIGGER flow_step_append_only ON flow_step;
DROP FUNCTION flow_step_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("flow", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
