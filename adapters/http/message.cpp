// Header look-up and the two halves of a target.
#include "adapters/http/message.hpp"

#include "adapters/http/chars.hpp"

namespace returngate::http {

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const auto& [field_name, value] : fields) {
        if (equals_ignoring_case(field_name, name)) return value;
    }
    return std::nullopt;
}

void Headers::set(std::string name, std::string value) {
    for (auto& field : fields) {
        if (equals_ignoring_case(field.first, name)) {
            field.second = std::move(value);
            return;
        }
    }
    fields.emplace_back(std::move(name), std::move(value));
}

std::string_view Request::path() const {
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view Request::query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

}  // namespace returngate::http
