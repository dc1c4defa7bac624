-- Who of the staff looks after a customer's talk; 0: nobody in particular.
ALTER TABLE threads ADD COLUMN taken INTEGER NOT NULL DEFAULT 0;
