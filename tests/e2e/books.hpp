// The books behind a scene, read past the gateway: its database, and what its ledger, the provider and
// the couriers have to agree on when a story has ended.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/scene.hpp"

namespace returngate::e2e {

class Books {
public:
    explicit Books(const std::string& dsn);
    ~Books();
    Books(const Books&) = delete;
    Books& operator=(const Books&) = delete;

    [[nodiscard]] std::int64_t number(const std::string& sql);
    // All rows; NULL is "".
    [[nodiscard]] std::vector<std::vector<std::string>> rows(const std::string& sql);
    [[nodiscard]] std::vector<std::string> column(const std::string& sql);

    // Every check of the ledger holds and has looked at something.
    void expect_clean_ledger();

private:
    struct Session;
    std::unique_ptr<Session> session_;
};

// The status of the return's bookings, oldest first: {"YTO refused", "SF collected"}.
[[nodiscard]] std::vector<std::string> bookings_of(Books& books, const std::string& return_id);
[[nodiscard]] std::string advance_state(Books& books, const std::string& return_id);  // "" when there is none

// Waits until no payout is under way; then the ledger is clean, and the provider has paid exactly the
// advances that we call paid, each once, under its own key, to its own payee.
void expect_square(Scene& scene);
// No two live bookings for the goods of one return, in one courier's book or over both.
void expect_one_live_booking_each(Scene& scene);

}  // namespace returngate::e2e
