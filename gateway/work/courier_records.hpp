// What the couriers have done for us lately, for every decision to see; replaced whole now and then.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "src/pickup/courier_record.hpp"

namespace returngate::work {

// Any thread.
class CourierRecords {
public:
    using Records = std::vector<CourierRecord>;
    // Null before the first ones are known.
    [[nodiscard]] std::shared_ptr<const Records> current() const {
        const std::lock_guard lock(mutex_);
        return records_;
    }
    void replace(Records records) {
        auto fresh = std::make_shared<const Records>(std::move(records));
        const std::lock_guard lock(mutex_);
        records_ = std::move(fresh);
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Records> records_;
};

}  // namespace returngate::work
