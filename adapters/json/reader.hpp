// Strict JSON in: the whole document is validated, and what two readers could read differently is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/base/result.hpp"

namespace returngate::json {

class Value;
struct Member;

// One value of a parsed document; owns everything below it, so the text may go away.
// Every getter is safe on every kind: a wrong kind is "absent", never a crash.
class Value {
public:
    struct Number {
        std::string text;                     // exactly as written
        std::optional<std::int64_t> integer;  // set when written as an integer within int64
    };

    Value();  // null
    explicit Value(bool value);
    explicit Value(Number value);
    explicit Value(std::string value);
    explicit Value(std::vector<Value> items);
    explicit Value(std::vector<Member> members);

    [[nodiscard]] bool is_null() const { return content_.index() == 0; }
    [[nodiscard]] bool is_boolean() const { return std::holds_alternative<bool>(content_); }
    [[nodiscard]] bool is_number() const { return std::holds_alternative<Number>(content_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(content_); }
    [[nodiscard]] bool is_array() const { return std::holds_alternative<std::vector<Value>>(content_); }
    [[nodiscard]] bool is_object() const { return std::holds_alternative<std::vector<Member>>(content_); }

    [[nodiscard]] std::optional<bool> boolean() const;
    // A number written without fraction and exponent, within int64. 1.0 and 1e2 are not integers.
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    // Any number, as its text: exact, for adapters/json/decimal.hpp.
    [[nodiscard]] std::optional<std::string_view> decimal() const;
    [[nodiscard]] std::optional<std::string_view> string() const;
    // A string, or the text of a number: for senders that write ids and codes both ways.
    [[nodiscard]] std::optional<std::string_view> text() const;
    // The items of an array, the members of an object in the order written; empty for other kinds.
    [[nodiscard]] std::span<const Value> items() const;
    [[nodiscard]] std::span<const Member> members() const;

    // nullptr when this is no object or has no such member.
    [[nodiscard]] const Value* find(std::string_view name) const;
    // The member, or null where there is none; so paths chain: answer["data"]["id"].string().
    [[nodiscard]] const Value& operator[](std::string_view name) const;

private:
    std::variant<std::monostate, bool, Number, std::string, std::vector<Value>, std::vector<Member>> content_;
};

struct Member {
    std::string name;
    Value value;
};

// Here, because a variant can be made only once Member is complete.
inline Value::Value() = default;
inline Value::Value(bool value) : content_(value) {}
inline Value::Value(Number value) : content_(std::move(value)) {}
inline Value::Value(std::string value) : content_(std::move(value)) {}
inline Value::Value(std::vector<Value> items) : content_(std::move(items)) {}
inline Value::Value(std::vector<Member> members) : content_(std::move(members)) {}

struct Limits {
    std::size_t depth = 32;
    std::size_t bytes = 1024 * 1024;
};

// Refused (`invalid`): anything but one whole JSON document in valid UTF-8, duplicate member names
// (after unescaping), U+0000 in a string, lone surrogates, nesting past the limit, numbers outside
// 64 bits and double. Codes: json_syntax, json_duplicate_key, json_nul, json_depth, json_number, json_size.
[[nodiscard]] Result<Value> parse(std::string_view text, Limits limits = {});

// Members that must be there. Errors are `invalid` with code missing_member or wrong_type and name
// the member, never its value.
[[nodiscard]] Result<std::string_view> require_string(const Value& object, std::string_view name);
[[nodiscard]] Result<std::int64_t> require_integer(const Value& object, std::string_view name);
[[nodiscard]] Result<bool> require_boolean(const Value& object, std::string_view name);
[[nodiscard]] Result<std::span<const Value>> require_array(const Value& object, std::string_view name);

}  // namespace returngate::json
