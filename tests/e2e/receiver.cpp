// The receiver runs our own server; what is tested is the sender.
#include "tests/e2e/receiver.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace returngate::e2e {
namespace {

std::string header(const http::Request& request, std::string_view name) {
    return std::string(request.headers.find(name).value_or(""));
}

http::Response error_body(int status, std::string_view, std::string_view, const std::string&) {
    http::Response response;
    response.status = status;
    return response;
}

}  // namespace

Receiver::Receiver() : guard_(context_.get_executor()) {
    http::Handler handler = [this](const http::Request& request,
                                   const http::Context&) -> boost::asio::awaitable<http::Response> {
        return [](http::Response response) -> boost::asio::awaitable<http::Response> {
            co_return response;
        }(take(request));
    };
    server_ = std::make_unique<http::Server>(std::vector{&context_}, http::Listen{}, http::ServerLimits{},
                                             std::move(handler), error_body);
    thread_ = std::thread([this] { context_.run(); });
}

Receiver::~Receiver() {
    guard_.reset();
    context_.stop();
    thread_.join();
}

std::string Receiver::url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/hooks?from=returngate";
}

void Receiver::answer_next(const std::vector<http::Response>& answers) {
    const std::lock_guard lock(mutex_);
    answers_.insert(answers_.end(), answers.begin(), answers.end());
}

void Receiver::answer_always(int status) {
    const std::lock_guard lock(mutex_);
    usual_ = status;
}

std::vector<Delivery> Receiver::deliveries() const {
    const std::lock_guard lock(mutex_);
    return deliveries_;
}

std::vector<Delivery> Receiver::arrived() const {
    std::vector<Delivery> all = deliveries();
    std::erase_if(all, [](const Delivery& one) { return one.answered >= 300; });
    return all;
}

std::size_t Receiver::count(std::string_view type) const {
    const auto all = arrived();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.type == type; }));
}

http::Response Receiver::take(const http::Request& request) {
    const std::lock_guard lock(mutex_);
    http::Response answer;
    answer.status = usual_;
    if (!answers_.empty()) {
        answer = answers_.front();
        answers_.pop_front();
    }
    const auto body = json::parse(request.body).value_or(json::Value());
    Delivery delivery;
    delivery.id = header(request, "webhook-id");
    delivery.signature = header(request, "webhook-signature");
    delivery.signed_content = delivery.id + "." + header(request, "webhook-timestamp") + "." + request.body;
    delivery.type = body["type"].string().value_or("");
    delivery.return_id = body["data"]["return_id"].string().value_or("");
    delivery.seq = body["data"]["seq"].integer().value_or(0);
    delivery.answered = answer.status;
    deliveries_.push_back(std::move(delivery));
    return answer;
}

std::string expected_signature(const std::string& secret, const Delivery& delivery) {
    const std::string text = secret.substr(std::string("whsec_").size());
    std::vector<unsigned char> key(text.size());
    int length = EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                 static_cast<int>(text.size()));
    for (auto at = text.rbegin(); at != text.rend() && *at == '='; ++at) --length;
    std::array<unsigned char, 32> digest{};
    HMAC(EVP_sha256(), key.data(), length,
         reinterpret_cast<const unsigned char*>(delivery.signed_content.data()),
         delivery.signed_content.size(), digest.data(), nullptr);
    std::array<unsigned char, 45> base64{};
    EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
    return std::string("v1,") + reinterpret_cast<const char*>(base64.data());
}

}  // namespace returngate::e2e
