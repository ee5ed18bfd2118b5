// The only file that knows the TOML library.
#include "gateway/configuration/toml_table.hpp"

#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <toml++/toml.h>

#include "src/base/time.hpp"

namespace returngate::configuration {

struct TomlTable::State {
    std::string file;
    std::string prefix;  // "approval."
    std::shared_ptr<const toml::table> document;
    const toml::table* table = nullptr;  // nullptr: absent
    Faults* faults = nullptr;
    std::set<std::string, std::less<>> asked;

    const toml::node* find(std::string_view key) {
        asked.emplace(key);
        return table == nullptr ? nullptr : table->get(key);
    }
};

namespace {

std::string range_text(Range range) {
    return "is to be a whole number from " + std::to_string(range.least) + " to " +
           std::to_string(range.most);
}

bool is_within(std::int64_t value, Range range) {
    return value >= range.least && value <= range.most;
}

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
    const auto digit = [&](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 99;
    };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const int hours = digit(0) * 10 + digit(1);
    const int minutes = digit(3) * 10 + digit(4);
    if (hours > 24 || minutes > 59 || (hours == 24 && minutes > 0)) return std::nullopt;
    return std::chrono::minutes(hours * 60 + minutes);
}

}  // namespace

std::string joined(const Faults& faults) {
    std::string text;
    for (const auto& fault : faults) {
        if (!text.empty()) text += '\n';
        text += fault;
    }
    return text;
}

TomlTable::TomlTable(std::unique_ptr<State> state) : state_(std::move(state)) {}
TomlTable::~TomlTable() = default;
TomlTable::TomlTable(TomlTable&&) noexcept = default;

TomlTable TomlTable::from_text(std::string_view text, std::string file, Faults& faults) {
    auto state = std::make_unique<State>();
    state->file = std::move(file);
    state->faults = &faults;
    try {
        state->document = std::make_shared<toml::table>(toml::parse(text));
        state->table = state->document.get();
    } catch (const toml::parse_error& error) {
        faults.push_back(state->file + ": line " + std::to_string(error.source().begin.line) + ": " +
                         std::string(error.description()));
    }
    return TomlTable(std::move(state));
}

std::string text_of(const std::filesystem::path& file, Faults& faults) {
    std::error_code why;  // "no such file" is mended in another way than "permission denied"
    std::ifstream stream(file, std::ios::binary);
    if (!stream) why.assign(errno, std::generic_category());
    std::stringstream text;
    text << stream.rdbuf();
    if (stream) return text.str();
    faults.push_back(file.string() + ": cannot be read" + (why ? ": " + why.message() : ""));
    return {};
}

TomlTable TomlTable::from_file(const std::filesystem::path& file, Faults& faults) {
    return from_text(text_of(file, faults), file.filename().string(), faults);
}

void TomlTable::fault(std::string_view key, std::string_view message) {
    state_->faults->push_back(state_->file + ": " + state_->prefix + std::string(key) + ": " +
                              std::string(message));
}

std::string TomlTable::text(std::string_view key, std::string fallback) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return fallback;
    if (const auto value = node->value_exact<std::string>()) return *value;
    fault(key, "is to be a text");
    return fallback;
}

std::string TomlTable::required_text(std::string_view key) {
    const std::size_t faults_before = state_->faults->size();
    std::string value = text(key, "");
    if (value.empty() && state_->faults->size() == faults_before) fault(key, "is missing");
    return value;
}

std::int64_t TomlTable::integer(std::string_view key, std::int64_t fallback, Range range) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<std::int64_t>();
    if (value && is_within(*value, range)) return *value;
    fault(key, range_text(range));
    return fallback;
}

std::vector<std::int64_t> TomlTable::integers(std::string_view key, std::vector<std::int64_t> fallback,
                                              Range range) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return fallback;
    std::vector<std::int64_t> values;
    if (const toml::array* array = node->as_array()) {
        for (const auto& item : *array) {
            const auto value = item.value_exact<std::int64_t>();
            if (value && is_within(*value, range)) values.push_back(*value);
        }
        if (values.size() == array->size()) return values;
    }
    fault(key, "is to be a list; each value " + range_text(range));
    return fallback;
}

std::vector<std::string> TomlTable::texts(std::string_view key, std::vector<std::string> fallback) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return fallback;
    std::vector<std::string> values;
    if (const toml::array* array = node->as_array()) {
        for (const auto& item : *array) {
            if (auto value = item.value_exact<std::string>(); value && !value->empty())
                values.push_back(*std::move(value));
        }
        if (values.size() == array->size()) return values;
    }
    fault(key, "is to be a list of texts");
    return fallback;
}

std::vector<std::chrono::year_month_day> TomlTable::dates(std::string_view key) {
    std::vector<std::chrono::year_month_day> days;
    for (const auto& text : texts(key, {})) {
        if (const auto midnight = parse_shanghai(text + " 00:00:00")) {
            days.push_back(shanghai(*midnight).date);
        } else {
            fault(key, "is to be a list of days like \"2026-10-01\"");
        }
    }
    return days;
}

bool TomlTable::boolean(std::string_view key, bool fallback) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return fallback;
    if (const auto value = node->value_exact<bool>()) return *value;
    fault(key, "is to be true or false");
    return fallback;
}

std::chrono::minutes TomlTable::time_of_day(std::string_view key, std::chrono::minutes fallback) {
    const toml::node* node = state_->find(key);
    if (node == nullptr) return fallback;
    const auto value = node->value_exact<std::string>();
    const auto minutes = value ? parse_time_of_day(*value) : std::nullopt;
    if (minutes) return *minutes;
    fault(key, "is to be a time of day, \"HH:MM\"");
    return fallback;
}

TomlTable TomlTable::table(std::string_view key) {
    auto child = std::make_unique<State>();
    child->file = state_->file;
    child->prefix = state_->prefix + std::string(key) + ".";
    child->document = state_->document;
    child->faults = state_->faults;
    if (const toml::node* node = state_->find(key)) {
        child->table = node->as_table();
        if (child->table == nullptr) fault(key, "is to be a table");
    }
    return TomlTable(std::move(child));
}

std::vector<std::string> TomlTable::keys() const {
    std::vector<std::string> names;
    if (state_->table == nullptr) return names;
    for (const auto& [key, node] : *state_->table) names.emplace_back(key.str());
    return names;
}

void TomlTable::refuse_the_rest() {
    for (const auto& key : keys()) {
        if (!state_->asked.contains(key)) fault(key, "is not a key that this program knows");
    }
}

}  // namespace returngate::configuration
