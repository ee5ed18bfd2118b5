// Quarantine, halts, keys, sellers, and the database's own state.
#include <pqxx/pqxx>

#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/read/desk.hpp"
#include "adapters/postgres/read/session.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {
namespace {

constexpr const char* kQuarantine = R"(
SELECT quarantine_id, courier, state, match_key, reason, received_at, decided_at FROM quarantine
WHERE CASE WHEN $1 = '' THEN state IN ('parked', 'quarantined') ELSE state = $1 END
  AND ($2 = '' OR (received_at, quarantine_id) > ($2::timestamptz, nullif($3, '')::uuid))
ORDER BY received_at, quarantine_id LIMIT $4::int)";

constexpr const char* kOneQuarantined = R"(
SELECT quarantine_id, courier, state, match_key, reason, received_at, decided_at, account, target, content_type, payload
FROM quarantine WHERE quarantine_id = $1::uuid)";

constexpr const char* kAddQuarantined = R"(
INSERT INTO quarantine (quarantine_id, courier, state, match_key, reason, received_at, content_hash, target,
                        content_type, payload, account)
VALUES ($1::uuid, $2, $3, $4, $5, $6::timestamptz, sha256(convert_to($4, 'UTF8') || $9::bytea), $7, $8, $9::bytea, $10)
ON CONFLICT DO NOTHING)";

constexpr const char* kPutContact = R"(
INSERT INTO contact (cell, contact_id, kind, name, phone, province, city, county, address)
VALUES (0, $1::uuid, 'return_address', $2, $3, $4, $5, $6, $7)
ON CONFLICT (cell, contact_id) DO UPDATE SET (name, phone, province, city, county, address) =
    (EXCLUDED.name, EXCLUDED.phone, EXCLUDED.province, EXCLUDED.city, EXCLUDED.county, EXCLUDED.address))";

constexpr const char* kPutSeller = R"(
INSERT INTO seller (seller_id, name, pilot, return_contact_id, updated_at)
VALUES ($1, $2, $3, $4::uuid, $5::timestamptz)
ON CONFLICT (seller_id) DO UPDATE SET (name, pilot, updated_at) = (EXCLUDED.name, EXCLUDED.pilot, EXCLUDED.updated_at)
RETURNING return_contact_id)";

constexpr const char* kKeys = R"(
SELECT key_id, hash, caller, owner, coalesce(seller_id, ''), created_at, expires_at, revoked_at,
       coalesce(encode(client_certificate, 'hex'), '')
  FROM api_key ORDER BY created_at, key_id)";

QuarantineView read_quarantined(RowReader& in) {
    QuarantineView view;
    view.id = in.id<QuarantineId>();
    view.courier.value = in.text();
    view.state = in.text();
    view.match_key = in.text();
    view.reason = in.text();
    view.received_at = in.instant();
    view.decided_at = in.optional_instant();
    return view;
}

// The clock for shipping is left to run out unheard once the parcel is collected.
constexpr const char* kClocks = R"(
SELECT j.kind, return_id, j.subject, j.due_at FROM job j JOIN return_case c USING (cell, return_id)
WHERE j.run_at < $1::timestamptz AND (j.kind LIKE '%\_deadline' OR j.kind = 'door_give_up')
  AND (j.kind <> 'ship_deadline' OR c.status = 'awaiting_parcel')
ORDER BY j.run_at LIMIT $2)";

}  // namespace

std::vector<QuarantineView> ReadModel::quarantine(const std::string& state,
                                                  const std::optional<PagePosition>& after, int most) {
    pqxx::nontransaction session(session_.connection());
    const auto rows =
        session.exec_params(kQuarantine, state, after ? format_rfc3339(after->at) : std::string(),
                            after ? uuid_text(after->id) : std::string(), most);
    std::vector<QuarantineView> found;
    for (const auto& row : rows) {
        RowReader in(row);
        found.push_back(read_quarantined(in));
    }
    return found;
}

std::optional<QuarantinedCallback> ReadModel::find_quarantined(QuarantineId id) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(kOneQuarantined, uuid_text(id));
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    RowReader in(row);
    QuarantinedCallback callback;
    callback.view = read_quarantined(in);
    callback.account = in.text();
    callback.target = in.text();
    callback.content_type = in.text();
    callback.payload = in.bytes();
    return callback;
}

std::vector<QuarantineId> ReadModel::parked_under(const std::string& match_key) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(
        "SELECT quarantine_id FROM quarantine WHERE state = 'parked' AND match_key = $1 ORDER BY received_at",
        match_key);
    std::vector<QuarantineId> ids;
    for (const auto& row : rows) {
        RowReader in(row);
        ids.push_back(in.id<QuarantineId>());
    }
    return ids;
}

std::vector<std::string> ReadModel::parked_keys(const std::string& after, int most) {
    pqxx::nontransaction session(session_.connection());
    std::vector<std::string> keys;
    for (const auto& row :
         session.exec_params("SELECT DISTINCT match_key FROM quarantine WHERE state = 'parked' "
                             "AND match_key > $1 ORDER BY match_key LIMIT $2::int",
                             after, most)) {
        keys.emplace_back(row[0].c_str());
    }
    return keys;
}

std::vector<ClockView> ReadModel::clocks(Instant until, int most) {
    pqxx::nontransaction session(session_.connection());
    std::vector<ClockView> found;
    // By the index on time: calls that are due stand among the clocks, and are few.
    for (const auto& row : session.exec_params(kClocks, format_rfc3339(until), most)) {
        RowReader in(row);
        ClockView clock;
        const auto kind = parse_job_kind(in.text());
        if (!kind) throw std::runtime_error("the database has a job of an unknown kind");
        clock.kind = *kind;
        clock.return_id = in.id<ReturnId>();
        clock.subject = in.text();
        clock.due_at = in.instant();
        found.push_back(std::move(clock));
    }
    return found;
}

std::vector<HaltView> ReadModel::halts(int most) {
    pqxx::nontransaction session(session_.connection());
    std::vector<HaltView> halts;
    for (const auto& row : session.exec_params(
             "SELECT halted, reason, by_whom, at FROM money_halt ORDER BY halt_id DESC LIMIT $1::int",
             most)) {
        RowReader in(row);
        HaltView halt;
        halt.halted = in.flag();
        halt.reason = in.text();
        halt.by_whom = in.text();
        halt.at = in.instant();
        halts.push_back(std::move(halt));
    }
    return halts;
}

std::vector<KeyView> ReadModel::keys() {
    pqxx::nontransaction session(session_.connection());
    std::vector<KeyView> keys;
    for (const auto& row : session.exec(kKeys)) {
        RowReader in(row);
        KeyView key;
        key.key_id = in.uuid();
        key.hash = in.bytes();
        key.caller = in.text();
        key.owner = in.text();
        key.seller_id = in.text();
        key.created_at = in.instant();
        key.expires_at = in.instant();
        key.revoked_at = in.optional_instant();
        key.client_certificate = in.text();
        keys.push_back(std::move(key));
    }
    return keys;
}

std::int64_t ReadModel::jobs_overdue(Instant now, std::chrono::seconds late) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params("SELECT count(*) FROM job WHERE run_at < $1::timestamptz",
                                          format_rfc3339(now - late));
    return rows[0][0].as<std::int64_t>();
}

int ReadModel::schema_version() {
    return postgres::schema_version(session_.connection());
}

bool Records::put_seller(const SellerRow& seller) {
    pqxx::work work(session_.connection());
    const std::string fresh = uuid_text(seller.return_address.id);
    const auto rows = work.exec_params(kPutSeller, seller.id.value, seller.name, seller.is_pilot, fresh,
                                       format_rfc3339(seller.at));
    const pqxx::row row = rows[0];
    RowReader in(row);
    const auto contact = in.id<ContactId>();
    const Contact& address = seller.return_address;
    work.exec_params(kPutContact, uuid_text(contact), address.name, address.phone, address.province,
                     address.city, address.county, address.address);
    work.commit();
    return contact != address.id;
}

void Records::quarantine(const QuarantinedCallback& callback) {
    pqxx::work work(session_.connection());
    const QuarantineView& view = callback.view;
    work.exec_params(kAddQuarantined, uuid_text(view.id), view.courier.value, view.state, view.match_key,
                     view.reason, format_rfc3339(view.received_at), callback.target, callback.content_type,
                     bytea_text(callback.payload), callback.account);
    work.commit();
}

bool Records::bind_quarantined(QuarantineId id, Instant at) {
    pqxx::work work(session_.connection());
    const auto done = work.exec_params(
        "UPDATE quarantine SET state = 'bound', decided_at = $2::timestamptz WHERE quarantine_id = $1::uuid "
        "AND state IN ('parked', 'quarantined')",
        uuid_text(id), format_rfc3339(at));
    work.commit();
    return done.affected_rows() == 1;
}

bool Records::quarantine_parked(QuarantineId id, const std::string& reason) {
    pqxx::work work(session_.connection());
    const auto done = work.exec_params(
        "UPDATE quarantine SET state = 'quarantined', reason = $2 WHERE quarantine_id = $1::uuid "
        "AND state = 'parked'",
        uuid_text(id), reason);
    work.commit();
    return done.affected_rows() == 1;
}

void Records::halt_money(const HaltView& halt) {
    pqxx::work work(session_.connection());
    work.exec_params(
        "INSERT INTO money_halt (halted, reason, by_whom, at) VALUES ($1, $2, $3, $4::timestamptz)",
        halt.halted, halt.reason, halt.by_whom, format_rfc3339(halt.at));
    work.commit();
}

}  // namespace returngate::postgres
