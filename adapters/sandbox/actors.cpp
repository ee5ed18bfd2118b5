// What the seller and the escrow do once the parcel is back.
#include "adapters/sandbox/actors.hpp"

#include <cstdio>

#include "adapters/json/writer.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kPatience{120};

GatewayCall receipt_call(const std::string& return_id, const std::string& key) {
    GatewayCall call;
    call.method = "POST";
    call.target = "/v1/returns/" + return_id + "/receipt";
    call.key = key;
    call.idempotency_key = "receipt-" + return_id;
    call.body = R"({"outcome":"confirmed"})";
    return call;
}

GatewayCall recovery_call(const std::string& return_id, const std::string& key, std::int64_t amount_fen) {
    GatewayCall call;
    call.method = "POST";
    call.target = "/v1/finance/recoveries";
    call.key = key;
    call.idempotency_key = "recovery-" + return_id;
    json::Writer w;
    w.begin_object()
        .member("return_id", return_id)
        .member("amount_fen", amount_fen)
        .member("currency", "CNY")
        .member("reference", "escrow-" + return_id)
        .end_object();
    call.body = w.take();
    return call;
}

}  // namespace

asio::awaitable<Result<void>> play_seller(const Gateway& gateway, GatewayKeys keys, std::string return_id) {
    const auto delivered = co_await gateway.wait_for(return_id, keys.seller, "parcel.delivered", kPatience);
    if (!delivered) co_return tl::unexpected<Error>(delivered.error());
    GatewayCall call = receipt_call(return_id, keys.seller);
    const auto answer = co_await gateway.send(std::move(call));
    if (!answer) co_return tl::unexpected<Error>(answer.error());
    co_return Result<void>();
}

asio::awaitable<Result<void>> play_escrow(const Gateway& gateway, GatewayKeys keys, std::string return_id) {
    const auto confirmed =
        co_await gateway.wait_for(return_id, keys.platform, "receipt.confirmed", kPatience);
    if (!confirmed) co_return tl::unexpected<Error>(confirmed.error());
    const auto committed =
        co_await gateway.wait_for(return_id, keys.platform, "advance.committed", kPatience);
    if (!committed) co_return tl::unexpected<Error>(committed.error());
    GatewayCall call = recovery_call(return_id, keys.platform, committed->amount_fen);
    const auto answer = co_await gateway.send(std::move(call));
    if (!answer) co_return tl::unexpected<Error>(answer.error());
    co_return Result<void>();
}

asio::awaitable<void> play_seller_and_escrow(const Gateway& gateway, GatewayKeys keys,
                                             std::string return_id) {
    const auto received = co_await play_seller(gateway, keys, return_id);
    if (!received) {
        std::fprintf(stderr, "seller: %s\n", received.error().message.c_str());
        co_return;
    }
    const auto recovered = co_await play_escrow(gateway, keys, return_id);
    if (!recovered) std::fprintf(stderr, "escrow: %s\n", recovered.error().message.c_str());
}

}  // namespace returngate::sandbox
