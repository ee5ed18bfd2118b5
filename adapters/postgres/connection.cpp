// Session settings, and the table from exceptions to what they mean.
#include "adapters/postgres/connection.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/table.hpp"

namespace returngate::postgres {
namespace {

// Settings are sent in the start-up packet, so that no session exists without them.
constexpr const char* kSession =
    "-c timezone=UTC -c datestyle=ISO -c statement_timeout=10s -c lock_timeout=2s "
    "-c idle_in_transaction_session_timeout=15s -c synchronous_commit=on -c "
    "plan_cache_mode=force_generic_plan "
    "-c jit=off -c client_min_messages=warning -c search_path=public";

// `duplicate key value violates unique constraint "name"` → name. The DETAIL line with the row's
// values never leaves this file.
std::string constraint_of(const std::string& message) {
    const auto word = message.find("constraint \"");
    if (word == std::string::npos) return {};
    const auto begin = word + 12;
    return message.substr(begin, message.find('"', begin) - begin);
}

std::string first_line(const std::string& message) {
    return message.substr(0, message.find('\n'));
}

// By class of the SQLSTATE (PostgreSQL's appendix A).
FailureReport explain_state(const pqxx::sql_error& error) {
    const std::string state = error.sqlstate();
    if (state.starts_with("40") || state == "55P03")
        return {Failure::stale, {}, state, first_line(error.what())};
    // 08 connection, 53 resources, 57 operator intervention: the database is not there for us.
    if (state.empty() || state.starts_with("08") || state.starts_with("53") || state.starts_with("57")) {
        return {Failure::unavailable, {}, state, first_line(error.what())};
    }
    if (state.starts_with("23")) {
        return {Failure::violated, constraint_of(error.what()), state, first_line(error.what())};
    }
    // 22 data (bytes that are no text, a year out of range), 21 the same key twice in one save. The
    // server's line would repeat the value.
    if (state.starts_with("22"))
        return {Failure::violated, "text_not_storable", state, "a value cannot be stored"};
    if (state.starts_with("21")) return {Failure::violated, "row_twice", state, "a row is written twice"};
    return {Failure::other, {}, state, first_line(error.what())};
}

}  // namespace

std::unique_ptr<pqxx::connection> connect(const std::string& dsn) {
    // Keyword form "host=… dbname=…" is extended; a URL gets its options as a parameter.
    std::string text = dsn;
    if (text.starts_with("postgres")) {
        text += (text.find('?') == std::string::npos ? "?" : "&");
        text += "connect_timeout=5&application_name=returngate";
    } else {
        text += " connect_timeout=5 application_name=returngate keepalives_idle=30 tcp_user_timeout=10000";
        text += std::string(" options='") + kSession + "'";
    }
    auto connection = std::make_unique<pqxx::connection>(text);
    // libpqxx 6.4 reconnects by itself and loses the session's settings; the call that forbids it is
    // deprecated because 7 never does.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
    if (dsn.starts_with("postgres")) {
        pqxx::nontransaction session(*connection);
        session.exec(
            "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET statement_timeout = '10s'; "
            "SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '15s'; "
            "SET synchronous_commit = on; SET plan_cache_mode = force_generic_plan; SET jit = off; "
            "SET client_min_messages = warning");
    }
    return connection;
}

void prefer_indexes(pqxx::connection& connection) {
    pqxx::nontransaction(connection)
        .exec(
            "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
            "SET enable_material = off; SET enable_memoize = off");
}

FailureReport explain_current_exception() {
    try {
        throw;
    } catch (const pqxx::in_doubt_error& error) {
        return {Failure::in_doubt, {}, {}, first_line(error.what())};
    } catch (const pqxx::statement_completion_unknown& error) {
        return {Failure::in_doubt, {}, {}, first_line(error.what())};
    } catch (const pqxx::transaction_rollback& error) {  // serialization failure, deadlock
        return {Failure::stale, {}, "40000", first_line(error.what())};
    } catch (const pqxx::broken_connection& error) {
        return {Failure::unavailable, {}, {}, first_line(error.what())};
    } catch (const pqxx::sql_error& error) {
        return explain_state(error);
    } catch (const TextNotStorable& error) {
        return {Failure::violated, "text_not_storable", {}, error.what()};
    } catch (const std::exception& error) {
        return {Failure::other, {}, {}, first_line(error.what())};
    }
}

bool is_answer(const FailureReport& report) {
    // 57P01…57P03 and class 08: the server ended the session, perhaps after it had done the work.
    const std::string_view state = report.sqlstate;
    return !state.empty() && !state.starts_with("57P") && !state.starts_with("08");
}

}  // namespace returngate::postgres
