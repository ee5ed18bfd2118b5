// The verdict: matches ranked by tier, then judged against the declared courier, then against what is
// known to be nobody's number.
#include "src/waybill/check.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "src/waybill/formats.hpp"
#include "src/waybill/normalise.hpp"
#include "src/waybill/samples.hpp"
#include "src/waybill/signals.hpp"

namespace returngate::waybill {
namespace {

constexpr std::size_t kMaxBest = 5;
constexpr std::uint8_t kFailedTier = 5;
constexpr std::string_view kPostalStandard = "S10";  // a standard, no rival of the posts that follow it

// Codes are short and mostly differ at once: no call for them.
bool is_same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i]) return false;
    }
    return true;
}

// One courier's best reading of the number.
struct Reading {
    const Format* format;
    CheckDigit check;

    [[nodiscard]] bool is_failed() const { return check == CheckDigit::fail; }
    [[nodiscard]] int tier() const { return is_failed() ? kFailedTier : format->tier; }
};

// Readings of all couriers, one each: the good ones best first, then those whose check digit fails.
class Readings {
public:
    Readings(std::span<const Match> matches, std::string_view declared) {
        for (const Match& match : matches) add({match.format, match.check});
        sort(declared);
        while (good_ < size_ && !items_[good_].is_failed()) ++good_;
    }

    [[nodiscard]] std::span<const Reading> all() const { return {items_.data(), size_}; }
    [[nodiscard]] std::span<const Reading> good() const { return all().first(good_); }
    [[nodiscard]] std::span<const Reading> failed() const { return all().subspan(good_); }
    [[nodiscard]] std::span<const Reading> best() const {
        std::size_t count = 0;
        while (count < good_ && items_[count].tier() == items_[0].tier()) ++count;
        return all().first(count);
    }
    [[nodiscard]] const Reading* of(std::string_view courier) const {
        for (const Reading& reading : all()) {
            if (is_same(reading.format->courier, courier)) return &reading;
        }
        return nullptr;
    }

private:
    // Failed ones last, then by tier, the declared courier first, what is still issued before the rest.
    static int order(const Reading& reading, std::string_view declared) {
        const bool is_other = !is_same(reading.format->courier, declared);
        return reading.is_failed() * 1000 + reading.tier() * 10 + is_other * 2 +
               reading.format->traits.is_legacy;
    }

    // Insertion: there are few, and the standard library's stable sort would allocate.
    void sort(std::string_view declared) {
        for (std::size_t i = 1; i < size_; ++i) {
            const Reading reading = items_[i];
            const int key = order(reading, declared);
            std::size_t at = i;
            for (; at > 0 && order(items_[at - 1], declared) > key; --at) items_[at] = items_[at - 1];
            items_[at] = reading;
        }
    }

    // A passing check digit beats a failing one; a failing one beats the same courier's looser rules,
    // so that a wrong number never falls through to them.
    static bool is_better(const Reading& a, const Reading& b) {
        const auto rank = [](const Reading& reading) {
            const int by_check = reading.check == CheckDigit::pass ? 0 : reading.is_failed() ? 1 : 2;
            return std::pair(by_check, reading.format->tier);
        };
        return rank(a) < rank(b);
    }

    void add(const Reading& reading) {
        for (Reading& known : std::span(items_.data(), size_)) {
            if (!is_same(known.format->courier, reading.format->courier)) continue;
            if (is_better(reading, known)) known = reading;
            return;
        }
        items_[size_++] = reading;
    }

    std::array<Reading, Matches::kCapacity> items_;  // the first size_ are set
    std::size_t size_ = 0;
    std::size_t good_ = 0;
};

struct Judgement {
    Verdict verdict = Verdict::malformed;
    std::string_view reason;  // empty: none
};

// SF's rule is inferred and posts have look-alikes: own prefixes stay suspect. Elsewhere a failing
// check digit on a shape that nobody else uses is simply no number.
Judgement judge_failed(const Reading& reading, const Readings& readings) {
    const bool is_shared = readings.all().size() > 1;
    const bool is_malformed = !reading.format->traits.claims && !is_shared;
    return {is_malformed ? Verdict::malformed : Verdict::suspect, "check_digit_failed"};
}

Judgement judge_declared(const Readings& readings, std::string_view declared) {
    const Reading* reading = readings.of(declared);
    if (reading == nullptr) {
        const bool is_known = is_known_courier(declared);
        return {Verdict::mismatch, is_known ? "not_a_number_of_the_declared_courier" : "unknown_courier"};
    }
    if (reading->is_failed()) return judge_failed(*reading, readings);
    if (reading->tier() > readings.best().front().tier()) {
        return {Verdict::ambiguous, "another_courier_is_more_likely"};
    }
    return {Verdict::ok, {}};
}

// A check digit that fails although the shape is that courier's own, or that should have decided
// between it and a mere legacy range.
bool is_contested(const Readings& readings) {
    const Format& best = *readings.best().front().format;
    const bool is_weak = best.traits.is_legacy && best.tier >= 4;
    return std::ranges::any_of(readings.failed(), [&](const Reading& failed) {
        return failed.format->tier < best.tier && (failed.format->traits.claims || is_weak);
    });
}

Judgement judge_undeclared(const Readings& readings) {
    if (readings.good().empty()) return judge_failed(readings.failed().front(), readings);
    const auto rivals = std::ranges::count_if(
        readings.best(), [](const Reading& reading) { return reading.format->courier != kPostalStandard; });
    if (rivals > 1) return {Verdict::ambiguous, "several_couriers"};
    if (is_contested(readings)) return {Verdict::ambiguous, "check_digit_of_another_courier_failed"};
    return {Verdict::ok, {}};
}

void list_candidates(Report& report, const Readings& readings, std::string_view declared) {
    const std::size_t best = readings.best().size();
    report.candidates.reserve(readings.all().size());
    for (std::size_t i = 0; i < readings.all().size(); ++i) {
        if (i >= kMaxBest && i < best) continue;  // a sixth guess of the same strength tells nothing more
        const Reading& reading = readings.all()[i];
        // A failing check digit that claims nothing is noise beside a good reading.
        const bool is_telling = reading.format->traits.claims || reading.format->courier == declared;
        if (reading.is_failed() && !is_telling && !readings.good().empty()) continue;
        report.candidates.push_back(
            {reading.format->courier, reading.format->name, reading.tier(), reading.check});
    }
    if (best > kMaxBest) report.reasons.push_back("more_candidates");
}

// The last two letters of a postal shape name no post.
bool is_postal_shape(std::string_view number) {
    const auto is_letter = [](char c) { return c >= 'A'; };
    if (number.size() != 13 || !is_letter(number[0]) || !is_letter(number[1])) return false;
    const bool has_digits = std::ranges::none_of(number.substr(2, 9), is_letter);
    return has_digits && is_letter(number[11]) && is_letter(number[12]);
}

void apply_signals(Report& report) {
    Signals signals = find_signals(report.canonical);
    const bool is_accepted = report.verdict == Verdict::ok || report.verdict == Verdict::ambiguous;
    if (signals.is_placeholder && is_accepted) report.verdict = Verdict::suspect;
    if (is_published_sample(report.canonical)) {
        report.verdict = Verdict::suspect;
        report.reasons.push_back("published_sample");
    }
    report.reasons.insert(report.reasons.end(), signals.reasons.begin(), signals.reasons.end());
}

void judge(Report& report, std::string_view declared) {
    const Matches matches = match_formats(report.canonical, !report.suffix.empty());
    const Readings readings(matches.all(), declared);
    if (readings.all().empty()) {
        report.reasons.push_back(is_postal_shape(report.canonical) ? "unknown_country" : "no_known_format");
        return;
    }
    const Judgement judgement =
        declared.empty() ? judge_undeclared(readings) : judge_declared(readings, declared);
    report.verdict = judgement.verdict;
    if (!judgement.reason.empty()) report.reasons.push_back(judgement.reason);
    const Reading* of_declared = readings.of(declared);
    report.check = (of_declared != nullptr ? *of_declared : readings.all().front()).check;
    list_candidates(report, readings, declared);
}

constexpr std::array<std::string_view, 5> kVerdictNames{"ok", "ambiguous", "suspect", "mismatch",
                                                        "malformed"};
constexpr std::array<std::string_view, 3> kCheckNames{"pass", "fail", "none"};

}  // namespace

Report check(std::string_view raw, std::optional<std::string_view> declared) {
    Report report;
    Normalised normalised = normalise(raw);
    if (!normalised.refusal.empty()) {
        report.reasons.push_back(normalised.refusal);
        return report;
    }
    report.canonical = std::move(normalised.canonical);
    report.suffix = std::move(normalised.suffix);
    judge(report, declared.value_or(std::string_view{}));
    apply_signals(report);
    return report;
}

std::string_view to_string(Verdict verdict) {
    return kVerdictNames[static_cast<std::size_t>(verdict)];
}

std::string_view to_string(CheckDigit check) {
    return kCheckNames[static_cast<std::size_t>(check)];
}

}  // namespace returngate::waybill
