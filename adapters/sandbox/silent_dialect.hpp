// A courier that reports nothing by itself, and has to be asked.
#pragma once

#include "adapters/sandbox/dialect.hpp"

namespace returngate::sandbox {

class SilentDialect : public Dialect {
public:
    [[nodiscard]] std::vector<CallbackMessage> callbacks(const Parcel&, const ParcelEvent&) const final {
        return {};
    }
    // Neither is sent where there are no callbacks; they would name the parcel and say nothing.
    [[nodiscard]] CallbackMessage garbage(const Parcel& parcel) const final { return silence(parcel); }
    [[nodiscard]] CallbackMessage forgery(const Parcel& parcel, const ParcelEvent&) const final {
        return silence(parcel);
    }
    [[nodiscard]] bool is_acknowledged(const http::Response& response) const final {
        return response.status == 200;
    }
    [[nodiscard]] std::vector<int> callback_retries_ms() const final { return {}; }

private:
    [[nodiscard]] static CallbackMessage silence(const Parcel& parcel) {
        return CallbackMessage{parcel.reference, parcel.stage, "text/plain", ""};
    }
};

}  // namespace returngate::sandbox
