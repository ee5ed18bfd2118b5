// The couriers' recordings as the command line sees them: account files, order JSON, raw requests.
#pragma once

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

#include "adapters/courier/registry.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "tests/conformance/recording.hpp"

namespace returngate::commands {

// For suites over the registry.
inline std::string code_of(const ::testing::TestParamInfo<const courier::Courier*>& row) {
    return std::string(row.param->profile().code);
}
inline auto every_courier() {
    const auto all = courier::all_couriers();
    return ::testing::ValuesIn(all.begin(), all.end());
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_TRUE(in) << file;
    return text.str();
}

// JSON texts are TOML texts, too, as long as nobody writes \/ or an escape of JSON alone.
inline std::string account_toml(const courier::Account& account) {
    std::string text = "base_url = " + json::quoted(account.base_url) + "\n[settings]\n";
    for (const auto& [key, value] : account.settings)
        text.append(key).append(" = ").append(json::quoted(value)).append("\n");
    return text;
}

// What was recorded as asked for, as `courier encode` takes it.
inline std::string order_json(std::string_view code, courier::Operation operation) {
    const auto folder = std::filesystem::path(RETURNGATE_SOURCE_DIR) / "tests/conformance" /
                        conformance::folder_of(code) / to_string(operation);
    const auto input = json::parse(content_of(folder / "input.json"));
    if (!input) throw std::runtime_error(input.error().message);
    if (input->find("order") != nullptr) return conformance::render((*input)["order"]);
    std::vector<json::Member> asked;
    for (const json::Member& member : input->members())
        if (member.name != "operation" && member.name != "now" && member.name != "nonce")
            asked.push_back(member);
    return conformance::render(json::Value(std::move(asked)));
}

// As it comes over the wire.
inline std::string raw(const http::Request& request) {
    std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: gateway.example\r\n";
    for (const auto& [name, value] : request.headers.fields)
        bytes.append(name).append(": ").append(value).append("\r\n");
    return bytes + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
}

}  // namespace returngate::commands
