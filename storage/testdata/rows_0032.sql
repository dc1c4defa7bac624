INSERT INTO people (id, chat, language, language_chosen, name, unreachable, created) VALUES (42, 42, 'en', 0, 'Ann', 0, 1795435200000);
INSERT INTO orders (id, person, kind, plan, quantity, days, tx_id, vendor_order, wholesale_minor, wholesale_currency, retail_minor, retail_currency,
    price_minor, price_currency, rail, state, reason, attempts, unsure, unsure_at, next_at, staff_told, created, changed, paid_at, allocated)
VALUES ('ABCD0001', 42, 'purchase',
    '{"code":"PJP1","slug":"JP_1_7","name":"Japan 1GB 7Days","location":"JP","places":["JP"],"wholesale":8000,"currency":"USD4","data":1073741824,"kind":1,"days":7}',
    1, 0, 'eb-1', 'B1', 8000, 'USD4', 130, 'USD', 100, 'XTR', 'stars', 'delivered', 'every QR message was accepted', 0, 0, NULL,
    1795435200000, 0, 1795435200000, 1795435260000, 1795435210000, 1);
INSERT INTO order_events (order_id, at, was, became, why) VALUES ('ABCD0001', 1795435200000, '', 'awaiting_payment', 'created');
INSERT INTO payments (id, meant_for, order_id, person, minor, currency, rail, at, status, extra, attempts, next_at, reason, refunded_at)
VALUES ('charge-1', 'ABCD0001', 'ABCD0001', 42, 100, 'XTR', 'stars', 1795435210000, 'kept', 0, 0, 1795435210000, 'paid', NULL);
INSERT INTO esims (tran_no, person, order_id, idx, plan, vendor_order, tx_id, iccid, code, smdp, status, eid, total, used, days, activated, expires,
    apn, pin, puk, usage_at, epoch, created, asked, watched, next_look, edge)
VALUES ('T1', 42, 'ABCD0001', 1, '{"code":"PJP1","wholesale":8000,"currency":"USD4","data":1073741824,"kind":1,"days":7}', 'B1', 'eb-1',
    '8900000000000000001', 'LPA:1$smdp.example$ABC', 'ENABLED', 'IN_USE', '', 1073741824, 1000, 7, 1795435300000, 1796040100000,
    'plus', '', '', 1795435400000, 0, 1795435250000, 1795435500000, 1, 1795437300000, 1795500000000);
INSERT INTO usage_samples (tran_no, as_of, used, total) VALUES ('T1', 1795435400000, 1000, 1073741824);
INSERT INTO alerts (tran_no, epoch, kind, due, at) VALUES ('T1', 0, 'data20', 1, 1795435500000);
INSERT INTO outbox (key, kind, person, order_id, esim, alert, minor, currency, note, status, created, next_at, attempts, ended, reason)
VALUES ('qr:T1', 'qr', 42, 'ABCD0001', 'T1', '', 0, '', '', 'sent', 1795435250000, 1795435250000, 0, 1795435260000, '');
INSERT INTO inbox (id, person, kind, raw, received, handled, attempts, error) VALUES (1, 42, 'message', x'7b7d', 1795435200000, 1795435200100, 0, '');
INSERT INTO order_messages (order_id, chat, message) VALUES ('ABCD0001', 42, 7);
INSERT INTO job_runs (name, last_ok) VALUES ('sweep', 1795435500000);
INSERT INTO settings (key, value) VALUES ('admin_chat', '-1001');
INSERT INTO hints (id, kind, vendor_order, tx_id, tran_no, received, due, attempts, handled, error)
VALUES ('n1', 'DATA_USAGE', 'B1', 'eb-1', 'T1', 1795435600000, 1795435600000, 0, 1795435601000, '');
INSERT INTO orders (id, person, kind, plan, quantity, days, tx_id, vendor_order, wholesale_minor, wholesale_currency, retail_minor, retail_currency,
    price_minor, price_currency, rail, state, reason, attempts, unsure, unsure_at, next_at, staff_told, created, changed, paid_at, allocated, esim)
VALUES ('ABCD0002', 42, 'topup', '{"code":"TOPUP_PJP1","wholesale":9000,"currency":"USD4","data":1073741824,"kind":1,"days":7}',
    1, 0, 'eb-2', '', 9000, 'USD4', 140, 'USD', 140, 'USD', 'credit', 'refunded', 'the money went back', 0, 0, NULL,
    1795435700000, 0, 1795435700000, 1795435760000, 1795435710000, 0, 'T1');
INSERT INTO payments (id, meant_for, order_id, person, minor, currency, rail, at, status, extra, attempts, next_at, reason, refunded_at, fee_minor, credited_minor)
VALUES ('credit:ABCD0002', 'ABCD0002', 'ABCD0002', 42, 140, 'USD', 'credit', 1795435710000, 'refunded', 0, 0, 1795435710000, 'paid', 1795435760000, 0, 140);
INSERT INTO ledger (key, at, order_id, payment, account, minor, currency, why) VALUES
    ('pay:charge-1', 1795435210000, 'ABCD0001', 'charge-1', 'stars', 100, 'XTR', 'payment'),
    ('pay:charge-1', 1795435210000, 'ABCD0001', 'charge-1', 'prepaid', -100, 'XTR', 'payment'),
    ('deliver:ABCD0001', 1795435260000, 'ABCD0001', '', 'prepaid', 100, 'XTR', 'delivered'),
    ('deliver:ABCD0001', 1795435260000, 'ABCD0001', '', 'sales', -100, 'XTR', 'delivered'),
    ('cost:ABCD0001', 1795435250000, 'ABCD0001', '', 'cost', 8000, 'USD4', 'bought'),
    ('cost:ABCD0001', 1795435250000, 'ABCD0001', '', 'vendor', -8000, 'USD4', 'bought'),
    ('grant:g1', 1795435600000, '', '', 'grants', 200, 'USD', 'sorry'),
    ('grant:g1', 1795435600000, '', '', 'credit:42', -200, 'USD', 'sorry'),
    ('pay:credit:ABCD0002', 1795435710000, 'ABCD0002', 'credit:ABCD0002', 'credit:42', 140, 'USD', 'payment'),
    ('pay:credit:ABCD0002', 1795435710000, 'ABCD0002', 'credit:ABCD0002', 'prepaid', -140, 'USD', 'payment'),
    ('refund:credit:ABCD0002', 1795435760000, 'ABCD0002', 'credit:ABCD0002', 'prepaid', 140, 'USD', 'refund'),
    ('refund:credit:ABCD0002', 1795435760000, 'ABCD0002', 'credit:ABCD0002', 'credit:42', -140, 'USD', 'refund');
INSERT INTO audit (at, who, what, order_id, esim, person, minor, currency, why) VALUES (1795435600000, 7, 'grant', '', '', 42, 200, 'USD', 'sorry');
INSERT INTO orphans (tran_no, order_id, seen) VALUES ('T9', '', 1795435600000);
INSERT INTO unexplained_payments (id, meant_for, person, minor, currency, at, why, older, closed)
VALUES ('charge-9', 'ABCD0009', 42, 231, 'XTR', 1795435200000, 'no order here explains it', 1, NULL);
UPDATE orders SET approved_at = 1795435205000 WHERE id = 'ABCD0001';
INSERT INTO invoice_messages (chat, message, order_id, card) VALUES (42, 8, 'ABCD0002', 7);
UPDATE orders SET giving_back = 'T1', returned = 1, missing = 1 WHERE id = 'ABCD0001';
UPDATE esims SET returned = 1 WHERE tran_no = 'T1';

INSERT INTO qr_messages (esim, chat, message) VALUES ('T1', 42, 8);

UPDATE orders SET credit_minor = 300 WHERE id = 'ABCD0001';

UPDATE esims SET trip = 1796083200000, trip_days = 7 WHERE tran_no = 'T1';
INSERT INTO questions (person, kind, about, asked) VALUES (42, 'trip', 'T1', 1795435700000);

INSERT INTO arrivals (person, kind, code, at) VALUES (42, 'campaign', 'spring', 1795435200000);

UPDATE people SET phone = 'samsung,yes,';
UPDATE orders SET phone = 'iphone,yes,yes' WHERE id = 'ABCD0001';
UPDATE esims SET fetched = 1795435260000 WHERE tran_no = 'T1';

INSERT INTO threads (id, person, esim, findings, opened, spoken, said, answered, closed, closed_by, head_chat, head)
VALUES (1, 42, 'T1', 'offline', 1795435600000, 1795435700000, 1, 1, 1795435800000, 'staff', -5, 77);
INSERT INTO thread_heads (chat, message, thread) VALUES (-5, 77, 1);
INSERT INTO thread_messages (thread, person, from_staff, chat, message, album, kind, text, file, at, reply_to, copy_chat, copy)
VALUES (1, 42, 0, 42, 9, '', 'photo', 'see', 'F1', 1795435650000, 0, -5, 78), (1, 42, 1, -5, 79, '', '', 'done', '', 1795435700000, 9, 42, 10);

UPDATE orders SET swaps = 'T1', swap_worth_minor = 130, swapped = 1 WHERE id = 'ABCD0002';
UPDATE orders SET swapped_for = 'ABCD0002' WHERE id = 'ABCD0001';
INSERT INTO swap_searches (person, esim, at) VALUES (42, 'T1', 1795435800000);

INSERT INTO forgotten (mark, at, tries, blocked) VALUES ('5d1f', 1795435200000, 2, 0);
UPDATE people SET returned = 1795435200000;
UPDATE orders SET consent = '1 en', consented = 1795435200000 WHERE id = 'ABCD0001';
INSERT INTO contract_withdrawals (person, order_id, esim, name, at, outcome, next_at)
VALUES (42, 'ABCD0001', 'T1', 'Ann', 1795435200000, '', 1795435200000);

INSERT INTO people (id, chat, language, language_chosen, name, unreachable, created) VALUES (43, 43, 'en', 0, 'Bob', 0, 1795435200000);
INSERT INTO gifts (token, esim, giver, made, ends, taker, taken, withdrawn) VALUES ('aa11', 'T1', 43, 1795435200000, 1796040000000, 42, 1795435300000, 0);
INSERT INTO wrong_codes (person, at) VALUES (42, 1795435200000);
INSERT INTO promos (code, percent, minor, places, first_only, uses, ends, made, ended) VALUES ('SUMMER', 20, 0, '', 1, 0, NULL, 1795435200000, NULL);
INSERT INTO promos_entered (person, code, at) VALUES (42, 'SUMMER', 1795435200000);
INSERT INTO referral_codes (person, code) VALUES (42, 'REFR0042');
INSERT INTO referrals (friend, referrer, promised, at, order_id, credited, owed) VALUES (42, 43, 30, 1795435200000, 'ABCD0001', 0, 0);

UPDATE people SET zone = 'Asia/Tokyo', zone_at = 1795435200000, alerts = 'data50', quiet = '23-7';
UPDATE outbox SET quiet = 1 WHERE id = 1;

UPDATE orders SET invoiced_again = 1795435204000 WHERE id = 'ABCD0001';

INSERT INTO rules (key, value) VALUES ('paused', 'back on Monday');

INSERT INTO staff (id, name, role) VALUES (7, 'Olga', 'owner');
INSERT INTO audit (at, who, second, what, order_id, esim, person, minor, currency, why) VALUES (1795435900000, 7, 8, 'refund', 'ABCD0001', '', 42, 100, 'XTR', 'sorry');
INSERT INTO staff_deeds (key, what, who, second, person, order_id, minor, at, state, press, shown)
VALUES ('s_credit|42|6000|ABCD0009', 'credit', 7, 0, 42, '', 6000, 1795435900000, 'waiting', 's_credit|42|6000|ABCD0009', 'Give $60.00 to Ann (42)? 📝 sorry');
UPDATE orders SET rescue = 1 WHERE id = 'ABCD0002';
UPDATE orders SET debt_minor = 20 WHERE id = 'ABCD0001';

INSERT INTO visits (hour, step, people) VALUES (1795435200000, 'plan', 3);

INSERT INTO staff_cards (chat, message, order_id, notice) VALUES (-900, 77, 'ABCD0001', 1);
INSERT INTO auto_topups (esim, person, plan, level, agreed_minor, consent, set_at, state, epoch, used, next_at, order_id)
VALUES ('T1', 42, '{"code":"TOPUP_PJP1","wholesale":9000,"currency":"USD4","data":1073741824,"kind":1,"days":7}', 'data10', 140, '1 en', 1795435200000, '', 0, 0, 0, '');

UPDATE esims SET alerts = 'data50,own';
