// Behaviours read from JSON, and which order gets which.
#include "adapters/sandbox/script.hpp"

#include <array>
#include <functional>
#include <utility>

namespace returngate::sandbox {
namespace {

template <class Enum>
using Words = std::initializer_list<std::pair<std::string_view, Enum>>;

template <class Enum>
std::optional<Enum> parse_word(const Words<Enum>& words, std::string_view text) {
    for (const auto& [word, value] : words)
        if (word == text) return value;
    return std::nullopt;
}

template <class Enum>
std::string_view word_of(const Words<Enum>& words, Enum value) {
    for (const auto& [word, known] : words)
        if (known == value) return word;
    return "";
}

const Words<Stage>& stages() {
    static const Words<Stage> kWords{{"booked", Stage::booked},
                                     {"accepted", Stage::accepted},
                                     {"courier_assigned", Stage::courier_assigned},
                                     {"collected", Stage::collected},
                                     {"in_transit", Stage::in_transit},
                                     {"delivered", Stage::delivered},
                                     {"cancelled", Stage::cancelled},
                                     {"abandoned", Stage::abandoned}};
    return kWords;
}

const Words<AnswerWay>& answer_ways() {
    static const Words<AnswerWay> kWords{{"normal", AnswerWay::normal},
                                         {"refuse", AnswerWay::refuse},
                                         {"never", AnswerWay::never},
                                         {"close", AnswerWay::close},
                                         {"cut_short", AnswerWay::cut_short},
                                         {"garbage", AnswerWay::garbage},
                                         {"unavailable", AnswerWay::unavailable}};
    return kWords;
}

const Words<WaybillTold>& waybills() {
    static const Words<WaybillTold> kWords{{"own", WaybillTold::own},
                                           {"later", WaybillTold::later},
                                           {"spoiled", WaybillTold::spoiled},
                                           {"anothers", WaybillTold::anothers},
                                           {"given", WaybillTold::given}};
    return kWords;
}

tl::unexpected<Error> wrong(std::string_view name) {
    return fail(ErrorKind::invalid, "bad_script", "script: " + std::string(name) + " has no such value");
}

// One member of the JSON object into one member of the struct.
using Setter = std::function<bool(Behaviour&, const json::Value&)>;

Setter flag(bool Behaviour::*member) {
    return [member](Behaviour& b, const json::Value& v) {
        if (!v.boolean()) return false;
        b.*member = *v.boolean();
        return true;
    };
}

Setter number(int Behaviour::*member) {
    return [member](Behaviour& b, const json::Value& v) {
        const auto integer = v.integer();
        if (!integer || *integer < 0 || *integer > 1'000'000) return false;
        b.*member = static_cast<int>(*integer);
        return true;
    };
}

Setter stage(std::optional<Stage> Behaviour::*member) {
    return [member](Behaviour& b, const json::Value& v) {
        b.*member = parse_stage(v.string().value_or(""));
        return (b.*member).has_value();
    };
}

bool set_answer(Behaviour& b, const json::Value& v) {
    const auto way = parse_word(answer_ways(), v.string().value_or(""));
    if (way) b.answer = *way;
    return way.has_value();
}

// A word of the table, or the number to tell.
bool set_waybill(Behaviour& b, const json::Value& v) {
    if (!v.string()) return false;
    b.waybill = parse_word(waybills(), *v.string()).value_or(WaybillTold::given);
    if (b.waybill == WaybillTold::given) b.given_waybill = std::string(*v.string());
    return true;
}

const std::map<std::string_view, Setter>& setters() {
    static const std::map<std::string_view, Setter> kSetters{
        {"answer", set_answer},
        {"executes", flag(&Behaviour::executes)},
        {"answer_delay_ms", number(&Behaviour::answer_delay_ms)},
        {"calls_back_first", flag(&Behaviour::calls_back_first)},
        {"accepts", flag(&Behaviour::accepts)},
        {"waybill", set_waybill},
        {"hold_before", stage(&Behaviour::hold_before)},
        {"abandons_after", stage(&Behaviour::abandons_after)},
        {"hidden_queries", number(&Behaviour::hidden_queries)},
        {"callback_copies", number(&Behaviour::callback_copies)},
        {"callback_delay_ms", number(&Behaviour::callback_delay_ms)},
        {"calls_back", flag(&Behaviour::calls_back)},
        {"swaps_callbacks", flag(&Behaviour::swaps_callbacks)},
        {"sends_garbage", flag(&Behaviour::sends_garbage)},
        {"sends_forgery", flag(&Behaviour::sends_forgery)},
    };
    return kSetters;
}

}  // namespace

std::string_view to_string(Stage stage_value) {
    return word_of(stages(), stage_value);
}

std::optional<Stage> parse_stage(std::string_view text) {
    return parse_word(stages(), text);
}

std::string_view to_string(Call call) {
    constexpr std::array<std::string_view, 4> kWords{"book", "cancel", "find", "track"};
    return kWords[static_cast<std::size_t>(call)];
}

Result<Behaviour> parse_behaviour(const json::Value& object) {
    Behaviour behaviour;
    for (const json::Member& member : object.members()) {
        const auto setter = setters().find(member.name);
        if (setter == setters().end())
            return fail(ErrorKind::invalid, "bad_script", "script: unknown member " + member.name);
        if (!setter->second(behaviour, member.value)) return wrong(member.name);
    }
    return behaviour;
}

void ScriptBook::add(Call call, Match match, Behaviour behaviour) {
    const std::lock_guard lock(mutex_);
    Pages& pages = pages_[call];
    switch (match.kind) {
        case MatchKind::next: pages.next.push_back(std::move(behaviour)); break;
        case MatchKind::reference: pages.by_reference[match.reference] = std::move(behaviour); break;
        case MatchKind::always: pages.always = std::move(behaviour); break;
    }
}

void ScriptBook::clear() {
    const std::lock_guard lock(mutex_);
    pages_.clear();
}

Behaviour ScriptBook::take(Call call, const std::string& reference) {
    const std::lock_guard lock(mutex_);
    const auto found = pages_.find(call);
    if (found == pages_.end()) return {};
    Pages& pages = found->second;
    if (const auto own = pages.by_reference.find(reference); own != pages.by_reference.end())
        return own->second;
    if (!pages.next.empty()) {
        Behaviour behaviour = std::move(pages.next.front());
        pages.next.pop_front();
        return behaviour;
    }
    return pages.always.value_or(Behaviour{});
}

}  // namespace returngate::sandbox
