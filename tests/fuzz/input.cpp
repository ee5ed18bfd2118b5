// Recorded bytes to the fuzzer's text and back.
#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/sm4.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::fuzz {
namespace {

using courier::Account;
using courier::Operation;

constexpr char kSeparator = '\x1e';
constexpr std::array kOperations{Operation::book,  Operation::cancel, Operation::find,
                                 Operation::track, Operation::price,  Operation::move};

// EMS: "|$4|" + Base64(SM4-ECB(text)), in this member, under this setting.
constexpr std::string_view kSealed = "|$4|";
constexpr std::string_view kSealedMember = "logitcsInterface";
constexpr std::string_view kSealKey = "sign_key";

std::string seal(std::string_view text, const Account& account) {
    const auto key = crypto::sm4_key_from_base64(account.get(kSealKey));
    if (!key || text.starts_with(kSealed)) return std::string(text);
    const std::string cipher = crypto::sm4_ecb_encrypt(*key, text);
    return std::string(kSealed) +
           crypto::to_base64({reinterpret_cast<const std::uint8_t*>(cipher.data()), cipher.size()});
}

std::string unseal(std::string_view text, const Account& account) {
    const auto key = crypto::sm4_key_from_base64(account.get(kSealKey));
    if (!key || !text.starts_with(kSealed)) return std::string(text);
    const auto cipher = crypto::from_base64(text.substr(kSealed.size()));
    return cipher ? crypto::sm4_ecb_decrypt(*key, *cipher).value_or("") : "";
}

std::string_view take_until(std::string_view& text, char end) {
    const std::size_t size = std::min(text.find(end), text.size());
    const std::string_view taken = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    return taken;
}

std::string write_fields(const http::FormPairs& fields) {
    std::string text;
    for (const auto& [name, value] : fields) text.append(name).append("=").append(value) += kSeparator;
    if (!text.empty()) text.pop_back();
    return text;
}

http::FormPairs read_fields(std::string_view text) {
    http::FormPairs fields;
    while (!text.empty()) {
        std::string_view field = take_until(text, kSeparator);
        const std::string_view name = take_until(field, '=');
        fields.emplace_back(name, field);
    }
    return fields;
}

std::string object_of(const http::FormPairs& fields, const Account& account) {
    json::Writer w;
    w.begin_object();
    for (const auto& [name, value] : fields)
        w.member(name, name == kSealedMember ? seal(value, account) : value);
    return w.end_object().take();
}

// The fields of an object of texts of which one is a document by itself; other bodies are better left whole.
std::optional<http::FormPairs> nesting_fields(std::string_view body, const Account& account) {
    const auto document = json::parse(body);
    if (!document || !document->is_object()) return std::nullopt;
    http::FormPairs fields;
    bool is_nesting = false;
    for (const json::Member& member : document->members()) {
        const auto text = member.value.string();
        if (!text) return std::nullopt;
        is_nesting = is_nesting || text->starts_with('{') || text->starts_with(kSealed);
        fields.emplace_back(member.name, unseal(*text, account));
    }
    return is_nesting ? std::optional(fields) : std::nullopt;
}

std::optional<Answer> read_answer(Operation operation, std::string_view status, std::string_view body) {
    Answer answer{operation, {}};
    const char* end = status.data() + status.size();
    if (std::from_chars(status.data(), end, answer.response.status).ptr != end) return std::nullopt;
    answer.response.body = body;
    return answer;
}

std::optional<courier::Push> read_push(std::string_view shape, std::string_view at, std::string_view text,
                                       const Account& account) {
    const auto received_at = parse_rfc3339(at);
    if (!received_at) return std::nullopt;
    courier::Push push;
    push.received_at = *received_at;
    std::string_view start = take_until(text, '\n');
    push.request.method = take_until(start, ' ');
    push.request.target = start;
    while (true) {
        std::string_view line = take_until(text, '\n');
        if (line.empty()) break;
        const std::string_view name = take_until(line, ':');
        push.request.headers.fields.emplace_back(name, line.substr(line.starts_with(' ') ? 1 : 0));
    }
    if (shape == "raw") {
        push.request.body = text;
    } else if (shape == "form") {
        push.request.body = http::encode_form(read_fields(text));
    } else if (shape == "json") {
        push.request.body = object_of(read_fields(text), account);
    } else {
        return std::nullopt;
    }
    return push;
}

}  // namespace

std::optional<Input> read_input(std::string_view text, const Account& account) {
    std::string_view line = take_until(text, '\n');
    const std::string_view decoder = take_until(line, ' ');
    if (decoder == "push") {
        const std::string_view shape = take_until(line, ' ');
        auto push = read_push(shape, line, text, account);
        return push ? std::optional<Input>(*std::move(push)) : std::nullopt;
    }
    for (const Operation operation : kOperations)
        if (decoder == to_string(operation)) {
            auto answer = read_answer(operation, line, text);
            return answer ? std::optional<Input>(*std::move(answer)) : std::nullopt;
        }
    return std::nullopt;
}

std::string write_answer(Operation operation, const http::Response& response) {
    return std::string(to_string(operation)) + " " + std::to_string(response.status) + "\n" + response.body;
}

std::string write_push(const courier::Push& push, const Account& account) {
    const http::Request& request = push.request;
    std::string_view shape = "raw";
    std::string body = request.body;
    const std::string_view type = request.headers.find("Content-Type").value_or("");
    if (const auto form = http::parse_form(body);
        form && type.starts_with("application/x-www-form-urlencoded")) {
        shape = "form";
        body = write_fields(*form);
    } else if (const auto fields = nesting_fields(body, account)) {
        shape = "json";
        body = write_fields(*fields);
    }
    std::string text = "push " + std::string(shape) + " " + format_rfc3339(push.received_at) + "\n";
    text += request.method + " " + request.target + "\n";
    for (const auto& [name, value] : request.headers.fields) text.append(name) += ": " + value + "\n";
    return text + "\n" + body;
}

}  // namespace returngate::fuzz
