// Couriers and the payment provider, in the process: what is asked is written down, what is answered is
// the test's.
#pragma once

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/http/client.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::test {

using Answer = Result<http::Response>;

inline Answer ok(std::string body) {
    return http::Response{200, {}, std::move(body)};
}
inline Answer lost() {
    return fail(ErrorKind::in_doubt, "no_answer", "The connection ended.");
}
inline Answer unreachable() {
    return fail(ErrorKind::unavailable, "connect_failed", "Nobody listens.");
}

// Our booking reference in a request, wherever the dialect puts it.
inline std::string reference_in(const std::string& body) {
    for (auto at = body.find("RG"); at != std::string::npos; at = body.find("RG", at + 1)) {
        const auto end = body.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", at);
        if (end - at == 28) return body.substr(at, 28);
    }
    return {};
}

// SF's envelope: the inner answer is a string on the wire.
inline std::string sf_answer(const std::string& code, const std::string& message = "{}") {
    json::Writer inner;
    inner.begin_object().member("success", code == "S0000").member("errorCode", code);
    inner.raw_member("msgData", message).end_object();
    json::Writer outer;
    outer.begin_object().member("apiResultCode", "A1000").member("apiResultData", inner.take()).end_object();
    return outer.take();
}
inline std::string sf_booking(const std::string& reference, const std::string& waybill) {
    json::Writer w;
    w.begin_object()
        .member("orderId", reference)
        .member("filterResult", 2)
        .key("waybillNoInfoList")
        .begin_array();
    w.begin_object()
        .member("waybillType", 1)
        .member("waybillNo", waybill)
        .end_object()
        .end_array()
        .end_object();
    return sf_answer("S0000", w.take());
}
// One route: 50 is the collection.
inline std::string sf_routes(const std::string& waybill, const std::string& shanghai_time,
                             const std::string& code = "50") {
    json::Writer w;
    w.begin_object().key("routeResps").begin_array().begin_object().member("mailNo", waybill);
    w.key("routes").begin_array().begin_object().member("acceptTime", shanghai_time).member("opCode", code);
    w.member("remark", "").end_object().end_array().end_object().end_array().end_object();
    return sf_answer("S0000", w.take());
}
inline std::string yto_booking(const std::string& reference, const std::string& waybill) {
    json::Writer w;
    w.begin_object().member("logisticsNo", reference).member("mailNo", waybill).end_object();
    return w.take();
}

// Asked by service: "SF EXP_RECE_CREATE_ORDER", "YTO privacy_create_adapter", "POST /payouts" …
class Outside {
public:
    // Answers from the request's body; nullptr: the call hangs until the end.
    using Script = std::function<Answer(const std::string& body)>;

    void on(std::string service, Script script) {
        const std::lock_guard lock(mutex_);
        scripts_[std::move(service)] = std::move(script);
    }
    void hang(std::string service) { on(std::move(service), nullptr); }

    [[nodiscard]] std::vector<std::string> asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }
    [[nodiscard]] long asked(std::string_view service) const {
        const auto all = asked();
        return std::ranges::count(all, service);
    }
    [[nodiscard]] std::vector<std::string> bodies(const std::string& service) const {
        const std::lock_guard lock(mutex_);
        const auto found = bodies_.find(service);
        return found == bodies_.end() ? std::vector<std::string>{} : found->second;
    }

    // The provider's book: executes a key once.
    std::string pay(const std::string& key, const std::string& payee, std::int64_t amount_fen) {
        const std::lock_guard lock(mutex_);
        book_.try_emplace(key, payee, amount_fen);
        return record(key, "executed");
    }
    Answer look_up(const std::string& key) {
        const std::lock_guard lock(mutex_);
        if (book_.contains(key)) return ok(record(key, "executed"));
        json::Writer w;
        w.begin_object().member("code", "not_found").member("key", key).end_object();
        return http::Response{404, {}, w.take()};
    }
    [[nodiscard]] std::size_t paid() const {
        const std::lock_guard lock(mutex_);
        return book_.size();
    }

    // Asked on the workers' thread.
    std::optional<Script> take(const std::string& service, const std::string& body) {
        const std::lock_guard lock(mutex_);
        asked_.push_back(service);
        bodies_[service].push_back(body);
        const auto found = scripts_.find(service);
        if (found == scripts_.end()) return Script([](const std::string&) { return unreachable(); });
        if (!found->second) return std::nullopt;
        return found->second;
    }

private:
    std::string record(const std::string& key, std::string_view status) const {
        const auto& [payee, amount_fen] = book_.at(key);
        json::Writer w;
        w.begin_object().member("key", key).member("payee_reference", payee).member("amount_fen", amount_fen);
        w.member("currency", "CNY").member("status", status).member("reference", "trade-" + key).end_object();
        return w.take();
    }

    mutable std::mutex mutex_;
    std::map<std::string, Script> scripts_;
    std::vector<std::string> asked_;
    std::map<std::string, std::vector<std::string>> bodies_;
    std::map<std::string, std::pair<std::string, std::int64_t>> book_;
};

inline std::string service_of(const http::Origin& origin, const http::Request& request) {
    if (origin.host == "sf.test") {
        const auto begin = request.body.find("serviceCode=") + 12;
        return "SF " + request.body.substr(begin, request.body.find('&', begin) - begin);
    }
    if (origin.host == "yto.test") {
        const auto begin = request.target.find('/', 1) + 1;
        return "YTO " + request.target.substr(begin, request.target.find('/', begin) - begin);
    }
    return request.method + (request.method == "GET" ? " /payouts/KEY" : " " + request.target);
}

class ScriptedClient final : public http::Client {
public:
    ScriptedClient(boost::asio::io_context& io, Outside& outside) : never_(io), outside_(outside) {
        never_.expires_at(boost::asio::steady_timer::time_point::max());
    }
    boost::asio::awaitable<Answer> send(http::Origin origin, http::Request request,
                                        std::chrono::steady_clock::time_point) override {
        const std::string subject = request.method == "GET" ? request.target : request.body;
        const auto script = outside_.take(service_of(origin, request), subject);
        if (!script) co_await never_.async_wait(boost::asio::use_awaitable);
        if (!script) co_return lost();
        co_return (*script)(subject);
    }

private:
    boost::asio::steady_timer never_;
    Outside& outside_;
};

}  // namespace returngate::test
