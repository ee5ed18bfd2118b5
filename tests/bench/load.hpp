// A load generator: many keep-alive connections on one thread, closed loop or open loop.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace returngate::bench {

struct LoadPlan {
    std::uint16_t port = 0;
    int connections = 256;
    double seconds = 10;
    double rate_per_s = 0;  // 0: closed loop, each connection sends when it has its answer
    int status = 200;       // of every answer
    std::string expect;     // must stand in every body
};

struct LoadResult {
    std::int64_t answered = 0;  // with the expected status and body
    std::int64_t failed = 0;
    std::string first_failure;  // the answer, whole
    double seconds = 0;
    std::vector<double> latencies_ms;  // open loop: from the intended send time
    [[nodiscard]] double percentile_ms(double share) const;
};

// `next` gives the next request, "" when there is none left. Throws std::system_error when the port
// does not answer.
[[nodiscard]] LoadResult run_load(const LoadPlan& plan, const std::function<std::string()>& next);

}  // namespace returngate::bench
