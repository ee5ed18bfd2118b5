// JSON out: append-only, members in the order written, so that the same values give the same bytes.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace returngate::json {

// json::Writer w;
// w.begin_object().member("id", id).member("amount_fen", 1200).key("items").begin_array()…
// Balanced begin/end and a key before each member's value are the caller's duty; take() asserts it.
// Texts are UTF-8 already; bytes from 0x80 up are copied as they are.
class Writer {
public:
    Writer& begin_object() { return open('{'); }
    Writer& end_object() { return close('}'); }
    Writer& begin_array() { return open('['); }
    Writer& end_array() { return close(']'); }
    Writer& key(std::string_view name);

    Writer& value(std::string_view text);
    Writer& value(const char* text) { return value(std::string_view(text)); }
    Writer& value(const std::string& text) { return value(std::string_view(text)); }
    Writer& value(std::same_as<bool> auto flag) { return raw(flag ? "true" : "false"); }
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>)
    Writer& value(Integer number) {
        return raw(std::to_string(number));
    }
    Writer& null() { return raw("null"); }
    // A ready piece of JSON: a decimal number's text, or a document made by another Writer.
    Writer& raw(std::string_view json);

    template <class T>
    Writer& member(std::string_view name, const T& v) {
        return key(name).value(v);
    }
    // null when absent.
    template <class T>
    Writer& member(std::string_view name, const std::optional<T>& v) {
        key(name);
        return v ? value(*v) : null();
    }
    // Left out when absent or empty.
    Writer& member_if_set(std::string_view name, std::string_view text) {
        return text.empty() ? *this : member(name, text);
    }
    Writer& raw_member(std::string_view name, std::string_view json) { return key(name).raw(json); }

    [[nodiscard]] std::string take();

private:
    Writer& open(char bracket);
    Writer& close(char bracket);
    void separate();

    std::string out_;
    int depth_ = 0;
    bool needs_comma_ = false;
};

// The text with quotes around it.
void append_quoted(std::string& out, std::string_view text);
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace returngate::json
