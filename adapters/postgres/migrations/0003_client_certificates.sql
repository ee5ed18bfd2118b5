-- A key may be bound to one client certificate: SHA-256 of its DER bytes (docs/decisions/0012).
ALTER TABLE api_key ADD COLUMN client_certificate bytea CHECK (length(client_certificate) = 32);
