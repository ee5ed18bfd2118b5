// Paths, statuses, content types and schemas; one line of text per fault.
#include "tests/support/openapi_check.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <stdexcept>

#include "src/base/time.hpp"

namespace returngate::testing {
namespace {

using Faults = std::vector<std::string>;

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto slash = path.find('/');
        segments.emplace_back(path.substr(0, slash));
        path = slash == path.npos ? std::string_view() : path.substr(slash);
    }
    return segments;
}

bool fits(std::string_view pattern, std::string_view path) {
    const auto wanted = segments_of(pattern);
    const auto given = segments_of(path);
    return std::ranges::equal(wanted, given, [](const std::string& a, const std::string& b) {
        return a.starts_with('{') || a == b;
    });
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool is_of_type(const json::Value& value, std::string_view type) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.integer().has_value();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
}

bool has_type(const json::Value& value, const json::Value& types) {
    if (const auto one = types.string()) return is_of_type(value, *one);
    return std::ranges::any_of(types.items(), [&](const json::Value& type) {
        return is_of_type(value, type.string().value_or(""));
    });
}

// What check_value understands. A document with another keyword is refused: nobody would check that rule.
constexpr std::array<std::string_view, 19> kKeywords{
    "type",     "properties", "required",    "additionalProperties",
    "items",    "enum",       "minimum",     "maximum",
    "minItems", "maxItems",   "minLength",   "maxLength",
    "pattern",  "format",     "description", "oneOf",
    "anyOf",    "default",    "$ref"};

void refuse_unknown_keywords(const json::Value& schema, const std::string& where) {
    const bool is_reference = schema.find("$ref") != nullptr;
    for (const auto& [name, value] : schema.members()) {
        const std::string at = where + "/" + name;
        // What stands beside a reference is not looked at.
        const bool is_known = is_reference ? name == "$ref" || name == "description"
                                           : std::ranges::find(kKeywords, name) != kKeywords.end();
        if (!is_known) throw std::invalid_argument(at + ": the check does not know this keyword");
        if (name == "format" && value.string() != "date-time") {
            throw std::invalid_argument(at + ": the check does not know this format");
        }
        if (name == "properties") {
            for (const auto& member : value.members())
                refuse_unknown_keywords(member.value, at + "/" + member.name);
        } else if (name == "items" || name == "additionalProperties") {
            refuse_unknown_keywords(value, at);
        } else if (name == "oneOf" || name == "anyOf") {
            for (const auto& choice : value.items()) refuse_unknown_keywords(choice, at);
        }
    }
}

// Schemas stand under `schema` anywhere, and by name under components/schemas. Examples hold data.
void refuse_unknown_schemas(const json::Value& part, const std::string& where) {
    for (const auto& [name, value] : part.members()) {
        const std::string at = where + "/" + name;
        if (name == "schema") {
            refuse_unknown_keywords(value, at);
        } else if (at == "/components/schemas") {
            for (const auto& schema : value.members())
                refuse_unknown_keywords(schema.value, at + "/" + schema.name);
        } else if (name != "example") {
            refuse_unknown_schemas(value, at);
        }
    }
    for (const auto& item : part.items()) refuse_unknown_schemas(item, where);
}

// Of scalars, which is what enums list.
bool is_same(const json::Value& one, const json::Value& other) {
    if (one.is_null() || other.is_null()) return one.is_null() && other.is_null();
    return one.boolean() == other.boolean() && one.string() == other.string() &&
           one.decimal() == other.decimal();
}

void check_text(std::string_view text, const json::Value& schema, const std::string& where, Faults& into) {
    if (const auto pattern = schema["pattern"].string()) {
        const std::regex expression(pattern->begin(), pattern->end());
        if (!std::regex_search(text.begin(), text.end(), expression))
            into.push_back(where + ": breaks its pattern");
    }
    if (schema["format"].string() && !parse_rfc3339(text)) into.push_back(where + ": no RFC 3339 time");
}

void check_bounds(const json::Value& value, const json::Value& schema, const std::string& where,
                  Faults& into) {
    const auto below = [&](std::string_view keyword, std::int64_t given) {
        const auto bound = schema[keyword].integer();
        if (bound && given < *bound) into.push_back(where + ": below " + std::string(keyword));
    };
    const auto above = [&](std::string_view keyword, std::int64_t given) {
        const auto bound = schema[keyword].integer();
        if (bound && given > *bound) into.push_back(where + ": above " + std::string(keyword));
    };
    if (const auto number = value.integer()) {
        below("minimum", *number);
        above("maximum", *number);
    }
    // In bytes of UTF-8, as the document's introduction says.
    if (const auto text = value.string()) {
        below("minLength", static_cast<std::int64_t>(text->size()));
        above("maxLength", static_cast<std::int64_t>(text->size()));
        check_text(*text, schema, where, into);
    }
    if (value.is_array()) {
        below("minItems", static_cast<std::int64_t>(value.items().size()));
        above("maxItems", static_cast<std::int64_t>(value.items().size()));
    }
}

}  // namespace

OpenApiCheck::OpenApiCheck(std::string_view document) {
    auto parsed = json::parse(document);
    if (!parsed) throw std::invalid_argument("the OpenAPI document is no JSON: " + parsed.error().message);
    document_ = *std::move(parsed);
    refuse_unknown_schemas(document_, "");
}

std::vector<std::string> OpenApiCheck::operations() const {
    constexpr std::array<std::string_view, 5> kMethods{"get", "put", "post", "patch", "delete"};
    std::vector<std::string> all;
    for (const auto& path : document_["paths"].members()) {
        for (const auto& method : path.value.members()) {
            if (std::ranges::find(kMethods, method.name) == kMethods.end()) continue;
            std::string upper = method.name;
            for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
            all.push_back(upper + " " + path.name);
        }
    }
    return all;
}

const json::Value& OpenApiCheck::resolved(const json::Value& schema) const {
    const json::Value* at = &schema;
    while (const auto reference = (*at)["$ref"].string()) {
        const json::Value* target = &document_;
        for (const auto& name : segments_of(reference->substr(1))) target = &(*target)[name];
        if (target->is_null()) throw std::invalid_argument("dangling $ref " + std::string(*reference));
        at = target;
    }
    return *at;
}

const json::Value* OpenApiCheck::operation(const Exchange& exchange) const {
    const std::string path = exchange.target.substr(0, exchange.target.find('?'));
    for (const auto& entry : document_["paths"].members()) {
        if (fits(entry.name, path)) return entry.value.find(lower(exchange.method));
    }
    return nullptr;
}

void OpenApiCheck::check_query(const Exchange& exchange, const json::Value& operation, Faults& into) const {
    const auto question = exchange.target.find('?');
    if (question == std::string::npos) return;
    std::string_view rest = std::string_view(exchange.target).substr(question + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const std::string_view name = pair.substr(0, pair.find('='));
        const bool is_known =
            std::ranges::any_of(operation["parameters"].items(), [&](const json::Value& parameter) {
                const json::Value& known = resolved(parameter);
                return known["in"].string() == "query" && known["name"].string() == name;
            });
        if (!is_known) into.push_back("?" + std::string(name) + ": not in the document");
    }
}

Faults OpenApiCheck::faults(const Exchange& exchange) const {
    Faults found;
    const std::string name = exchange.method + " " + exchange.target;
    const json::Value* at = operation(exchange);
    if (at == nullptr) {
        // A path or method that does not exist is answered by a problem.
        if (exchange.status != 404 && exchange.status != 405) found.push_back(name + ": not in the document");
        return found;
    }
    if (exchange.status >= 200 && exchange.status < 300) {
        check_query(exchange, *at, found);
        const json::Value& body = (*at)["requestBody"];
        if (!exchange.request_body.empty())
            check_content(exchange.request_type, exchange.request_body, body["content"], name + " request",
                          found);
        if (exchange.request_body.empty() && body["required"].boolean() == true)
            found.push_back(name + ": a body is required");
    }
    const json::Value& responses = (*at)["responses"];
    const json::Value* response = responses.find(std::to_string(exchange.status));
    if (response == nullptr) response = responses.find("default");
    if (response == nullptr) {
        found.push_back(name + ": status " + std::to_string(exchange.status) + " is not in the document");
        return found;
    }
    check_content(exchange.response_type, exchange.response_body, resolved(*response)["content"],
                  name + " → " + std::to_string(exchange.status), found);
    return found;
}

void OpenApiCheck::check_content(std::string_view type, const std::string& body, const json::Value& content,
                                 const std::string& where, Faults& into) const {
    const std::string_view media = type.substr(0, type.find(';'));
    if (content.find("*/*") != nullptr) return;
    const json::Value* described = content.find(media);
    if (described == nullptr) {
        into.push_back(where + ": content type " + std::string(type) + " is not in the document");
        return;
    }
    if (!media.ends_with("json")) return;
    const auto value = json::parse(body);
    if (!value) {
        into.push_back(where + ": " + value.error().message);
        return;
    }
    check_value(*value, (*described)["schema"], where, into);
}

Faults OpenApiCheck::faults(const json::Value& value, const json::Value& schema,
                            const std::string& where) const {
    Faults found;
    check_value(value, schema, where, found);
    return found;
}

void OpenApiCheck::check_object(const json::Value& value, const json::Value& schema, const std::string& where,
                                Faults& into) const {
    for (const auto& name : schema["required"].items()) {
        if (value.find(name.string().value_or("")) == nullptr)
            into.push_back(where + ": lacks " + std::string(name.string().value_or("")));
    }
    const json::Value& more = schema["additionalProperties"];
    for (const auto& member : value.members()) {
        const std::string at = where + "/" + member.name;
        if (const json::Value* known = schema["properties"].find(member.name)) {
            check_value(member.value, *known, at, into);
        } else if (more.boolean() == false) {
            into.push_back(at + ": not in the document");
        } else if (more.is_object()) {
            check_value(member.value, more, at, into);
        }
    }
}

void OpenApiCheck::check_value(const json::Value& value, const json::Value& given, const std::string& where,
                               Faults& into) const {
    const json::Value& schema = resolved(given);
    const auto fitting = [&](std::span<const json::Value> choices) {
        return std::ranges::count_if(
            choices, [&](const json::Value& one) { return faults(value, one, where).empty(); });
    };
    const auto one_of = schema["oneOf"].items();
    if (!one_of.empty() && fitting(one_of) != 1) {
        into.push_back(where + ": fits " + std::to_string(fitting(one_of)) + " of oneOf");
    }
    const auto any_of = schema["anyOf"].items();
    if (!any_of.empty() && fitting(any_of) == 0) into.push_back(where + ": fits none of anyOf");
    if (schema.find("type") != nullptr && !has_type(value, schema["type"])) {
        into.push_back(where + ": wrong type");
        return;
    }
    const auto words = schema["enum"].items();
    const bool is_listed =
        std::ranges::any_of(words, [&](const json::Value& word) { return is_same(word, value); });
    if (!words.empty() && !is_listed) into.push_back(where + ": not in enum");
    check_bounds(value, schema, where, into);
    if (value.is_object()) check_object(value, schema, where, into);
    if (value.is_array() && schema.find("items") != nullptr) {
        std::size_t index = 0;
        for (const auto& item : value.items())
            check_value(item, schema["items"], where + "/" + std::to_string(index++), into);
    }
}

}  // namespace returngate::testing
