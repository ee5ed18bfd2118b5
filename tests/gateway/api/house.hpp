// A whole gateway in the test's process, on a database of its own, with one key per class of caller.
// No workers: nothing calls out. Every exchange is held against the OpenAPI document.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/json/reader.hpp"
#include "gateway/gateway.hpp"
#include "gateway/http/identity.hpp"
#include "tests/support/migrated_database.hpp"
#include "tests/support/openapi_check.hpp"
#include "tests/support/plain_http.hpp"

namespace returngate::api {

inline constexpr std::string_view kYtoToken = "ytoCallbackToken0123456789abcdef0";
inline constexpr std::string_view kYtoPushSecret = "yto-push-secret";
// Of a further account with YTO.
inline constexpr std::string_view kYtoSouthToken = "ytoSouthCallbackToken0123456789ab";
inline constexpr std::string_view kYtoSouthPushSecret = "yto-south-push-secret";
inline constexpr std::string_view kSfToken = "sfCallbackToken00123456789abcdef0";

struct Asking {
    std::string body{};
    std::string idempotency_key{};
    std::string content_type = "application/json";
    std::string authorization{};  // instead of the caller's key
};

class House {
public:
    // Without waiting streams, a stream says at once what there is.
    explicit House(int waiting_streams = 0);

    [[nodiscard]] testing::MigratedDatabase& database() { return database_; }
    [[nodiscard]] std::uint16_t port() const { return gateway_->port(); }
    // Stops the gateway as a signal does; nothing can be asked afterwards.
    void drain() { gateway_.reset(); }
    // Nobody: no key at all.
    testing::PlainAnswer nobody(const std::string& method, const std::string& target,
                                const Asking& asking = {}) const;
    testing::PlainAnswer ask(Caller caller, const std::string& method, const std::string& target,
                             const Asking& asking = {}) const;
    // A key of that class made while the gateway runs; of a seller, bound to `seller`. Each class has one
    // owner, unless another one is named.
    [[nodiscard]] std::string add_key(Caller caller, const std::string& seller = "", bool is_expired = false,
                                      const std::string& owner = "");
    [[nodiscard]] std::string key(Caller caller) const { return keys_.at(static_cast<std::size_t>(caller)); }

    // Master data of one buyer with one order of 259 CNY, and the application for all of it.
    void put_master_data(const std::string& buyer = "buyer-1", const std::string& order = "order-1");
    [[nodiscard]] static std::string application(const std::string& more = "",
                                                 const std::string& after_sale = "as-1");
    // The return's id.
    [[nodiscard]] std::string apply(const std::string& more = "", const std::string& after_sale = "as-1");
    // The booking that the pickup stands on.
    [[nodiscard]] std::string booking_reference();

private:
    void wait_until_ready() const;

    testing::MigratedDatabase database_;
    testing::OpenApiCheck document_;
    std::vector<std::string> keys_;
    std::unique_ptr<Gateway> gateway_;
};

[[nodiscard]] json::Value body_of(const testing::PlainAnswer& answer);
// The pointers of a problem's errors, in order.
[[nodiscard]] std::vector<std::string> pointers_of(const testing::PlainAnswer& answer);

inline constexpr std::string_view kContact =
    R"({"name":"张三","phone":"+86 138-0000-0000","province":"浙江省","city":"杭州市","county":"西湖区","address":"文三路1号"})";

}  // namespace returngate::api
