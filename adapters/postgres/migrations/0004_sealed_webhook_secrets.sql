-- Secrets of webhook endpoints are sealed by the gateway (AES-256-GCM: 12 bytes of nonce, the ciphertext, 16 of
-- tag). Those from before are sealed by `returngate migrate` right after this, which alone knows the key.
ALTER TABLE webhook_secret RENAME COLUMN secret TO sealed;
ALTER TABLE webhook_secret DROP CONSTRAINT webhook_secret_secret_check;
ALTER TABLE webhook_secret ADD COLUMN is_plain boolean NOT NULL DEFAULT false;
UPDATE webhook_secret SET is_plain = true;
ALTER TABLE webhook_secret ADD CHECK (length(sealed) BETWEEN 24 AND 92 AND (is_plain OR length(sealed) >= 52));
