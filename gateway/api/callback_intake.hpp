// Courier callbacks: token, proof, events, pipeline, and the answer in the courier's own body. What cannot
// be bound to a booking is parked or quarantined, stored before it is acknowledged.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "gateway/api/query_pool.hpp"
#include "gateway/configuration.hpp"
#include "gateway/metrics.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/pipeline/ports.hpp"

namespace returngate::api {

struct IntakeContext {
    const Configuration& configuration;
    const Clock& clock;
    Random& random;
    pipeline::CommitPipeline& pipeline;
    QueryPool& queries;
    Metrics& metrics;
};

class CallbackIntake {
public:
    explicit CallbackIntake(IntakeContext context);
    ~CallbackIntake();

    // nullopt: no such courier, or not its token.
    [[nodiscard]] boost::asio::awaitable<std::optional<http::Response>> answer(std::string code,
                                                                               std::string token,
                                                                               http::Request request);

    struct Replayed {
        std::string state;   // bound | parked | quarantined
        std::string reason;  // why it is not bound
    };
    // Takes a stored callback again. `not_found`; `conflict` when it has been decided already.
    [[nodiscard]] boost::asio::awaitable<Result<Replayed>> replay(QuarantineId id);
    // Takes again what is parked under the next numbers after `after`, as far as they are known by now.
    // Says where to go on; "" when that was the last.
    [[nodiscard]] boost::asio::awaitable<std::string> bind_parked(std::string after);

private:
    struct Contract;
    struct Taking;
    // The account of that name.
    [[nodiscard]] const Contract* find(std::string_view code, std::string_view account) const;
    // The account whose URL ends in that token.
    [[nodiscard]] const Contract* addressed(std::string_view code, std::string_view token) const;
    [[nodiscard]] boost::asio::awaitable<void> bind_number(std::string match_key);
    [[nodiscard]] boost::asio::awaitable<Result<void>> take(Taking& taking);
    [[nodiscard]] boost::asio::awaitable<Result<void>> bind_events(Taking& taking,
                                                                   std::vector<TrackingEvent> events);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<BookingReference>>> find_booking(
        std::string courier, std::string number);
    [[nodiscard]] boost::asio::awaitable<Result<void>> commit(Taking& taking, BookingReference reference,
                                                              std::vector<TrackingEvent> events);
    [[nodiscard]] boost::asio::awaitable<Result<void>> set_aside(Taking& taking, std::string state,
                                                                 std::string match_key, std::string reason);

    IntakeContext context_;
    std::vector<Contract> contracts_;
    std::size_t couriers_ = 0;  // how many couriers these are with
};

}  // namespace returngate::api
