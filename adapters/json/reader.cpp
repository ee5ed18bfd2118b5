// Builds our value tree from simdjson's DOM. (Its On-Demand reader accepts invalid JSON in members
// that nobody reads, so it is not used.)
#include "adapters/json/reader.hpp"

#include <algorithm>
#include <charconv>
#include <simdjson.h>

namespace returngate::json {
namespace {

namespace dom = simdjson::dom;

// simdjson turns numbers into doubles and forgets their text. In a document that it has accepted,
// a number is any run that starts with '-' or a digit outside a string; this walks them in order.
class NumberTexts {
public:
    explicit NumberTexts(std::string_view document) : rest_(document) {}

    std::string_view next() {
        std::size_t i = 0;
        bool in_string = false;
        for (; i < rest_.size(); ++i) {
            const char c = rest_[i];
            if (in_string && c == '\\') {
                ++i;
            } else if (c == '"') {
                in_string = !in_string;
            } else if (!in_string && (c == '-' || (c >= '0' && c <= '9'))) {
                break;
            }
        }
        const std::size_t end = std::min(rest_.find_first_not_of("+-.0123456789eE", i), rest_.size());
        const std::string_view text = rest_.substr(i, end - i);
        rest_.remove_prefix(end);
        return text;
    }

private:
    std::string_view rest_;
};

class TreeBuilder {
public:
    TreeBuilder(std::string_view document, std::size_t max_depth)
        : numbers_(document), max_depth_(max_depth) {}

    Result<Value> build(dom::element element, std::size_t depth) {
        switch (element.type()) {
            case dom::element_type::OBJECT: return build_object(dom::object(element), depth + 1);
            case dom::element_type::ARRAY: return build_array(dom::array(element), depth + 1);
            case dom::element_type::STRING: return build_string(std::string_view(element));
            case dom::element_type::BOOL: return Value(bool(element));
            case dom::element_type::NULL_VALUE: return Value();
            default: return build_number();
        }
    }

private:
    Result<Value> build_object(dom::object object, std::size_t depth) {
        if (depth > max_depth_) return too_deep();
        std::vector<Member> members;
        members.reserve(object.size());
        for (const auto [key, element] : object) {
            if (key.find('\0') != key.npos) return nul();
            auto value = build(element, depth);
            if (!value) return value;
            members.push_back(Member{std::string(key), *std::move(value)});
        }
        if (has_duplicates(members))
            return fail(ErrorKind::invalid, "json_duplicate_key",
                        "The JSON has an object with a member twice.");
        return Value(std::move(members));
    }

    Result<Value> build_array(dom::array array, std::size_t depth) {
        if (depth > max_depth_) return too_deep();
        std::vector<Value> items;
        items.reserve(array.size());
        for (const dom::element element : array) {
            auto value = build(element, depth);
            if (!value) return value;
            items.push_back(*std::move(value));
        }
        return Value(std::move(items));
    }

    static Result<Value> build_string(std::string_view text) {
        if (text.find('\0') != text.npos) return nul();
        return Value(std::string(text));
    }

    Result<Value> build_number() {
        Value::Number number{std::string(numbers_.next()), std::nullopt};
        const char* end = number.text.data() + number.text.size();
        std::int64_t integer = 0;
        const auto [stop, error] = std::from_chars(number.text.data(), end, integer);
        if (error == std::errc{} && stop == end) number.integer = integer;
        return Value(std::move(number));
    }

    static bool has_duplicates(const std::vector<Member>& members) {
        if (members.size() > 16) {
            std::vector<std::string_view> names;
            names.reserve(members.size());
            for (const Member& member : members) names.push_back(member.name);
            std::sort(names.begin(), names.end());
            return std::adjacent_find(names.begin(), names.end()) != names.end();
        }
        for (std::size_t i = 1; i < members.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (members[i].name == members[j].name) return true;
        return false;
    }

    static Result<Value> too_deep() {
        return fail(ErrorKind::invalid, "json_depth", "The JSON is nested too deeply.");
    }
    static Result<Value> nul() {
        return fail(ErrorKind::invalid, "json_nul", "The JSON has a U+0000 in a string.");
    }

    NumberTexts numbers_;
    std::size_t max_depth_;
};

tl::unexpected<Error> missing_or_wrong(const Value& object, std::string_view name, std::string_view wanted) {
    const std::string quoted = "Member \"" + std::string(name) + "\" ";
    if (object.find(name) == nullptr)
        return fail(ErrorKind::invalid, "missing_member", quoted + "is missing.");
    return fail(ErrorKind::invalid, "wrong_type", quoted + "must be " + std::string(wanted) + ".");
}

}  // namespace

std::optional<bool> Value::boolean() const {
    const bool* value = std::get_if<bool>(&content_);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> Value::integer() const {
    const Number* number = std::get_if<Number>(&content_);
    return number ? number->integer : std::nullopt;
}

std::optional<std::string_view> Value::decimal() const {
    const Number* number = std::get_if<Number>(&content_);
    return number ? std::optional<std::string_view>(number->text) : std::nullopt;
}

std::optional<std::string_view> Value::string() const {
    const std::string* value = std::get_if<std::string>(&content_);
    return value ? std::optional<std::string_view>(*value) : std::nullopt;
}

std::optional<std::string_view> Value::text() const {
    return is_number() ? decimal() : string();
}

std::span<const Value> Value::items() const {
    const auto* items = std::get_if<std::vector<Value>>(&content_);
    return items ? std::span<const Value>(*items) : std::span<const Value>();
}

std::span<const Member> Value::members() const {
    const auto* members = std::get_if<std::vector<Member>>(&content_);
    return members ? std::span<const Member>(*members) : std::span<const Member>();
}

const Value* Value::find(std::string_view name) const {
    for (const Member& member : members())
        if (member.name == name) return &member.value;
    return nullptr;
}

const Value& Value::operator[](std::string_view name) const {
    static const Value absent;
    const Value* found = find(name);
    return found ? *found : absent;
}

Result<Value> parse(std::string_view text, Limits limits) {
    if (text.size() > limits.bytes) return fail(ErrorKind::invalid, "json_size", "The JSON is too large.");
    dom::parser parser;
    dom::element root;
    const simdjson::error_code error = parser.parse(text.data(), text.size(), true).get(root);
    if (error == simdjson::DEPTH_ERROR)
        return fail(ErrorKind::invalid, "json_depth", "The JSON is nested too deeply.");
    if (error == simdjson::NUMBER_ERROR)
        return fail(ErrorKind::invalid, "json_number",
                    "The JSON has a number that is malformed or out of range.");
    if (error) return fail(ErrorKind::invalid, "json_syntax", "The body is not valid JSON.");
    return TreeBuilder(text, limits.depth).build(root, 0);
}

Result<std::string_view> require_string(const Value& object, std::string_view name) {
    const auto value = object[name].string();
    if (!value) return missing_or_wrong(object, name, "a string");
    return *value;
}

Result<std::int64_t> require_integer(const Value& object, std::string_view name) {
    const auto value = object[name].integer();
    if (!value) return missing_or_wrong(object, name, "an integer");
    return *value;
}

Result<bool> require_boolean(const Value& object, std::string_view name) {
    const auto value = object[name].boolean();
    if (!value) return missing_or_wrong(object, name, "true or false");
    return *value;
}

Result<std::span<const Value>> require_array(const Value& object, std::string_view name) {
    if (!object[name].is_array()) return missing_or_wrong(object, name, "an array");
    return object[name].items();
}

}  // namespace returngate::json
