// Counting, under one lock.
#include "gateway/work/courier_places.hpp"

#include <algorithm>

namespace returngate::work {
namespace {

bool is_among(const std::vector<CourierCode>& codes, const std::string& code) {
    return std::ranges::find(codes, code, &CourierCode::value) != codes.end();
}

}  // namespace

CourierPlaces::CourierPlaces(const std::vector<CourierOptions>& couriers) {
    for (const auto& options : couriers) places_[options.code.value].most = std::max(1, options.concurrency);
}

std::vector<postgres::LeasedJob> CourierPlaces::take(std::vector<postgres::LeasedJob>& jobs,
                                                     const std::vector<CourierCode>& not_called) {
    std::vector<postgres::LeasedJob> kept;
    std::vector<postgres::LeasedJob> surplus;
    const std::lock_guard lock(mutex_);
    for (auto& job : jobs) {
        Places& places = places_[job.courier.value];
        if (places.is_full() && !is_among(not_called, job.courier.value)) {
            surplus.push_back(std::move(job));
        } else {
            ++places.taken;
            kept.push_back(std::move(job));
        }
    }
    jobs = std::move(kept);
    return surplus;
}

bool CourierPlaces::leave(const CourierCode& courier) {
    const std::lock_guard lock(mutex_);
    Places& places = places_[courier.value];
    const bool was_full = places.is_full();
    --places.taken;
    return was_full;
}

std::vector<CourierCode> CourierPlaces::full(const std::vector<CourierCode>& not_called) const {
    std::vector<CourierCode> codes;
    const std::lock_guard lock(mutex_);
    for (const auto& [code, places] : places_) {
        if (places.is_full() && !is_among(not_called, code)) codes.push_back(CourierCode{code});
    }
    return codes;
}

}  // namespace returngate::work
