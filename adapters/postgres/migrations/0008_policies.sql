-- Versions of the rule book (decision 30): proposed by one owner, approved by another, in force from an instant on.
-- A decision taken at `now` uses the approved version with the latest (effective_at, version) up to it.
CREATE TABLE policy_version (
    version      integer PRIMARY KEY CHECK (version > 0),
    rules        text NOT NULL CHECK (octet_length(rules) <= 65536), -- as in policy.toml
    note         text NOT NULL,
    proposed_by  text NOT NULL,
    proposed_at  timestamptz NOT NULL,
    approved_by  text,
    approved_at  timestamptz,
    effective_at timestamptz,
    is_seed      boolean NOT NULL DEFAULT false, -- the file's, imported at the first start
    CONSTRAINT approved_as_a_whole CHECK ((approved_by IS NULL) = (approved_at IS NULL)
                                          AND (approved_by IS NULL) = (effective_at IS NULL)),
    CONSTRAINT four_eyes CHECK (is_seed OR approved_by <> proposed_by)
);
CREATE UNIQUE INDEX one_seed ON policy_version (is_seed) WHERE is_seed;

-- What was proposed stays as it was read by whoever approves it, and what was approved stays for whoever asks later.
CREATE FUNCTION keep_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.approved_by IS NOT NULL
       OR (NEW.version, NEW.rules, NEW.note, NEW.proposed_by, NEW.proposed_at, NEW.is_seed)
          IS DISTINCT FROM (OLD.version, OLD.rules, OLD.note, OLD.proposed_by, OLD.proposed_at, OLD.is_seed) THEN
        RAISE EXCEPTION 'a policy version is approved once and never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON policy_version FOR EACH ROW EXECUTE FUNCTION keep_policy();
CREATE TRIGGER append_only BEFORE TRUNCATE ON policy_version FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- What the rules looked at, beside the items, the reason and the pictures: with the policy version it makes the
-- decision repeatable. Absent in applications from before.
ALTER TABLE application ADD COLUMN inputs json;
