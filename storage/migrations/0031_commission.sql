-- What affiliates got of payments in Stars is read with what the shop earned.
DROP INDEX ledger_earned;
CREATE INDEX ledger_earned ON ledger (at) WHERE account IN ('sales', 'refunds', 'cost', 'fees', 'commission', 'grants');
