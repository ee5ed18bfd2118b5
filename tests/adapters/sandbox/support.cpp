// Plumbing of the sandbox's tests.
#include "tests/adapters/sandbox/support.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "adapters/json/writer.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> send_into(http::Client& client, http::Origin origin, http::Request request,
                                std::chrono::milliseconds patience, Result<http::Response>& out) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    out = co_await client.send(std::move(origin), std::move(request), deadline);
}

http::Request json_request(std::string method, std::string target, std::string body) {
    http::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers.set("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

}  // namespace

Caller::Caller() : client_(http::make_client(context_, http::ClientLimits{})) {}

Result<http::Response> Caller::send(const std::string& base_url, http::Request request,
                                    std::chrono::milliseconds patience) {
    const auto url = http::parse_url(base_url);
    if (!url) return tl::unexpected(url.error());
    if (url->target != "/") request.target = url->target + request.target;
    Result<http::Response> out = fail(ErrorKind::unavailable, "not_sent", "nothing was sent");
    asio::co_spawn(context_, send_into(*client_, url->origin, std::move(request), patience, out),
                   asio::detached);
    context_.restart();
    context_.run();
    return out;
}

json::Value Caller::post_json(const std::string& url, const std::string& body) {
    const auto response = send(url, json_request("POST", "", body));
    EXPECT_TRUE(response && response->status == 200) << url << " " << body;
    if (!response) return {};
    return json::parse(response->body).value_or(json::Value{});
}

json::Value Caller::get_json(const std::string& url) {
    const auto response = send(url, json_request("GET", "", ""));
    EXPECT_TRUE(response && response->status == 200) << url;
    if (!response) return {};
    return json::parse(response->body).value_or(json::Value{});
}

Receiver::Receiver(Answer answer) : answer_(std::move(answer)) {
    front_ = std::make_unique<Front>(context_, "127.0.0.1", 0,
                                     [this](http::Request request) { return take(std::move(request)); });
    thread_ = std::thread([this] {
        const auto work = asio::make_work_guard(context_);
        context_.run();
    });
}

Receiver::~Receiver() {
    context_.stop();
    thread_.join();
}

std::string Receiver::url() const {
    return "http://127.0.0.1:" + std::to_string(front_->port()) + "/callbacks/secret";
}

asio::awaitable<Reply> Receiver::take(http::Request request) {
    Reply reply;
    {
        const std::lock_guard lock(mutex_);
        reply.response = answer_(request);
        requests_.push_back(std::move(request));
    }
    arrived_.notify_all();
    co_return reply;
}

std::vector<http::Request> Receiver::wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, std::chrono::seconds(60), [&] { return requests_.size() >= count; });
    return requests_;
}

http::Response yto_ack() {
    http::Response response;
    response.body =
        "<Response><logisticProviderID>YTO</logisticProviderID><txLogisticID>x</txLogisticID>"
        "<success>true</success></Response>";
    return response;
}

http::Response sf_ack() {
    http::Response response;
    response.body = R"({"return_code":"0000","return_msg":"成功"})";
    return response;
}

bool eventually(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

TemporaryFile::TemporaryFile() {
    static std::atomic<int> count{0};
    const std::string name =
        "returngate-sandbox-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
    path_ = std::filesystem::temp_directory_path() / name;
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

Options fast_options(const TemporaryFile& book, const std::string& receiver_url) {
    Options options;
    options.provider_book = book.path();
    options.pace.speed = 20;
    if (!receiver_url.empty())
        for (const char* code : {"YTO", "SF", "ZTO", "STO", "JD", "JT", "DEPPON", "OPEN", "KDNIAO", "EMS"})
            options.callback_urls[code] = receiver_url;
    return options;
}

http::Request yto_request(const std::string& method, const std::string& param, const std::string& secret) {
    json::Writer w;
    w.begin_object()
        .member("timestamp", std::int64_t{1768024800000})
        .member("format", "JSON")
        .member("sign", yto_sign(param, method, "v1", secret))
        .member("param", param)
        .end_object();
    const YtoAccount account;
    return json_request("POST", "/open/" + method + "/v1/" + account.token + "/" + account.customer_code,
                        w.take());
}

http::Request yto_booking(const std::string& reference) {
    json::Writer w;
    w.begin_object().member("logisticsNo", reference);
    for (const char* role : {"sender", "recipient"}) {
        const std::string name(role);
        w.member(name + "Name", "张三")
            .member(name + "ProvinceName", "浙江省")
            .member(name + "CityName", "杭州市");
        w.member(name + "Address", "文三路1号").member(name + "Mobile", "13800000000");
    }
    w.end_object();
    return yto_request("privacy_create_adapter", w.take());
}

http::Request sf_request(const std::string& service, const std::string& data, const std::string& checkword) {
    const FormFields fields{{"partnerID", SfAccount{}.partner_id},
                            {"requestID", "7c1b2f3e-0000-4000-8000-000000000001"},
                            {"serviceCode", service},
                            {"timestamp", "1768008600123"},
                            {"msgDigest", sf_digest(SfDigest::standard, data, "1768008600123", checkword)},
                            {"msgData", data}};
    http::Request request;
    request.method = "POST";
    request.target = "/std/service";
    request.headers.set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
    request.body = render_form(fields);
    return request;
}

http::Request sf_booking(const std::string& reference) {
    json::Writer w;
    w.begin_object().member("language", "zh-CN").member("orderId", reference);
    w.key("cargoDetails").begin_array().begin_object().member("name", "衣服").end_object().end_array();
    w.key("contactInfoList").begin_array();
    for (const int type : {1, 2})
        w.begin_object()
            .member("contactType", type)
            .member("contact", "张三")
            .member("mobile", "13800000000")
            .member("country", "CN")
            .member("city", "杭州市")
            .member("address", "文三路1号")
            .end_object();
    w.end_array().member("isDocall", 1).end_object();
    return sf_request("EXP_RECE_CREATE_ORDER", w.take());
}

}  // namespace returngate::sandbox
