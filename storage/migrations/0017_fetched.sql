-- eSIMs that a phone has fetched and not installed, to be looked at soon.
CREATE INDEX esims_fetched ON esims (fetched) WHERE watched = 1 AND fetched IS NOT NULL AND smdp IN ('DOWNLOAD', 'INSTALLATION');
