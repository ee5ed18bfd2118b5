// What has to be true when kills, faults and traffic are over.
#pragma once

#include "tests/e2e/scene.hpp"
#include "tests/e2e/traffic.hpp"
#include "tests/support/acknowledgement_log.hpp"

namespace returngate::e2e {

// The traffic has stopped: all that was begun comes to its end; then nothing acknowledged is missing, every
// promise has its work or is kept, nobody was paid twice and nothing is to be fetched twice.
void expect_that_nothing_was_lost(Scene& scene, Traffic& traffic, const testing::AcknowledgementLog& log);

}  // namespace returngate::e2e
