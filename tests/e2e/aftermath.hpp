// What has to be true when kills, faults and traffic are over.
#pragma once

#include <vector>

#include "tests/e2e/books.hpp"
#include "tests/e2e/scene.hpp"
#include "tests/support/acknowledgement_log.hpp"

namespace returngate::e2e {

// All that was begun comes to its end.
void expect_to_settle(Scene& scene, Books& books);
void expect_all_in_database(const std::vector<testing::Acknowledgement>& acknowledged, Books& books);
// By the couriers' own notes of which callbacks we have acknowledged.
void expect_callbacks_in_database(Scene& scene, Books& books);
// Every promise has its work, or is kept.
void expect_nothing_forgotten(Books& books);

}  // namespace returngate::e2e
