-- What staff set of the shop (esim.RuleValues): that it pauses, its prices, what it hides, settings.
CREATE TABLE rules (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- What an act changed of them, as JSON objects; '': nothing. The rules of any past moment can be read back from it.
ALTER TABLE audit ADD COLUMN before TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN after TEXT NOT NULL DEFAULT '';
DROP TRIGGER audit_is_never_changed;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR new.id <> old.id OR new.at <> old.at OR new.who <> old.who OR new.what <> old.what
    OR new.order_id <> old.order_id OR new.minor <> old.minor OR new.currency <> old.currency OR new.before <> old.before OR new.after <> old.after
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
