// The world in which many scenarios live side by side: one gateway, its database, couriers and a provider,
// and a wall clock that stands still until the test moves it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/support/virtual_clock.hpp"

namespace returngate::e2e {

// Couriers take every order down and then say nothing, and the provider pays nobody, until a scenario speaks
// for them.
class VirtualDay {
    testing::VirtualClock clock_;

public:
    VirtualDay(Instant start, std::vector<TomlSetting> rules);

    [[nodiscard]] Instant now() const { return clock_.now(); }
    // Clocks that run out on the way do so each at its own time.
    void pass_until(Instant when);
    // Returns when nothing is left to do at this instant; false (and a failed test) when that does not come.
    bool settle();
    // The jobs of these kinds ("confirm_collection") are due now instead of later; false: there are none.
    bool bring_forward(const std::string& return_id, const std::vector<std::string>& kinds);
    // What nobody has said until now is said: the provider pays.
    void end();

    Scene scene;
    Books books;

private:
    [[nodiscard]] std::optional<Instant> next_timer();
};

// As it stands in the database's columns of this name.
[[nodiscard]] std::string uuid_of(const std::string& return_id);
// An instant as SQL.
[[nodiscard]] std::string sql(Instant instant);

}  // namespace returngate::e2e
