// The wall clock of a test's child processes: it stands still until the test moves it.
#pragma once

#include <atomic>
#include <cstdint>

#include "src/base/time.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::testing {

// Programs of ours that are started while it lives have this clock. One at a time; move it from any thread.
class VirtualClock {
public:
    explicit VirtualClock(Instant start);
    ~VirtualClock();
    VirtualClock(const VirtualClock&) = delete;
    VirtualClock& operator=(const VirtualClock&) = delete;

    [[nodiscard]] Instant now() const;
    void set(Instant instant);

private:
    TemporaryFolder folder_;
    std::string sanitizer_options_;                      // as they were
    std::atomic<std::int64_t>* microseconds_ = nullptr;  // shared with the children
};

}  // namespace returngate::testing
