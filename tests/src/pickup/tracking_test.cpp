// The words of tracking statuses and proofs stand in stored rows: they may not drift.
#include "src/pickup/tracking.hpp"

#include <gtest/gtest.h>

namespace returngate {
namespace {

TEST(TrackingStatus, EveryStatusHasItsOwnWordAndComesBackFromIt) {
    for (int i = 0; i <= static_cast<int>(TrackingStatus::unknown); ++i) {
        const auto status = static_cast<TrackingStatus>(i);
        EXPECT_EQ(parse_tracking_status(to_string(status)), status) << to_string(status);
    }
    EXPECT_EQ(to_string(TrackingStatus::accepted), "accepted");
    EXPECT_EQ(to_string(TrackingStatus::collected), "collected");
    EXPECT_EQ(to_string(TrackingStatus::out_for_delivery), "out_for_delivery");
    EXPECT_EQ(to_string(TrackingStatus::undone), "undone");
    EXPECT_EQ(to_string(TrackingStatus::unknown), "unknown");
}

TEST(TrackingStatus, ForeignWordsAreNoStatus) {
    for (const std::string_view text : {"", "Collected", "collected ", "GOT"})
        EXPECT_FALSE(parse_tracking_status(text)) << text;
}

TEST(Proof, WordsFollowStrength) {
    EXPECT_EQ(to_string(Proof::secret_url), "secret_url");
    EXPECT_EQ(to_string(Proof::weak_signature), "weak_signature");
    EXPECT_EQ(to_string(Proof::strong_signature), "strong_signature");
    EXPECT_EQ(to_string(Proof::query), "query");
}

}  // namespace
}  // namespace returngate
