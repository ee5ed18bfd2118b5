// JSON out: escaping and commas.
#include "adapters/json/writer.hpp"

#include <cassert>
#include <utility>

namespace returngate::json {
namespace {

void append_escape(std::string& out, char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        default: break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
        out += text.substr(copied, i - copied);
        append_escape(out, c);
        copied = i + 1;
    }
    out += text.substr(copied);
    out += '"';
}

std::string quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

void Writer::separate() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
}

Writer& Writer::open(char bracket) {
    separate();
    out_ += bracket;
    needs_comma_ = false;
    ++depth_;
    return *this;
}

Writer& Writer::close(char bracket) {
    assert(depth_ > 0);
    out_ += bracket;
    needs_comma_ = true;
    --depth_;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    separate();
    append_quoted(out_, name);
    out_ += ':';
    needs_comma_ = false;
    return *this;
}

Writer& Writer::value(std::string_view text) {
    separate();
    append_quoted(out_, text);
    return *this;
}

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

std::string Writer::take() {
    assert(depth_ == 0);
    depth_ = 0;
    needs_comma_ = false;
    return std::exchange(out_, {});
}

}  // namespace returngate::json
