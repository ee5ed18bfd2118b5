// What several of the sandbox's couriers answer alike.
#include "adapters/sandbox/answers.hpp"

#include "adapters/crypto/digest.hpp"

namespace returngate::sandbox {

http::Response json_response(std::string body) {
    http::Response response;
    response.headers.set("Content-Type", "application/json;charset=UTF-8");
    response.body = std::move(body);
    return response;
}

std::string content_digest(std::string_view text) {
    return crypto::to_hex(crypto::sha256(text));
}

}  // namespace returngate::sandbox
