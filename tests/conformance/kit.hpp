// The kit that no courier can avoid: its parameters are the registry, its data the recordings.
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "adapters/courier/registry.hpp"
#include "tests/conformance/recording.hpp"

namespace returngate::conformance {

class CourierKit : public testing::TestWithParam<const courier::Courier*> {
protected:
    const courier::Courier& courier() const { return *GetParam(); }
    const courier::Account& account() const { return recording_.account; }
    bool signs_its_pushes() const { return courier().profile().callback_proof != Proof::secret_url; }

    Recording recording_ = load_recording(GetParam()->profile().code);
};

// In every file of the kit: INSTANTIATE_TEST_SUITE_P(Registry, Suite, every_courier(), courier_name);
inline auto every_courier() {
    const auto all = courier::all_couriers();
    return testing::ValuesIn(all.begin(), all.end());
}
inline std::string courier_name(const testing::TestParamInfo<const courier::Courier*>& row) {
    return std::string(row.param->profile().code);
}

// The events in the form of the recordings' expectations.
[[nodiscard]] std::string render_events(const std::vector<TrackingEvent>& events);
[[nodiscard]] std::vector<TrackingEvent> events_of(const courier::Courier& courier,
                                                   const courier::Account& account,
                                                   const courier::Push& push);

}  // namespace returngate::conformance
