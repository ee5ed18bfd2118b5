// Strict types: "5", 5.0 and 5e0 are no integers, null is not "absent" for a required member.
#include "gateway/api/fields.hpp"

#include <algorithm>
#include <array>

#include "adapters/http/chars.hpp"
#include "gateway/api/text_rules.hpp"

namespace returngate::api {
namespace {

constexpr std::array<std::string_view, 3> kUtf8{"utf-8", "\"utf-8\"", "utf8"};
// A body of nothing but faults is not answered with many times its size.
constexpr std::size_t kMostFaults = 100;

// JSON is UTF-8 and needs no parameter; one that names another charset is believed, and refused.
bool is_json(std::string_view content_type) {
    std::string_view rest = content_type;
    const auto next = [&rest] {
        const auto end = std::min(rest.find(';'), rest.size());
        const std::string_view part = http::trim_spaces(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return part;
    };
    if (!http::equals_ignoring_case(next(), "application/json")) return false;
    while (!rest.empty()) {
        constexpr std::string_view kCharset = "charset=";
        const std::string_view parameter = next();
        if (!http::equals_ignoring_case(parameter.substr(0, kCharset.size()), kCharset)) continue;
        const std::string_view charset = parameter.substr(kCharset.size());
        const bool is_utf8 = std::ranges::any_of(
            kUtf8, [charset](std::string_view name) { return http::equals_ignoring_case(charset, name); });
        if (!is_utf8) return false;
    }
    return true;
}

std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

std::string text_message(std::string_view fault, std::size_t most) {
    if (fault == "empty") return "May not be empty.";
    if (fault == "too_long") return "May have " + std::to_string(most) + " bytes at most.";
    if (fault == "not_visible_ascii") return "May have visible ASCII characters only.";
    return "Holds a character that is not allowed.";
}

}  // namespace

Outcome<json::Value> read_object(const http::Request& request) {
    if (!is_json(request.headers.find("Content-Type").value_or(""))) {
        return refuse(ErrorKind::invalid, "unsupported_media_type", "The body is to be application/json.");
    }
    if (request.headers.find("Content-Encoding")) {
        return refuse(ErrorKind::invalid, "unsupported_media_type",
                      "The body is to be sent as it is, without a Content-Encoding.");
    }
    auto value = json::parse(request.body);
    if (!value) return refuse(value.error());
    if (!value->is_object())
        return refuse_fields({FieldError{"", "wrong_type", "The body is to be an object."}});
    return *std::move(value);
}

Fields::Fields(const json::Value& object, std::vector<FieldError>& faults, std::string pointer)
    : object_(&object), faults_(&faults), pointer_(std::move(pointer)) {}

std::string Fields::pointer_to(std::string_view name) const {
    return pointer_ + "/" + escaped(name);
}

void Fields::add(FieldError fault) {
    if (faults_ != nullptr && faults_->size() < kMostFaults) faults_->push_back(std::move(fault));
}

void Fields::fault(std::string_view name, std::string code, std::string message) {
    add({pointer_to(name), std::move(code), std::move(message)});
}

void Fields::wrong_type(std::string_view name, std::string_view wanted) {
    fault(name, "wrong_type", "Is to be " + std::string(wanted) + ".");
}

// nullptr when absent; the absence of a required member is noted. An optional member may be null.
const json::Value* Fields::find(std::string_view name, bool is_required) {
    asked_.emplace_back(name);
    const json::Value* value = object_->find(name);
    if (value != nullptr && !is_required && value->is_null()) return nullptr;
    if (value == nullptr && is_required) fault(name, "missing", "Is required.");
    return value;
}

std::optional<std::string_view> Fields::string_of(std::string_view name, const json::Value* value) {
    if (value == nullptr) return std::nullopt;
    const auto text = value->string();
    if (!text) wrong_type(name, "a string");
    return text;
}

std::string Fields::checked_text(std::string_view name, const json::Value* value, std::size_t most_bytes) {
    const auto text = string_of(name, value);
    if (!text) return {};
    if (const auto wrong = text_fault(*text, most_bytes)) {
        fault(name, std::string(*wrong), text_message(*wrong, most_bytes));
        return {};
    }
    return std::string(*text);
}

std::string Fields::identifier(std::string_view name, std::size_t most) {
    const auto text = string_of(name, find(name, true));
    if (!text) return {};
    if (const auto wrong = identifier_fault(*text, most)) {
        fault(name, std::string(*wrong), text_message(*wrong, most));
        return {};
    }
    return std::string(*text);
}

std::string Fields::lines(std::string_view name, std::size_t most_bytes) {
    const auto text = string_of(name, find(name, true));
    if (!text) return {};
    std::string_view wrong = text->size() > most_bytes ? "too_long" : "";
    for (std::string_view rest = *text; wrong.empty() && !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        // A tab may stand before a comment.
        std::string line(rest.substr(0, end));
        std::ranges::replace(line, '\t', ' ');
        wrong = text_fault(line, most_bytes).value_or("");
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (wrong.empty()) return std::string(*text);
    fault(name, std::string(wrong), text_message(wrong, most_bytes));
    return {};
}

std::string Fields::text(std::string_view name, std::size_t most_bytes) {
    const json::Value* value = find(name, true);
    std::string text = checked_text(name, value, most_bytes);
    if (value != nullptr && value->string() == "") fault(name, "empty", text_message("empty", most_bytes));
    return text;
}

std::string Fields::optional_text(std::string_view name, std::size_t most_bytes) {
    return checked_text(name, find(name, false), most_bytes);
}

std::optional<std::int64_t> Fields::optional_integer(std::string_view name, std::int64_t least,
                                                     std::int64_t most) {
    const json::Value* value = find(name, false);
    if (value == nullptr) return std::nullopt;
    const auto number = value->integer();
    if (!number) {
        wrong_type(name, "a whole number");
    } else if (*number < least || *number > most) {
        fault(name, "out_of_range",
              "Is to be from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    } else {
        return number;
    }
    return std::nullopt;
}

std::int64_t Fields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
    if (object_->find(name) == nullptr || object_->find(name)->is_null()) {
        asked_.emplace_back(name);
        fault(name, "missing", "Is required.");
        return least;
    }
    return optional_integer(name, least, most).value_or(least);
}

std::optional<bool> Fields::optional_boolean(std::string_view name) {
    const json::Value* value = find(name, false);
    if (value == nullptr) return std::nullopt;
    if (!value->boolean()) wrong_type(name, "true or false");
    return value->boolean();
}

bool Fields::boolean(std::string_view name) {
    const json::Value* value = find(name, true);
    if (value == nullptr) return false;
    if (!value->boolean()) wrong_type(name, "true or false");
    return value->boolean().value_or(false);
}

std::string Fields::word(std::string_view name, std::initializer_list<std::string_view> words) {
    const json::Value* value = find(name, true);
    return value == nullptr ? std::string() : checked_word(name, *value, words);
}

std::string Fields::optional_word(std::string_view name, std::initializer_list<std::string_view> words) {
    const json::Value* value = find(name, false);
    return value == nullptr ? std::string() : checked_word(name, *value, words);
}

std::string Fields::checked_word(std::string_view name, const json::Value& value,
                                 std::initializer_list<std::string_view> words) {
    const auto text = value.string();
    if (text && std::ranges::find(words, *text) != words.end()) return std::string(*text);
    std::string list;
    for (const auto word : words) list.append(list.empty() ? "" : ", ").append(word);
    fault(name, text ? "unknown_word" : "wrong_type", "Is to be one of: " + list + ".");
    return {};
}

std::optional<Instant> Fields::optional_instant(std::string_view name) {
    const json::Value* value = find(name, false);
    if (value == nullptr) return std::nullopt;
    const auto text = value->string();
    const auto instant = text ? parse_rfc3339(*text) : std::nullopt;
    if (!instant)
        fault(name, text ? "not_rfc3339" : "wrong_type", "Is to be an RFC 3339 time with an offset.");
    return instant;
}

Instant Fields::instant(std::string_view name) {
    if (object_->find(name) == nullptr || object_->find(name)->is_null()) {
        asked_.emplace_back(name);
        fault(name, "missing", "Is required.");
        return {};
    }
    return optional_instant(name).value_or(Instant{});
}

void Fields::currency() {
    static_cast<void>(word("currency", {"CNY"}));
}

std::vector<std::string> Fields::identifiers(std::string_view name, std::size_t most_items,
                                             std::size_t most_bytes) {
    const json::Value* value = find(name, false);
    std::vector<std::string> all;
    if (value == nullptr) return all;
    if (!value->is_array()) {
        wrong_type(name, "a list");
        return all;
    }
    if (value->items().size() > most_items) {
        fault(name, "too_many", "May have " + std::to_string(most_items) + " items at most.");
        return all;
    }
    for (const auto& item : value->items()) {
        const std::string at = std::string(name) + "/" + std::to_string(all.size());
        const auto text = item.string();
        const auto wrong =
            text ? identifier_fault(*text, most_bytes) : std::optional<std::string_view>("wrong_type");
        if (wrong)
            add({pointer_ + "/" + at, std::string(*wrong),
                 text ? text_message(*wrong, most_bytes) : "Is to be a string."});
        all.emplace_back(text.value_or(""));
    }
    return all;
}

Fields Fields::object(std::string_view name) {
    static const json::Value kNothing;
    const json::Value* value = find(name, true);
    Fields member(*this);
    member.object_ = value != nullptr && value->is_object() ? value : &kNothing;
    member.pointer_ = pointer_to(name);
    member.asked_.clear();
    if (value != nullptr && !value->is_object()) wrong_type(name, "an object");
    if (value == nullptr || !value->is_object()) member.faults_ = nullptr;
    return member;
}

std::optional<Fields> Fields::optional_object(std::string_view name) {
    const json::Value* value = object_->find(name);
    if (value == nullptr || value->is_null()) {
        asked_.emplace_back(name);
        return std::nullopt;
    }
    return object(name);
}

std::vector<Fields> Fields::objects(std::string_view name, std::size_t most) {
    return listed(name, find(name, true), 1, most);
}

std::vector<Fields> Fields::optional_objects(std::string_view name, std::size_t most) {
    return listed(name, find(name, false), 0, most);
}

bool Fields::is_list_of_objects(std::string_view name) const {
    const json::Value* value = object_->find(name);
    return value != nullptr && value->is_array() && !value->items().empty() &&
           value->items().front().is_object();
}

std::vector<Fields> Fields::listed(std::string_view name, const json::Value* value, std::size_t least,
                                   std::size_t most) {
    std::vector<Fields> all;
    if (value == nullptr) return all;
    if (!value->is_array()) {
        wrong_type(name, "a list");
    } else if (value->items().size() < least || value->items().size() > most) {
        fault(name, value->items().size() < least ? "empty" : "too_many",
              "Is to have " + std::to_string(least) + " to " + std::to_string(most) + " items.");
    } else {
        for (const auto& item : value->items()) {
            const std::string at = pointer_to(name) + "/" + std::to_string(all.size());
            Fields one(*this);
            one.object_ = &item;
            one.pointer_ = at;
            one.asked_.clear();
            if (!item.is_object()) {
                add({at, "wrong_type", "Is to be an object."});
                one.faults_ = nullptr;
            }
            all.push_back(std::move(one));
        }
    }
    return all;
}

void Fields::refuse_the_rest() {
    for (const auto& member : object_->members()) {
        if (std::ranges::find(asked_, member.name) == asked_.end()) {
            fault(member.name, "unknown_member", "Is not a member that this request has.");
        }
    }
}

}  // namespace returngate::api
