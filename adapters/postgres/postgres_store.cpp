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

// A claim lives in the number's own cell, not the buyer's: the same number must meet itself.
constexpr const char* kClaim = R"(
WITH asked AS (
    SELECT * FROM unnest($1::int2[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[])
        WITH ORDINALITY AS a(cell, courier, number, return_id, claimed_at, i)
), made AS (
    INSERT INTO waybill_claim (cell, courier, number, return_id, claimed_at)
    SELECT DISTINCT ON (cell, courier, number) cell, courier, number, return_id, claimed_at
    FROM asked ORDER BY cell, courier, number, i
    ON CONFLICT DO NOTHING RETURNING cell, courier, number, return_id
)
SELECT coalesce(made.return_id, known.return_id)
FROM asked LEFT JOIN made USING (cell, courier, number)
LEFT JOIN LATERAL (
    SELECT k.return_id FROM waybill_claim k
    WHERE made.return_id IS NULL
      AND k.cell = asked.cell AND k.courier = asked.courier AND k.number = asked.number LIMIT 1
) known ON true
ORDER BY asked.i)";

constexpr std::array kClaimColumns{Column{"cell", "int2"}, Column{"courier", "text"},
                                   Column{"number", "text"}, Column{"return_id", "uuid"},
                                   Column{"claimed_at", "timestamptz"}};
constexpr Table kClaimShape{"", kClaimColumns, 3};

class PostgresStore final : public store::Store {
public:
    explicit PostgresStore(std::string dsn) : dsn_(std::move(dsn)) {}

    Result<std::vector<ReturnId>> claim(const std::vector<store::ClaimRequest>& requests) override;
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
    try {
        pqxx::nontransaction session(claims());
        // Another transaction may insert the number between our insert and our look: ask again.
        for (int attempt = 0; attempt < 5; ++attempt) {
            RowSet rows(kClaimShape, Write::insert);
            for (const auto& request : requests) {
                rows.put_cell(cell_of(request.key.number)).put(request.key.courier).put(request.key.number);
                rows.put(request.return_id).put(request.at);
            }
            const auto result = read(session, "claim", {&rows});
            std::vector<ReturnId> owners;
            for (const auto& row : result) {
                if (row[0].is_null()) break;
                owners.push_back(RowReader(row).id<ReturnId>());
            }
            if (owners.size() == requests.size()) return owners;
        }
        return fail(ErrorKind::unavailable, "claim_contended", "The waybill's claim is contended.");
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
            return load_rows(session, request);
        }
        pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> session(main());
        return load_rows(session, request);
    } catch (...) {
        return tl::unexpected(read_failed());
    }
}

// One statement for this combination of tables: every write a CTE, every version counted.
std::string PostgresStore::prepared_save(const std::vector<RowSet>& sets) {
    std::string shape;
    for (const auto& set : sets)
        shape.append(set.table().name).append(1, "+*^-"[static_cast<std::size_t>(set.write())]);
    const auto known = saves_.find(shape);
    if (known != saves_.end()) return known->second;
    std::string with;
    std::string check;
    std::size_t parameter = 1;
    for (const auto& set : sets) {
        const Table& table = set.table();
        with += (with.empty() ? "WITH " : ",\n") + save_expression(set, parameter);
        if (set.write() == Write::update) {
            check += check.empty() ? "SELECT " : ", ";
            check += "require_all((SELECT count(*) FROM " + std::string(table.name) +
                     "_updated), cardinality($" + std::to_string(parameter) +
                     "::" + std::string(table.columns.front().type) + "[]))";
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
        auto sets = rows_of(changes);
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
