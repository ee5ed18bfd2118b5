-- Refunds that sellers owe have an account beside the advances'.
INSERT INTO chart_of_accounts VALUES
    ('refunds_receivable', 'asset', 'refunded to buyers for sellers, owed by their escrow');
