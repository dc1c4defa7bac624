-- Unused eSIMs are reminded of, and given back before they lapse.
CREATE INDEX esims_lapsing ON esims (expires) WHERE watched = 1 AND activated IS NULL AND expires IS NOT NULL;
-- Where the QR pictures of an eSIM stand, so that one that was given back says so.
CREATE TABLE qr_messages (
    esim    TEXT    NOT NULL REFERENCES esims (tran_no),
    chat    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (esim, chat, message)
) STRICT, WITHOUT ROWID;
