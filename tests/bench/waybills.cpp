// One thread, the same numbers for both. The baseline only matches shapes: it knows no check digit, no
// published sample and no verdict, so it does less than what it is compared with.
#include "tests/bench/waybills.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "adapters/json/writer.hpp"
#include "src/waybill/check.hpp"
#include "src/waybill/formats.hpp"
#include "tests/bench/allocations.hpp"

namespace returngate::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using waybill::Format;

constexpr int kTriesForACheckDigit = 60;
constexpr int kMostShown = 10;

// The parts of a body: "@@#{9}" → {'@', 1, 1}, {'@', 1, 1}, {'#', 9, 9}.
struct Part {
    char kind = '#';
    int least = 1;
    int most = 1;
};

std::vector<Part> parts_of(std::string_view body) {
    std::vector<Part> parts;
    for (std::size_t at = 0; at < body.size(); ++at) {
        Part& part = parts.emplace_back();
        part.kind = body[at];
        if (at + 1 >= body.size() || body[at + 1] != '{') continue;
        const auto end = body.find('}', at);
        const std::string range(body.substr(at + 2, end - at - 2));
        const auto comma = range.find(',');
        part.least = std::stoi(range);
        part.most = comma == std::string::npos ? part.least : std::stoi(range.substr(comma + 1));
        at = end;
    }
    return parts;
}

std::string_view letters_of(char kind) {
    if (kind == '#') return "0123456789";
    if (kind == '@') return "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
}

std::string pattern_of(const Format& format) {
    std::string pattern = "(?:" + std::string(format.prefixes) + ")";
    for (const Part& part : parts_of(format.body)) {
        pattern += part.kind == '#' ? "[0-9]" : part.kind == '@' ? "[A-Z]" : "[0-9A-Z]";
        pattern += "{" + std::to_string(part.least) + "," + std::to_string(part.most) + "}";
    }
    return pattern + std::string(format.traits.tail);
}

template <class Range>
const auto& pick(const Range& range, std::mt19937_64& random) {
    return range[std::uniform_int_distribution<std::size_t>(0, range.size() - 1)(random)];
}

class Numbers {
public:
    // Of formats that are issued today and whose shape says all, with check digits that hold where a few
    // dozen tries find one.
    std::string draw() {
        const auto formats = waybill::all_formats();
        const Format* format = &pick(formats, random_);
        while (format->traits.is_legacy || format->traits.extra != waybill::Extra::nothing)
            format = &pick(formats, random_);
        std::string number = fill(*format);
        for (int tries = 0; tries < kTriesForACheckDigit; ++tries) {
            if (waybill::check(number, std::nullopt).check != waybill::CheckDigit::fail) break;
            number = fill(*format);
        }
        return number;
    }

private:
    std::string fill(const Format& format) {
        const auto width = std::min(format.prefixes.size(), format.prefixes.find('|'));
        const std::size_t count = width == 0 ? 1 : (format.prefixes.size() + 1) / (width + 1);
        const auto chosen = std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
        std::string number(format.prefixes.substr(chosen * (width + 1), width));
        for (const Part& part : parts_of(format.body)) {
            for (int i = 0; i < part.least; ++i) number += pick(letters_of(part.kind), random_);
        }
        return number + std::string(format.traits.tail);
    }

    std::mt19937_64 random_{20'260'101};  // the same numbers in every run
};

class Baseline {
public:
    Baseline() {
        for (const Format& format : waybill::all_formats())
            rows_.push_back({format.courier, std::regex(pattern_of(format), std::regex::optimize)});
    }
    [[nodiscard]] std::vector<std::string_view> couriers(const std::string& number) const {
        std::vector<std::string_view> found;
        for (const auto& row : rows_) {
            if (std::regex_match(number, row.pattern)) found.push_back(row.courier);
        }
        return found;
    }

private:
    struct Row {
        std::string_view courier;
        std::regex pattern;
    };
    std::vector<Row> rows_;
};

// Numbers for which we name a courier whose pattern does not match.
int disagreements(const Baseline& baseline, const std::vector<std::string>& numbers) {
    int count = 0;
    for (const auto& number : numbers) {
        const auto found = baseline.couriers(number);
        const auto report = waybill::check(number, std::nullopt);
        const bool holds = std::ranges::all_of(report.candidates, [&](const auto& candidate) {
            return std::ranges::count(found, candidate.courier) > 0;
        });
        if (holds && !report.candidates.empty()) continue;
        if (++count <= kMostShown) std::fprintf(stderr, "not named by both: %s\n", number.c_str());
    }
    return count;
}

// Calls per second of `work`, which returns something that depends on its result.
template <class Work>
double per_second(double seconds, const std::vector<std::string>& numbers, Work work) {
    std::size_t sum = 0;
    std::size_t calls = 0;
    const auto begin = SteadyClock::now();
    double passed = 0;
    while (passed < seconds) {
        for (std::size_t i = 0; i < 256; ++i, ++calls) sum += work(numbers[calls % numbers.size()]);
        passed = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    }
    // Used, so that no compiler may leave the work out.
    if (sum == 0) std::fprintf(stderr, "nothing was recognised\n");
    return static_cast<double>(calls) / passed;
}

double allocations_per_check(const std::vector<std::string>& numbers) {
    const std::size_t before = allocations();
    for (const auto& number : numbers) (void)waybill::check(number, std::nullopt);
    return static_cast<double>(allocations() - before) / static_cast<double>(numbers.size());
}

}  // namespace

int run_waybills(double seconds, int count) {
    Numbers source;
    std::vector<std::string> numbers;
    for (int i = 0; i < count; ++i) numbers.push_back(source.draw());
    const Baseline baseline;
    const int apart = disagreements(baseline, numbers);
    const double ours = per_second(seconds, numbers, [](const std::string& number) {
        return waybill::check(number, std::nullopt).candidates.size();
    });
    const double theirs = per_second(
        seconds, numbers, [&](const std::string& number) { return baseline.couriers(number).size(); });
    json::Writer out;
    out.begin_object().member("numbers", std::int64_t{count}).member("disagreements", std::int64_t{apart});
    out.raw_member("checks_per_s", std::to_string(static_cast<std::int64_t>(ours)));
    out.raw_member("allocations_per_check", std::to_string(allocations_per_check(numbers)));
    out.raw_member("regex_baseline_per_s", std::to_string(static_cast<std::int64_t>(theirs)));
    out.raw_member("ratio_to_baseline", std::to_string(ours / theirs)).end_object();
    std::puts(out.take().c_str());
    return apart == 0 ? 0 : 1;
}

}  // namespace returngate::bench
