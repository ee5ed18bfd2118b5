// Planted bugs, for the canary builds that prove the tests can fail (./dev canary). 0 in every real build.
// 5 stands in adapters/postgres, which may not include this: it compares RETURNGATE_PLANT itself.
#pragma once

namespace returngate {

inline constexpr int kPlant = RETURNGATE_PLANT;
inline constexpr int kPlantAckBeforeCommit = 1;
inline constexpr int kPlantNewKeyOnRetry = 2;
inline constexpr int kPlantInDoubtIsFailure = 3;
inline constexpr int kPlantLineReadThenWrite = 5;
inline constexpr int kPlantOutboxByLastId = 7;
inline constexpr int kPlantOutboxInSecondTransaction = 8;

}  // namespace returngate
