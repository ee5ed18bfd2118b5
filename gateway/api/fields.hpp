// A request body read member by member: faults are collected with their JSON pointers, the first hundred of
// them, and a member that nobody asked for is one. Values of faulty members are empty; ask `faults` before
// using any.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/message.hpp"
#include "adapters/json/reader.hpp"
#include "gateway/http/problem.hpp"
#include "src/base/money.hpp"
#include "src/base/time.hpp"

namespace returngate::api {

inline constexpr std::size_t kIdentifierBytes = 64;
// The schema's bound: 1,000 million CNY in fen.
inline constexpr Fen kMostFen = 100'000'000'000;

// A JSON object as the request's body: 415 for another content type or any content encoding, 400 for what is
// no JSON.
[[nodiscard]] Outcome<json::Value> read_object(const http::Request& request);

class Fields {
public:
    // Both are to outlive this. `pointer` is where the object stands: "" is the whole body.
    Fields(const json::Value& object, std::vector<FieldError>& faults, std::string pointer = "");

    [[nodiscard]] std::string identifier(std::string_view name, std::size_t most = kIdentifierBytes);
    // Required and not empty; the other one is "" when absent.
    [[nodiscard]] std::string text(std::string_view name, std::size_t most_bytes);
    // Line by line like any text; a file's content.
    [[nodiscard]] std::string lines(std::string_view name, std::size_t most_bytes);
    [[nodiscard]] std::string optional_text(std::string_view name, std::size_t most_bytes);
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t least,
                                                               std::int64_t most);
    [[nodiscard]] Fen amount(std::string_view name) { return integer(name, 1, kMostFen); }
    [[nodiscard]] bool boolean(std::string_view name);
    [[nodiscard]] std::optional<bool> optional_boolean(std::string_view name);
    [[nodiscard]] std::string word(std::string_view name, std::initializer_list<std::string_view> words);
    [[nodiscard]] std::string optional_word(std::string_view name,
                                            std::initializer_list<std::string_view> words);
    [[nodiscard]] Instant instant(std::string_view name);
    [[nodiscard]] std::optional<Instant> optional_instant(std::string_view name);
    // "currency":"CNY", the only one.
    void currency();
    // Identifiers in a list; absent is an empty one.
    [[nodiscard]] std::vector<std::string> identifiers(std::string_view name, std::size_t most_items,
                                                       std::size_t most_bytes);
    [[nodiscard]] Fields object(std::string_view name);
    [[nodiscard]] std::optional<Fields> optional_object(std::string_view name);
    // At least one.
    [[nodiscard]] std::vector<Fields> objects(std::string_view name, std::size_t most);
    // Absent is an empty list.
    [[nodiscard]] std::vector<Fields> optional_objects(std::string_view name, std::size_t most);

    // A list whose first item is an object; asks for nothing yet.
    [[nodiscard]] bool is_list_of_objects(std::string_view name) const;

    void fault(std::string_view name, std::string code, std::string message);
    // Call last: every member that was not asked for is a fault.
    void refuse_the_rest();

private:
    [[nodiscard]] std::vector<Fields> listed(std::string_view name, const json::Value* value,
                                             std::size_t least, std::size_t most);
    void add(FieldError fault);
    [[nodiscard]] const json::Value* find(std::string_view name, bool is_required);
    [[nodiscard]] std::string pointer_to(std::string_view name) const;
    // Of a member that is there; nothing and a fault when it is no string.
    [[nodiscard]] std::optional<std::string_view> string_of(std::string_view name, const json::Value* value);
    [[nodiscard]] std::string checked_text(std::string_view name, const json::Value* value,
                                           std::size_t most_bytes);
    [[nodiscard]] std::string checked_word(std::string_view name, const json::Value& value,
                                           std::initializer_list<std::string_view> words);
    void wrong_type(std::string_view name, std::string_view wanted);

    const json::Value* object_;
    std::vector<FieldError>* faults_;  // nullptr: the object itself is at fault, its members say nothing more
    std::string pointer_;
    std::vector<std::string> asked_;
};

}  // namespace returngate::api
