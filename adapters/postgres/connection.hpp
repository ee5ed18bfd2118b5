// One connection with the session settings that money needs, and what its failures mean.
#pragma once

#include <memory>
#include <pqxx/connection>
#include <string>

#include "src/base/result.hpp"

namespace returngate::postgres {

// UTC, bounded statements and locks, durable commits, no silent reconnect. Throws
// pqxx::broken_connection when the server is away.
[[nodiscard]] std::unique_ptr<pqxx::connection> connect(const std::string& dsn);

// For connections that only look rows up by key. A plan cached while a table was still empty reads it
// from end to end, and keeps doing so while the table grows under it: point look-ups say no to that.
void prefer_indexes(pqxx::connection& connection);

// What a libpqxx exception means for the caller. libpqxx 6.4 derives serialization failures and
// in-doubt commits from other bases than sql_error, so catching that one type is never enough.
enum class Failure {
    stale,        // somebody was faster, or the row stayed locked
    violated,     // the rows themselves are refused, now and later
    unavailable,  // the server, or the way to it
    in_doubt,     // of a COMMIT
    other,
};
struct FailureReport {
    Failure failure = Failure::other;
    std::string constraint;  // of a violation; a word of ours where the refusal is no constraint's
    std::string sqlstate;    // empty: not the server's answer
    std::string detail;      // the server's first line; row contents are cut off
};
// Call inside a catch block.
[[nodiscard]] FailureReport explain_current_exception();
// The server refused and lives on: the session can be used again.
[[nodiscard]] bool is_answer(const FailureReport& report);

}  // namespace returngate::postgres
