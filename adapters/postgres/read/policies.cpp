// One statement each, but for a proposal, which takes the next number under a lock.
#include "adapters/postgres/read/policies.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/json_texts.hpp"
#include "adapters/postgres/read/session.hpp"
#include "adapters/postgres/row_reader.hpp"

namespace returngate::postgres {
namespace {

const std::string kColumns =
    "version, note, proposed_by, proposed_at, coalesce(approved_by, ''), approved_at, effective_at";

PolicyVersion read_version(RowReader& in) {
    PolicyVersion row;
    row.version = static_cast<int>(in.integer());
    row.note = in.text();
    row.proposed_by = in.text();
    row.proposed_at = in.instant();
    row.approved_by = in.text();
    row.approved_at = in.optional_instant();
    row.effective_at = in.optional_instant();
    return row;
}

PolicyVersion read_with_rules(const pqxx::row& row) {
    RowReader in(row);
    PolicyVersion version = read_version(in);
    version.rules = in.text();
    return version;
}

constexpr int kBatch = 1000;

const std::string kApplications =
    "SELECT p.return_id, p.policy_version, p.inputs, p.items, p.pictures, p.reason, p.approval_rules, "
    "p.refund_rules FROM application p JOIN return_case c USING (cell, return_id) WHERE p.inputs IS NOT NULL";

ApplicationOnRecord read_application(const pqxx::row& row) {
    RowReader in(row);
    ApplicationOnRecord application;
    application.return_id = in.id<ReturnId>();
    application.policy_version = static_cast<int>(in.integer());
    const auto inputs = in.text();
    const auto items = in.text();
    const auto pictures = in.text();
    application.inputs = parse_inputs(inputs, items, pictures, in.text());
    application.approval_rules = in.text();
    application.refund_rules = in.text();
    return application;
}

std::string array_of(const std::vector<int>& numbers) {
    std::string text = "{";
    for (const int number : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(number);
    return text + "}";
}

}  // namespace

std::vector<PolicyVersion> Policies::list() {
    pqxx::nontransaction session(session_.connection());
    std::vector<PolicyVersion> versions;
    for (const auto& row :
         session.exec("SELECT " + kColumns + " FROM policy_version ORDER BY version DESC")) {
        RowReader in(row);
        versions.push_back(read_version(in));
    }
    return versions;
}

std::optional<PolicyVersion> Policies::find(int version) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(
        "SELECT " + kColumns + ", rules FROM policy_version WHERE version = $1::int", version);
    if (rows.empty()) return std::nullopt;
    return read_with_rules(rows[0]);
}

std::vector<PolicyVersion> Policies::approved_besides(const std::vector<int>& known) {
    pqxx::nontransaction session(session_.connection());
    std::vector<PolicyVersion> versions;
    for (const auto& row :
         session.exec_params("SELECT " + kColumns +
                                 ", rules FROM policy_version "
                                 "WHERE approved_by IS NOT NULL AND version <> ALL ($1::int[])",
                             array_of(known))) {
        versions.push_back(read_with_rules(row));
    }
    return versions;
}

int Policies::propose(const PolicyVersion& proposal) {
    pqxx::work work(session_.connection());
    work.exec("LOCK TABLE policy_version IN SHARE ROW EXCLUSIVE MODE");
    const auto rows = work.exec_params(
        "INSERT INTO policy_version (version, rules, note, proposed_by, proposed_at) "
        "SELECT coalesce(max(version), 0) + 1, $1, $2, $3, $4::timestamptz FROM policy_version RETURNING "
        "version",
        proposal.rules, proposal.note, proposal.proposed_by, format_rfc3339(proposal.proposed_at));
    work.commit();
    return rows[0][0].as<int>();
}

bool Policies::approve(const PolicyVersion& approval) {
    pqxx::work work(session_.connection());
    const auto done = work.exec_params(
        "UPDATE policy_version SET (approved_by, approved_at, effective_at) = ($2, $3::timestamptz, "
        "$4::timestamptz) "
        "WHERE version = $1::int AND approved_by IS NULL",
        approval.version, approval.approved_by, format_rfc3339(approval.approved_at.value()),
        format_rfc3339(approval.effective_at.value()));
    work.commit();
    return done.affected_rows() == 1;
}

void Policies::seed(const std::string& rules, Instant at) {
    pqxx::work work(session_.connection());
    work.exec_params(
        "INSERT INTO policy_version SELECT 1, $1, 'policy.toml at the first start', 'installation', "
        "$2::timestamptz, "
        "'installation', $2::timestamptz, to_timestamp(0), true "
        "WHERE NOT EXISTS (SELECT FROM policy_version) ON CONFLICT DO NOTHING",
        rules, format_rfc3339(at));
    work.commit();
}

std::optional<ApplicationOnRecord> Policies::find_application(ReturnId id) {
    pqxx::nontransaction session(session_.connection());
    const auto rows = session.exec_params(kApplications + " AND p.cell = $1::int2 AND p.return_id = $2::uuid",
                                          cell_number(id.cell()), uuid_text(id));
    if (rows.empty()) return std::nullopt;
    return read_application(rows[0]);
}

void Policies::for_applications(Instant from, Instant until,
                                const std::function<void(const ApplicationOnRecord&)>& take) {
    pqxx::work session(session_.connection());
    session.exec("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = 0");
    session.exec_params("DECLARE applications CURSOR FOR " + kApplications +
                            " AND c.applied_at >= $1::timestamptz AND c.applied_at < $2::timestamptz "
                            "ORDER BY c.applied_at, c.return_id",
                        format_rfc3339(from), format_rfc3339(until));
    while (true) {
        const auto rows = session.exec("FETCH " + std::to_string(kBatch) + " FROM applications");
        for (const auto& row : rows) take(read_application(row));
        if (rows.empty()) return;
    }
}

}  // namespace returngate::postgres
