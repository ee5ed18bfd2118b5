// claim, load and save of a batch. Reads hold no locks (versions protect what they lead to); the save is
// one statement and therefore its own transaction.
#include "adapters/postgres/postgres_store.hpp"

#include <map>
#include <pqxx/pqxx>

#include "adapters/postgres/binary_parameters.hpp"
#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/load.hpp"
#include "adapters/postgres/row_reader.hpp"
#include "adapters/postgres/tables.hpp"

namespace returngate::postgres {
namespace {

// A claim lives in the number's own cell, not the buyer's: the same number must meet itself. Of two that ask
// at once the first one gets it; the other is told who has it by the second statement.
constexpr const char* kClaim = R"(
INSERT INTO waybill_claim (cell, courier, number, return_id, claimed_at)
SELECT unnest($1::int2[]), unnest($2::text[]), unnest($3::text[]), unnest($4::uuid[]), unnest($5::timestamptz[])
ON CONFLICT DO NOTHING RETURNING courier, number)";
constexpr const char* kClaimOwners = R"(
SELECT k.courier, k.number, k.return_id
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::text[]) AS courier, unnest($3::text[]) AS number) w
CROSS JOIN LATERAL (SELECT * FROM waybill_claim c
    WHERE c.cell = w.cell AND c.courier = w.courier AND c.number = w.number LIMIT 1) k)";

// By whole keys, so that the one index is enough.
constexpr const char* kFindClaims = R"(
SELECT k.courier, k.number, k.return_id, c.buyer_id, c.seller_id, k.claimed_at
FROM (SELECT unnest($1::int2[]) AS cell, unnest($2::text[]) AS courier, unnest($3::text[]) AS number) w
CROSS JOIN LATERAL (SELECT * FROM waybill_claim c
    WHERE c.cell = w.cell AND c.courier = w.courier AND c.number = w.number LIMIT 1) k
JOIN return_case c ON c.cell = get_byte(uuid_send(k.return_id), 0)::int2 AND c.return_id = k.return_id)";

constexpr std::array kClaimColumns{Column{"cell", "int2"}, Column{"courier", "text"},
                                   Column{"number", "text"}, Column{"return_id", "uuid"},
                                   Column{"claimed_at", "timestamptz"}};
constexpr Table kClaimShape{"", kClaimColumns, 3};
constexpr Table kClaimKeyShape{"", std::span(kClaimColumns).first<3>(), 3};

// Courier and number: one order for all who claim, so that no two wait for each other.
using ClaimName = std::pair<std::string, std::string>;
using ClaimOwners = std::map<ClaimName, ReturnId>;

ClaimName name_of(const ClaimKey& key) {
    return {key.courier, key.number};
}

ClaimName read_claim_name(RowReader& in) {
    std::string courier = in.text();
    return {std::move(courier), in.text()};
}

// The first of those that ask for a number.
ClaimOwners first_of(const std::vector<store::ClaimRequest>& requests) {
    ClaimOwners first;
    for (const auto& request : requests) first.try_emplace(name_of(request.key), request.return_id);
    return first;
}

void insert_claims(pqxx::transaction_base& session, const ClaimOwners& first, Instant at,
                   ClaimOwners& owners) {
    RowSet rows(kClaimShape, Write::insert);
    for (const auto& [name, return_id] : first) {
        rows.put_cell(cell_of(name.second)).put(name.first).put(name.second).put(return_id).put(at);
    }
    for (const auto& row : read(session, "claim", {&rows})) {
        RowReader in(row);
        const auto name = read_claim_name(in);
        owners.emplace(name, first.at(name));
    }
}

void find_owners(pqxx::transaction_base& session, const ClaimOwners& first, ClaimOwners& owners) {
    RowSet keys(kClaimKeyShape, Write::insert);
    for (const auto& [name, return_id] : first) {
        if (!owners.contains(name)) keys.put_cell(cell_of(name.second)).put(name.first).put(name.second);
    }
    for (const auto& row : read(session, "claim_owners", {&keys})) {
        RowReader in(row);
        auto name = read_claim_name(in);
        owners.emplace(std::move(name), in.id<ReturnId>());
    }
}

class PostgresStore final : public store::Store {
public:
    explicit PostgresStore(std::string dsn) : dsn_(std::move(dsn)) {}

    Result<std::vector<ReturnId>> claim(const std::vector<store::ClaimRequest>& requests) override;
    Result<std::vector<RelatedClaim>> find_claims(const std::vector<ClaimKey>& keys) override;
    Result<store::LoadedRows> load(const store::LoadRequest& request) override;
    store::SaveOutcome save(const store::Changes& changes) override;

private:
    pqxx::connection& main();
    pqxx::connection& claims();
    std::string prepared_save(const std::vector<RowSet>& sets);
    Error read_failed();
    void disconnect();

    std::string dsn_;
    std::unique_ptr<pqxx::connection> main_;
    // Commits without waiting for the disk: the batch's own commit follows in the same log and does
    // wait, so a claim is never less durable than the decision that rests on it.
    std::unique_ptr<pqxx::connection> claims_;
    std::map<std::string, std::string> saves_;  // shape → prepared name
    RowAddresses addresses_;                    // of what was loaded last
};

pqxx::connection& PostgresStore::main() {
    if (!main_) {
        saves_.clear();
        auto connection = connect(dsn_);
        prefer_indexes(*connection);
        prepare_load(*connection);
        main_ = std::move(connection);
    }
    return *main_;
}

pqxx::connection& PostgresStore::claims() {
    if (!claims_) {
        auto connection = connect(dsn_);
        prefer_indexes(*connection);
        pqxx::nontransaction(*connection).exec("SET synchronous_commit = off");
        connection->prepare("claim", kClaim);
        connection->prepare("claim_owners", kClaimOwners);
        connection->prepare("find_claims", kFindClaims);
        claims_ = std::move(connection);
    }
    return *claims_;
}

void PostgresStore::disconnect() {
    main_.reset();
    claims_.reset();
}

// Inside a catch block.
Error PostgresStore::read_failed() {
    const auto report = explain_current_exception();
    if (report.failure == Failure::violated)
        return Error{ErrorKind::invalid, report.constraint, report.detail};
    disconnect();
    if (report.failure == Failure::other) return Error{ErrorKind::malformed, "row_unreadable", report.detail};
    return Error{ErrorKind::unavailable, "database_unavailable", report.detail};
}

Result<std::vector<ReturnId>> PostgresStore::claim(const std::vector<store::ClaimRequest>& requests) {
    if (requests.empty()) return std::vector<ReturnId>{};
    try {
        pqxx::nontransaction session(claims());
        const auto first = first_of(requests);
        ClaimOwners owners;
        insert_claims(session, first, requests.front().at, owners);
        if (owners.size() < first.size()) find_owners(session, first, owners);
        // Whoever had it when we inserted is committed, and a claim is never removed.
        if (owners.size() < first.size())
            return fail(ErrorKind::unavailable, "claim_contended", "The waybill's claim is contended.");
        std::vector<ReturnId> answers;
        for (const auto& request : requests) answers.push_back(owners.at(name_of(request.key)));
        return answers;
    } catch (...) {
        return tl::unexpected(read_failed());
    }
}

Result<std::vector<RelatedClaim>> PostgresStore::find_claims(const std::vector<ClaimKey>& keys) {
    std::vector<RelatedClaim> found;
    if (keys.empty()) return found;
    try {
        pqxx::nontransaction session(claims());
        RowSet wanted(kClaimKeyShape, Write::insert);
        for (const auto& key : keys) wanted.put_cell(cell_of(key.number)).put(key.courier).put(key.number);
        for (const auto& row : read(session, "find_claims", {&wanted})) {
            RowReader in(row);
            RelatedClaim claim;
            claim.key.courier = in.text();
            claim.key.number = in.text();
            claim.owner = in.id<ReturnId>();
            claim.buyer.value = in.text();
            claim.seller.value = in.text();
            claim.claimed_at = in.instant();
            found.push_back(std::move(claim));
        }
        return found;
    } catch (...) {
        return tl::unexpected(read_failed());
    }
}

// Decided on together, orders, lines and cases have to be of one instant: an order that another gateway
// has just changed, beside a case that it seemed not to have made, would refuse what was granted. A case
// by itself comes in one statement; what is read after it (events, answers) may be newer.
Result<store::LoadedRows> PostgresStore::load(const store::LoadRequest& request) {
    try {
        if (request.orders.empty() && request.buyers.empty()) {
            pqxx::nontransaction session(main());
            return load_rows(session, request, addresses_);
        }
        pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> session(main());
        return load_rows(session, request, addresses_);
    } catch (...) {
        return tl::unexpected(read_failed());
    }
}

// One statement for this combination of tables: every write a CTE, every version counted.
std::string PostgresStore::prepared_save(const std::vector<RowSet>& sets) {
    std::string shape;
    for (const auto& set : sets)
        shape.append(set.table().tag()).append(1, "+*@^-"[static_cast<std::size_t>(set.write())]);
    const auto known = saves_.find(shape);
    if (known != saves_.end()) return known->second;
    std::string with;
    std::string check;
    std::size_t parameter = 1;
    for (const auto& set : sets) {
        const Table& table = set.table();
        with += (with.empty() ? "WITH " : ",\n") + save_expression(set, parameter);
        if (set.write() == Write::update || set.write() == Write::update_at) {
            check += check.empty() ? "SELECT " : ", ";
            check += "require_all((SELECT count(*) FROM " + table.tag() + "_updated), cardinality($" +
                     std::to_string(parameter) + "::" + std::string(table.columns.front().type) + "[]))";
        }
        parameter += set.parameters();
    }
    const std::string name = "save_" + std::to_string(saves_.size());
    main().prepare(name, with + "\n" + (check.empty() ? "SELECT 1" : check));
    saves_.emplace(std::move(shape), name);
    return name;
}

store::SaveOutcome PostgresStore::save(const store::Changes& changes) {
    using Kind = store::SaveOutcome::Kind;
    bool sent = false;
    try {
        auto sets = rows_of(changes, addresses_);
        if (sets.empty()) return {Kind::committed, {}, {}};
        pqxx::connection& connection = main();
        const std::string name = prepared_save(sets);
        std::vector<RowSet*> all;
        for (auto& set : sets) all.push_back(&set);
        const auto parameters = binary_parameters(all);
        pqxx::nontransaction session(connection);
        sent = true;
        session.exec_prepared(name, pqxx::prepare::make_dynamic_params(parameters));
        return {Kind::committed, {}, {}};
    } catch (...) {
        const auto report = explain_current_exception();
        switch (report.failure) {
            case Failure::stale: return {Kind::stale, {}, report.detail};
            case Failure::violated:
                return {is_versioned_key(report.constraint) ? Kind::stale : Kind::violated, report.constraint,
                        report.detail};
            default: break;
        }
        // The statement is its own transaction: a connection lost after sending leaves it in doubt.
        // A server that answered with an error has rolled back.
        disconnect();
        return {sent && !is_answer(report) ? Kind::in_doubt : Kind::unavailable, {}, report.detail};
    }
}

}  // namespace

std::unique_ptr<store::Store> make_store(std::string dsn) {
    return std::make_unique<PostgresStore>(std::move(dsn));
}

}  // namespace returngate::postgres
