// The wall at which libpqxx's exceptions end, for everything that is not the pipeline.
#include "adapters/postgres/read/desk.hpp"

#include <pqxx/pqxx>

#include "adapters/crypto/digest.hpp"
#include "adapters/postgres/read/session.hpp"

namespace returngate::postgres {
namespace {

Error error_of(const FailureReport& report) {
    switch (report.failure) {
        case Failure::stale:
            return {ErrorKind::unavailable, "database_busy", "The database is busy with the same rows."};
        case Failure::violated:
            return {ErrorKind::conflict, "constraint_" + report.constraint,
                    "The change contradicts what is stored."};
        case Failure::unavailable:
            return {ErrorKind::unavailable, "database_unavailable", "The database is not available."};
        case Failure::in_doubt:
            return {ErrorKind::unavailable, "database_in_doubt",
                    "The database did not say whether it was done."};
        case Failure::other: break;
    }
    return {ErrorKind::in_doubt, "internal_error", "The database refused a statement of ours."};
}

}  // namespace

std::string bytea_text(std::string_view bytes) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    return "\\x" + crypto::to_hex({data, bytes.size()});
}

Desk::Desk(std::string dsn)
    : session_(std::make_unique<Session>(Session{std::move(dsn), nullptr})),
      read_(*session_),
      write_(*session_),
      events_(*session_),
      endpoints_(*session_),
      rounds_(*session_),
      policies_(*session_) {}
Desk::~Desk() = default;

Result<void> Desk::run(const std::function<void(Desk&)>& work) {
    try {
        work(*this);
        return {};
    } catch (...) {
        const FailureReport report = explain_current_exception();
        if (report.failure == Failure::unavailable || report.failure == Failure::in_doubt)
            session_->held.reset();
        return tl::unexpected(error_of(report));
    }
}

}  // namespace returngate::postgres
