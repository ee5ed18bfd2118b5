// Every member of every body that the document names, spoilt in every way that its schema forbids: refused by
// name, never a fault of ours. What is spoilt is the document's own example.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/api/route.hpp"
#include "tests/gateway/api/house.hpp"

namespace returngate::api {
namespace {

// The value as text, with what stands at `target` replaced; "" leaves it out.
std::string with(const json::Value& value, const std::string& at, const std::string& target,
                 const std::string& instead) {
    if (at == target) return instead;
    std::string inner;
    const auto add = [&](const std::string& label, const std::string& text) {
        if (text.empty()) return;
        inner += (inner.empty() ? "" : ",") + label + text;
    };
    if (value.is_object()) {
        for (const auto& member : value.members())
            add(json::quoted(member.name) + ":", with(member.value, at + "/" + member.name, target, instead));
        if (target.starts_with(at + "/") && value.find(target.substr(at.size() + 1)) == nullptr &&
            target.find('/', at.size() + 1) == target.npos)
            add(json::quoted(target.substr(at.size() + 1)) + ":", instead);
        return "{" + inner + "}";
    }
    if (value.is_array()) {
        std::size_t index = 0;
        for (const auto& item : value.items())
            add("", with(item, at + "/" + std::to_string(index++), target, instead));
        return "[" + inner + "]";
    }
    if (const auto text = value.string()) return json::quoted(*text);
    if (const auto number = value.decimal()) return std::string(*number);
    if (const auto flag = value.boolean()) return *flag ? "true" : "false";
    return "null";
}

class Document {
public:
    Document() : document_(json::parse(openapi_json()).value()) {}

    [[nodiscard]] const json::Value& resolved(const json::Value& schema) const {
        if (schema["oneOf"].items().size() == 2 && schema["type"].is_null())  // this or null
            return resolved(schema["oneOf"].items()[0]);
        const auto reference = schema["$ref"].string();
        if (!reference) return schema;
        return resolved(document_["components"]["schemas"][reference->substr(reference->rfind('/') + 1)]);
    }
    // Of a text or an object, which the example is.
    [[nodiscard]] const json::Value& resolved(const json::Value& schema, const json::Value& example) const {
        if (!schema["anyOf"].is_array()) return resolved(schema);
        return resolved(schema["anyOf"].items()[example.is_object() ? 1 : 0]);
    }
    [[nodiscard]] const json::Value& body_of_route(const Route& route) const {
        std::string method(route.method);
        std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
        return document_["paths"][route.path][method]["requestBody"]["content"]["application/json"];
    }

private:
    json::Value document_;
};

bool allows(const json::Value& schema, std::string_view type) {
    if (schema["type"].string() == type) return true;
    return std::ranges::any_of(schema["type"].items(), [&](const auto& one) { return one.string() == type; });
}

bool may_be_null(const json::Value& schema) {
    if (allows(schema, "null")) return true;
    return std::ranges::any_of(schema["oneOf"].items(),
                               [](const auto& one) { return one["type"].string() == "null"; });
}

struct Spoilt {
    std::string pointer;
    std::string instead;  // "": left out
    int status = 422;
    bool is_named = true;  // among the answer's errors
};

constexpr std::pair<const char*, const char*> kValues[] = {
    {"integer", "5"},     {"number", "5.5"}, {"string", "\"x\""},    {"boolean", "true"},
    {"boolean", "false"}, {"array", "[]"},   {"array", "[[[[1]]]]"}, {"object", "{}"}};

void add_texts(const std::string& pointer, const json::Value& schema, std::vector<Spoilt>& all) {
    // Bidirectional override, zero width, line feed, C1, byte order mark, tag: in JSON's own escapes.
    for (const char* hidden : {"\\u202e", "\\u200b", "\\n", "\\u0085", "\\ufeff", "\\udb40\\udc41"})
        all.push_back({pointer, "\"a" + std::string(hidden) + "b\""});
    all.push_back({pointer, R"("a\u0000b")", 422, false});
    all.push_back({pointer, R"("a\ud800b")", 400, false});
    all.push_back({pointer, "\"a\xff\"", 400, false});
    if (const auto most = schema["maxLength"].integer())
        all.push_back({pointer, "\"" + std::string(static_cast<std::size_t>(*most) + 1, '1') + "\""});
    if (schema["minLength"].integer().value_or(0) > 0) all.push_back({pointer, "\"\""});
    if (schema["format"].string() != "date-time") return;
    for (const char* time :
         {"yesterday", "2026-01-10", "2026-01-10T07:20:00", "2026-02-30T00:00:00Z", "2026-01-10T24:00:00Z",
          "2026-01-10T07:20:60Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "1768029600"})
        all.push_back({pointer, json::quoted(time)});
}

void add_numbers(const std::string& pointer, std::vector<Spoilt>& all) {
    for (const char* number : {"-1", "5.0", "5e0", "\"5\"", "9007199254740993", "9223372036854775807",
                               "9223372036854775808", "-9223372036854775808"})
        all.push_back({pointer, number});
    for (const char* number : {"18446744073709551616", "1e999", "05", "+5", "0x5", "NaN"})
        all.push_back({pointer, number, 400, false});
}

void add_member(const std::string& pointer, const json::Value& stated, const json::Value& schema,
                bool is_required, std::vector<Spoilt>& all) {
    if (is_required) all.push_back({pointer, ""});
    if (!may_be_null(stated) && !may_be_null(schema)) all.push_back({pointer, "null"});
    for (const std::pair<std::string_view, const char*> each : kValues) {
        const auto& [type, value] = each;
        const bool is_number = type == "integer" && allows(schema, "number");
        const bool is_other_form = stated["anyOf"].is_array() && (type == "string" || type == "object");
        if (!allows(schema, type) && !is_number && !is_other_form) all.push_back({pointer, value});
    }
    if (allows(schema, "string") || schema["enum"].is_array()) add_texts(pointer, schema, all);
    if (allows(schema, "integer")) add_numbers(pointer, all);
}

void walk(const Document& document, const json::Value& example, const json::Value& stated,
          const std::string& pointer, std::vector<Spoilt>& all) {
    const json::Value& schema = document.resolved(stated, example);
    if (example.is_array()) {
        const json::Value& items = document.resolved(schema["items"], example.items()[0]);
        add_member(pointer + "/0", schema["items"], items, false, all);
        return walk(document, example.items()[0], schema["items"], pointer + "/0", all);
    }
    if (!example.is_object()) return;
    for (const char* unknown : {"__proto__", "constructor", "surprise", "$where"})
        all.push_back({pointer + "/" + unknown, "{}"});
    for (const auto& member : example.members()) {
        const json::Value& of_member = schema["properties"][member.name];
        const bool is_required = std::ranges::any_of(
            schema["required"].items(), [&](const auto& name) { return name.string() == member.name; });
        const std::string at = pointer + "/" + member.name;
        add_member(at, of_member, document.resolved(of_member), is_required, all);
        walk(document, member.value, of_member, at, all);
    }
}

// A path with ids that are ids: the body is what is wrong.
std::string path_of(const Route& route) {
    std::string path(route.path);
    const std::string zeros(32, '0');
    const std::pair<const char*, std::string> ids[] = {{"{return_id}", "ret_" + zeros},
                                                       {"{endpoint_id}", "whe_" + zeros},
                                                       {"{order_id}", "order-1"},
                                                       {"{seller_id}", "seller-1"},
                                                       {"{buyer_id}", "buyer-1"},
                                                       {"{version}", "1"},
                                                       {"{number}", "1"}};
    for (const auto& [name, id] : ids) {
        if (const auto at = path.find(name); at != path.npos)
            path.replace(at, std::string_view(name).size(), id);
    }
    return path;
}

Caller caller_of(const Route& route) {
    for (const Caller caller : {Caller::platform, Caller::buyer_app, Caller::seller, Caller::operations}) {
        if (route.callers.has(caller)) return caller;
    }
    return Caller::finance;
}

TEST(EveryBody, SpoiltInAnyMemberIsRefusedByItsName) {
    House house;
    const Document document;
    std::size_t asked = 0;
    for (const auto& route : routes()) {
        const json::Value& body = document.body_of_route(route);
        if (body["example"].is_null()) continue;
        std::vector<Spoilt> all;
        walk(document, body["example"], body["schema"], "", all);
        asked += all.size();
        for (const auto& spoilt : all) {
            const std::string text = with(body["example"], "", spoilt.pointer, spoilt.instead);
            const auto answer = house.ask(caller_of(route), std::string(route.method), path_of(route),
                                          {.body = text, .idempotency_key = "k"});
            ASSERT_EQ(answer.status, spoilt.status) << route.label() << "\n" << text << "\n" << answer.body;
            if (!spoilt.is_named) continue;
            ASSERT_THAT(pointers_of(answer), ::testing::Contains(spoilt.pointer)) << route.label() << "\n"
                                                                                  << text << "\n"
                                                                                  << answer.body;
        }
    }
    EXPECT_GT(asked, 1000U) << "the document has lost its examples";
    EXPECT_EQ(
        house.database().number("SELECT (SELECT count(*) FROM shop_order) + (SELECT count(*) FROM seller) "
                                "+ (SELECT count(*) FROM webhook_endpoint)"),
        0);
}

testing::PlainRequest trust_request(const House& house, const std::string& type, const std::string& body) {
    testing::PlainRequest request;
    request.port = house.port();
    request.method = "PUT";
    request.target = "/v1/buyers/b/trust";
    request.headers = {{"Authorization", "Bearer " + house.key(Caller::platform)}};
    if (!type.empty()) request.headers.emplace_back("Content-Type", type);
    request.body = body;
    return request;
}

struct BadBody {
    const char* name;
    std::string type;
    std::string body;
    int status;
};

TEST(Bodies, AreOneJsonObjectInUtf8AndSaySo) {
    House house;
    const std::string good = R"({"stars":5})";
    const std::string type = "application/json";
    const BadBody rows[] = {
        {"plain", type, good, 200},
        {"of no type", "", good, 415},
        {"in capitals", "Application/JSON", good, 200},
        {"with its charset", type + ";charset=UTF-8", good, 200},
        {"with its charset in quotes", type + "; charset=\"utf-8\"", good, 200},
        {"with a parameter nobody knows", type + "; profile=x", good, 200},
        {"of another charset", type + "; charset=gbk", good, 415},
        {"of another charset behind another parameter", type + "; a=b; CHARSET=UTF-16", good, 415},
        {"of two charsets", type + "; charset=utf-8; charset=gbk", good, 415},
        {"with words behind", type + " gzip", good, 415},
        {"of a longer name", "application/jsonp", good, 415},
        {"of a family", "application/problem+json", good, 415},
        {"text", "text/plain", good, 415},
        {"text/json", "text/json", good, 415},
        {"a form", "application/x-www-form-urlencoded", "stars=5", 415},
        {"a form of parts", "multipart/form-data; boundary=x", "--x--", 415},
        {"XML", "application/xml", "<stars>5</stars>", 415},
        {"two types", type + ", text/plain", good, 415},
        {"spaces", type, "   ", 400},
        {"null", type, "null", 422},
        {"a list", type, "[" + good + "]", 422},
        {"a text", type, "\"stars\"", 422},
        {"a number", type, "5", 422},
        {"two objects", type, good + good, 400},
        {"cut short", type, good.substr(0, good.size() - 1), 400},
        {"nested 33 deep", type, std::string(33, '[') + std::string(33, ']'), 400},
        {"nested 5,000 deep", type, std::string(5000, '[') + std::string(5000, ']'), 400},
        {"with a byte order mark", type, "\xef\xbb\xbf" + good, 400},
        {"of 64 KB", type, good + std::string(64 * 1024 - good.size(), ' '), 200},
        {"of 64 KB and a byte", type, good + std::string(64 * 1024 + 1 - good.size(), ' '), 413},
    };
    for (const auto& row : rows) {
        const auto answer = testing::send_plain(trust_request(house, row.type, row.body));
        EXPECT_EQ(answer.status, row.status) << row.name << ": " << answer.body;
    }
}

TEST(Bodies, ComeAsTheyAre) {
    House house;
    for (const char* coding : {"gzip", "identity", "br", ""}) {
        auto request = trust_request(house, "application/json", R"({"stars":5})");
        request.headers.emplace_back("Content-Encoding", coding);
        EXPECT_EQ(testing::send_plain(request).status, 415) << coding;
    }
}

// Texts that are code somewhere else are texts here.
TEST(Texts, ComeBackAsTheyWere) {
    House house;
    house.put_master_data();
    for (const char* text : {"'; DROP TABLE advance; --", "${jndi:ldap://127.0.0.1/a}", "{{7*7}}", "%n%s%x",
                             "__proto__", "<script>alert(1)</script>", "a\\u0000b", "𠮷野家 👍"}) {
        const std::string body = R"({"halted":false,"reason":)" + json::quoted(text) + "}";
        const auto answer = house.ask(Caller::operations, "POST", "/v1/operations/halts", {.body = body});
        EXPECT_EQ(answer.status, 201) << answer.body;
        EXPECT_EQ(body_of(answer)["reason"].string(), text);
        EXPECT_EQ(house.database().text("SELECT reason FROM money_halt ORDER BY halt_id DESC LIMIT 1"), text);
    }
}

TEST(Amounts, AreFenInCnyWithinTheirBounds) {
    House house;
    house.put_master_data();
    struct Row {
        const char* amount;
        const char* currency;
        int status;
    };
    // 404: read, and there is no such advance.
    const Row rows[] = {{"1", "\"CNY\"", 404},
                        {"100000000000", "\"CNY\"", 404},
                        {"100000000001", "\"CNY\"", 422},
                        {"0", "\"CNY\"", 422},
                        {"-0", "\"CNY\"", 422},
                        {"-1", "\"CNY\"", 422},
                        {"1.0", "\"CNY\"", 422},
                        {"1e2", "\"CNY\"", 422},
                        {"\"1\"", "\"CNY\"", 422},
                        {"true", "\"CNY\"", 422},
                        {"1", "\"cny\"", 422},
                        {"1", "\"USD\"", 422},
                        {"1", "\"JPY\"", 422},
                        {"1", "\"KWD\"", 422},
                        {"1", "\"\"", 422},
                        {"1", "\"CNY \"", 422},
                        {"1", "156", 422},
                        {"1", "null", 422}};
    for (const auto& row : rows) {
        const std::string body = R"({"return_id":"ret_)" + std::string(32, '0') + R"(","amount_fen":)" +
                                 row.amount + R"(,"currency":)" + row.currency + R"(,"reference":"r"})";
        const auto answer = house.ask(Caller::platform, "POST", "/v1/finance/recoveries",
                                      {.body = body, .idempotency_key = "k"});
        EXPECT_EQ(answer.status, row.status) << body << answer.body;
    }
}

}  // namespace
}  // namespace returngate::api
