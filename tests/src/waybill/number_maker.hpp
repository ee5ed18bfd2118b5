// Random numbers of a given format, for tests.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "src/waybill/formats.hpp"

namespace returngate::waybill {

using Random = std::mt19937_64;

inline std::vector<std::string> split_alternatives(std::string_view text) {
    std::vector<std::string> parts{""};
    for (const char c : text) {
        if (c == '|') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

inline char random_character(Random& random, char kind) {
    constexpr std::string_view kAll = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (kind == '#') return kAll[random() % 10];
    if (kind == '@') return kAll[10 + random() % 26];
    return kAll[random() % 36];
}

// The shape only; the check digit and what else the format asks for are random.
inline std::string random_shape(Random& random, const Format& format) {
    const auto prefixes = split_alternatives(format.prefixes);
    std::string number = prefixes[random() % prefixes.size()];
    for (std::size_t i = 0; i < format.body.size();) {
        const char kind = format.body[i++];
        std::size_t count = 1;
        if (i < format.body.size() && format.body[i] == '{') {
            const std::size_t end = format.body.find('}', i);
            const std::string range(format.body.substr(i + 1, end - i - 1));
            const std::size_t comma = range.find(',');
            const std::size_t min = std::stoul(range);
            const std::size_t max = comma == std::string::npos ? min : std::stoul(range.substr(comma + 1));
            count = min + random() % (max - min + 1);
            i = end + 1;
        }
        while (count-- > 0) number += random_character(random, kind);
    }
    return number + std::string(format.traits.tail);
}

inline bool has_suffix(const Format& format) {
    return format.traits.extra == Extra::parcel_suffix;
}

// Whether the number has this format's shape, and how its check digit does.
inline const Match* match_with(const Matches& matches, const Format& format) {
    for (const Match& match : matches.all()) {
        if (match.format == &format) return &match;
    }
    return nullptr;
}

// A number that the format accepts, or one whose check digit is wrong.
inline std::string random_number(Random& random, const Format& format, bool is_right = true) {
    for (;;) {
        std::string number = random_shape(random, format);
        const Matches matches = match_formats(number, has_suffix(format));
        const Match* match = match_with(matches, format);
        if (match == nullptr || (match->check != CheckDigit::fail) != is_right) continue;
        return has_suffix(format) ? number + "-1-2" : number;
    }
}

}  // namespace returngate::waybill
