// Shapes as bit masks over the positions of a number, compiled from the table, indexed by length.
#include "src/waybill/formats.hpp"

#include <algorithm>

#include "src/waybill/format_table.hpp"
#include "src/waybill/s10_countries.hpp"

namespace returngate::waybill {
namespace {

constexpr std::size_t kMaxLength = 64;  // normalisation refuses longer input
using Bits = std::uint64_t;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Which positions must be a digit, which a letter, counted from the front of the number.
struct Shape {
    std::uint8_t prefix_length = 0;
    std::uint8_t min_length = 0;
    std::uint8_t max_length = 0;
    Bits digits = 0;
    Bits letters = 0;
    Bits first = ~Bits{0};  // first characters of the prefixes, as bits counted from '0'
};

constexpr Bits bit_of(char c) {
    return Bits{1} << (c - '0');
}

constexpr std::size_t take_number(std::string_view& text) {
    std::size_t value = 0;
    while (!text.empty() && is_digit(text.front())) {
        value = value * 10 + static_cast<std::size_t>(text.front() - '0');
        text.remove_prefix(1);
    }
    return value;
}

struct Repeat {
    std::size_t min = 1;
    std::size_t max = 1;
};

constexpr Repeat take_repeat(std::string_view& body) {
    if (!body.starts_with('{')) return {};
    body.remove_prefix(1);
    Repeat repeat;
    repeat.min = repeat.max = take_number(body);
    if (body.starts_with(',')) {
        body.remove_prefix(1);
        repeat.max = take_number(body);
    }
    body.remove_prefix(1);
    return repeat;
}

constexpr Shape compile(const Format& format) {
    Shape shape;
    const std::size_t bar = format.prefixes.find('|');
    const std::size_t prefix = bar == std::string_view::npos ? format.prefixes.size() : bar;
    std::size_t min = prefix;
    std::size_t max = prefix;
    for (std::string_view body = format.body; !body.empty();) {
        const char kind = body.front();
        body.remove_prefix(1);
        const Repeat repeat = take_repeat(body);
        for (std::size_t i = 0; i < repeat.max; ++i, ++max) {
            if (kind == '#') shape.digits |= Bits{1} << max;
            if (kind == '@') shape.letters |= Bits{1} << max;
        }
        min += repeat.min;
    }
    if (prefix > 0) shape.first = 0;
    for (std::size_t at = 0; at < format.prefixes.size(); at += prefix + 1) {
        shape.first |= bit_of(format.prefixes[at]);
    }
    shape.prefix_length = static_cast<std::uint8_t>(prefix);
    shape.min_length = static_cast<std::uint8_t>(min + format.traits.tail.size());
    shape.max_length = static_cast<std::uint8_t>(max + format.traits.tail.size());
    return shape;
}

constexpr auto kShapes = [] {
    std::array<Shape, kFormats.size()> shapes{};
    for (std::size_t i = 0; i < shapes.size(); ++i) shapes[i] = compile(kFormats[i]);
    return shapes;
}();

constexpr bool has_length(const Shape& shape, std::size_t length) {
    return length >= shape.min_length && length <= shape.max_length;
}

constexpr std::size_t kIndexSize = [] {
    std::size_t size = 0;
    for (const Shape& shape : kShapes) size += 1U + shape.max_length - shape.min_length;
    return size;
}();

// Positions in the table of the formats of each length: [begin[n], begin[n + 1]) of `order`.
struct LengthIndex {
    std::array<std::uint8_t, kIndexSize> order{};
    std::array<std::uint16_t, kMaxLength + 2> begin{};
};

constexpr LengthIndex kByLength = [] {
    static_assert(kFormats.size() < 256);
    LengthIndex index;
    std::size_t next = 0;
    for (std::size_t length = 0; length <= kMaxLength; ++length) {
        index.begin[length] = static_cast<std::uint16_t>(next);
        for (std::size_t i = 0; i < kShapes.size(); ++i) {
            if (has_length(kShapes[i], length)) index.order[next++] = static_cast<std::uint8_t>(i);
        }
    }
    index.begin[kMaxLength + 1] = static_cast<std::uint16_t>(next);
    return index;
}();

constexpr bool kMatchesFit = [] {
    for (std::size_t length = 0; length <= kMaxLength; ++length) {
        if (kByLength.begin[length + 1] - kByLength.begin[length] > static_cast<int>(Matches::kCapacity))
            return false;
    }
    return true;
}();
static_assert(kMatchesFit);

// `alternatives` are separated by '|' and all as long as the first. They are short:
// comparing them here costs less than a call.
bool starts_with_one_of(std::string_view text, std::string_view alternatives, std::size_t length) {
    for (std::size_t at = 0; at < alternatives.size(); at += length + 1) {
        std::size_t same = 0;
        while (same < length && alternatives[at + same] == text[same]) ++same;
        if (same == length) return true;
    }
    return false;
}

bool is_excepted(std::string_view number, std::string_view except) {
    if (except.empty()) return false;
    const std::size_t length = std::min(except.find('|'), except.size());
    return starts_with_one_of(number, except, length);
}

bool is_china_post_parcel(std::string_view number) {
    constexpr std::string_view kLetters = "GAKQPH";
    const int province = (number[11] - '0') * 10 + (number[12] - '0');
    return kLetters.find(number[0]) != std::string_view::npos &&
           kLetters.find(number[1]) != std::string_view::npos && province >= 11 && province <= 65;
}

bool holds(Extra extra, std::string_view number, bool has_suffix) {
    switch (extra) {
        case nothing: return true;
        case known_country: return is_s10_country(number.substr(11));
        case china_post_parcel: return is_china_post_parcel(number);
        case last_digit_to_6: return number.back() <= '6';
        case parcel_suffix: return has_suffix;
        case lasership_leg: return number.substr(7, 2) == "01" && number[9] >= '1' && number[9] <= '4';
    }
    return false;
}

CheckDigit check_of(const Format& format, std::string_view number) {
    if (format.traits.check == CheckRule::none) return CheckDigit::none;
    return passes(format.traits.check, number) ? CheckDigit::pass : CheckDigit::fail;
}

struct Classes {
    Bits digits = 0;
    Bits letters = 0;
};

Classes classify(std::string_view number) {
    Classes classes;
    for (std::size_t i = 0; i < number.size(); ++i) {
        (is_digit(number[i]) ? classes.digits : classes.letters) |= Bits{1} << i;
    }
    return classes;
}

bool has_shape(const Format& format, const Shape& shape, std::string_view number, const Classes& classes) {
    const std::size_t body_end = number.size() - format.traits.tail.size();
    const Bits body = body_end >= kMaxLength ? ~Bits{0} : (Bits{1} << body_end) - 1;
    if ((shape.digits & body & ~classes.digits) != 0 || (shape.letters & body & ~classes.letters) != 0)
        return false;
    if ((shape.first & bit_of(number.front())) == 0) return false;
    if (!format.traits.tail.empty() && !number.ends_with(format.traits.tail)) return false;
    if (shape.prefix_length > 0 && !starts_with_one_of(number, format.prefixes, shape.prefix_length))
        return false;
    return !is_excepted(number, format.traits.except);
}

}  // namespace

Matches match_formats(std::string_view canonical, bool has_suffix) {
    Matches matches;
    if (canonical.empty() || canonical.size() > kMaxLength) return matches;
    const Classes classes = classify(canonical);
    for (std::size_t at = kByLength.begin[canonical.size()]; at < kByLength.begin[canonical.size() + 1];
         ++at) {
        const std::size_t i = kByLength.order[at];
        const Format& format = kFormats[i];
        if (!has_shape(format, kShapes[i], canonical, classes)) continue;
        if (!holds(format.traits.extra, canonical, has_suffix)) continue;
        matches.add({&format, check_of(format, canonical)});
    }
    return matches;
}

std::span<const Format> all_formats() {
    return kFormats;
}

bool is_known_courier(std::string_view code) {
    return std::ranges::find(kFormats, code, &Format::courier) != kFormats.end();
}

}  // namespace returngate::waybill
