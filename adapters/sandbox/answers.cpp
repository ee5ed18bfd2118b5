// What several of the sandbox's couriers read and answer alike.
#include "adapters/sandbox/answers.hpp"

#include "adapters/crypto/digest.hpp"

namespace returngate::sandbox {

http::Response json_response(std::string body) {
    http::Response response;
    response.headers.set("Content-Type", "application/json;charset=UTF-8");
    response.body = std::move(body);
    return response;
}

std::string_view text_in(const json::Value& object, std::string_view name) {
    return object[name].string().value_or("");
}

std::string content_of(const json::Value& object, std::initializer_list<std::string_view> names) {
    std::string content;
    for (const std::string_view name : names) content.append(text_in(object, name)).append("\n");
    return content;
}

std::string content_digest(std::string_view text) {
    return crypto::to_hex(crypto::sha256(text));
}

}  // namespace returngate::sandbox
