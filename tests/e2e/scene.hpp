// One end-to-end test's world: a database, a gateway process (or several), couriers and a payment
// provider on real sockets, and short words for what the parties do. Everything ends with the scene.
#pragma once

#include <atomic>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/options.hpp"
#include "adapters/sandbox/script.hpp"
#include "tests/support/database.hpp"
#include "tests/support/gateway_process.hpp"
#include "tests/support/plain_http.hpp"

namespace returngate::e2e {

using testing::PlainAnswer;
using testing::TomlSetting;

struct SceneOptions {
    // Whom pickups are offered first: YTO, SF, or a courier with a file of its own, which is configured only
    // then. YTO and SF are next, in this order.
    std::string first = "YTO";
    double speed = 10;  // how much faster parcels live than the sandbox's own pace
    int gateways = 1;
    std::vector<TomlSetting> settings{};
    // How the gateways reach the database, given how the test does; absent: as the test.
    std::function<std::string(const std::string& dsn)> link{};
    // Settings that name the way to couriers and provider, given their port; absent: straight.
    std::function<std::vector<TomlSetting>(std::uint16_t world_port)> detour{};
    // The database's cluster, as a connection string; empty: the one that all tests share.
    std::string cluster{};
    // Couriers with files of their own that are configured as well, with their priorities.
    std::vector<std::pair<std::string, int>> further{};
    // Whose clock the couriers and the provider have; absent: it is ten in the morning, and time passes.
    std::function<Instant()> clock{};
    // Also the seller's superior, and a second person at the desk.
    bool has_second_persons = false;
};

// Who calls; each has a key of its own.
enum class As {
    platform,
    buyer_app,
    seller,
    other_seller,
    finance,
    operations,
    superior,           // of the seller's; only where the scene has second persons
    second_operations,  // likewise
};

// A buyer with one order of one item, and a door of their own.
struct Shopper {
    std::string buyer;
    std::string order;
    std::string after_sale;
    std::string payee;
    std::string door;
    std::int64_t amount_fen = 0;
    // Of the way to the buyer. Another shop's courier, unless a test says otherwise.
    std::string outbound_courier = "ZTO";
    std::string outbound_waybill = "75312480963571";
};

struct Event {
    std::int64_t seq = 0;
    std::string at;
    std::string type;
    json::Value data;
};
struct Timeline {
    std::vector<Event> events;
    [[nodiscard]] int count(std::string_view type) const;
    [[nodiscard]] const Event* first(std::string_view type) const;  // nullptr: not there
    [[nodiscard]] std::string words() const;                        // the types, for messages
};

struct CallOptions {
    std::string body{};
    std::string idempotency_key{};
    std::size_t gateway = 0;
};

// Callbacks go to the first gateway.
class Scene {
public:
    explicit Scene(SceneOptions options = {});
    // Shows the gateways' logs when the test has failed.
    ~Scene();
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    [[nodiscard]] testing::GatewayProcess& gateway(std::size_t index = 0) { return *gateways_.at(index); }
    [[nodiscard]] const std::string& dsn() const { return database_.dsn(); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    [[nodiscard]] const std::string& key(As caller) const {
        return keys_.at(static_cast<std::size_t>(caller));
    }
    [[nodiscard]] testing::PlainRequest request(As caller, std::string method, std::string target,
                                                CallOptions options = {}) const;
    PlainAnswer call(As caller, std::string method, std::string target, CallOptions options = {}) const;
    // A courier's callback as it comes in, to any gateway.
    [[nodiscard]] std::string callback_target(std::string_view courier) const;
    PlainAnswer call_back(std::string_view courier, std::string_view content_type, const std::string& body,
                          std::size_t gateway = 0) const;

    // Names that nobody has used yet. Any thread; so are request() and call().
    [[nodiscard]] Shopper new_shopper(std::int64_t amount_fen = 25'900);
    // What the platform tells us of a shopper: trust and order.
    void introduce(const Shopper& shopper, int stars = 5,
                   std::optional<std::int64_t> line_fen = std::nullopt);
    [[nodiscard]] Shopper introduced(std::int64_t amount_fen = 25'900, int stars = 5);
    // The return's id; "" (and a failed test) when it was refused.
    std::string apply(const Shopper& shopper, bool with_pickup = true);
    std::string book_pickup(const Shopper& shopper, const std::string& return_id);

    [[nodiscard]] json::Value get(As caller, const std::string& target) const;
    [[nodiscard]] Timeline timeline(const std::string& return_id) const;
    // Waits for an event of that type.
    [[nodiscard]] ::testing::AssertionResult comes_to(const std::string& return_id,
                                                      std::string_view type) const;
    // The end of a good story: the seller has the parcel, the escrow has paid.
    void receive_and_recover(const Shopper& shopper, const std::string& return_id);

    // The couriers and the provider, by the sandbox's own control API.
    void script(std::string_view courier, std::string_view call, std::string_view behaviour,
                std::string_view match = "next");
    void script_provider(std::string_view behaviour, std::string_view match = "next",
                         std::string_view key = {});
    void clear_script(std::string_view actor);
    void advance(std::string_view courier, const std::string& reference, std::string_view stage,
                 std::string_view hold_before = {});
    // A parcel that somebody takes to the courier's counter: {"reference","waybill"}.
    [[nodiscard]] json::Value hand_in(std::string_view courier);
    [[nodiscard]] json::Value courier_book(std::string_view courier) const;
    [[nodiscard]] json::Value deliveries(std::string_view courier) const;  // of callbacks
    [[nodiscard]] json::Value provider_book() const;
    [[nodiscard]] json::Value provider_attempts() const;
    // The only parcel with this sender's door; null when the courier has none, or several.
    [[nodiscard]] json::Value only_parcel(std::string_view courier) const;

private:
    struct World;
    json::Value ask_world(const std::string& method, const std::string& target,
                          const std::string& body = {}) const;
    void create_keys(const std::filesystem::path& configuration);
    void put_sellers();

    SceneOptions options_;
    testing::TemporaryFolder folder_;
    testing::TestDatabase database_;
    std::vector<std::string> keys_;
    std::unique_ptr<World> world_;
    std::vector<std::unique_ptr<testing::GatewayProcess>> gateways_;
    std::atomic<int> shoppers_ = 0;
};

// A sandbox whose couriers have the accounts that testing::write_gateway_files writes.
[[nodiscard]] sandbox::Options couriers_that_know_us();

// {name, phone, province, city, address}
void write_party(json::Writer& writer, std::string_view name, std::string_view city,
                 std::string_view address);
[[nodiscard]] std::string order_body(const Shopper& shopper);
[[nodiscard]] std::string application_body(const Shopper& shopper, bool with_pickup);
[[nodiscard]] std::string pickup_body(const Shopper& shopper);  // now

}  // namespace returngate::e2e
