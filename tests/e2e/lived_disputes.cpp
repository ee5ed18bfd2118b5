// What is said about an outcome and held against a buyer: appeals with their evidence, receipts of fewer
// units, conduct and penalties.
#include <algorithm>

#include "tests/e2e/lived_scenario.hpp"

namespace returngate::e2e {
namespace {

// Named with its digest and the time when it was made, unless it is to be wanting.
void write_evidence(json::Writer& w, const test::Words& what, Instant now) {
    w.key("evidence").begin_array();
    if (what.back() == "unhashed") {
        w.value("film-2");
    } else if (what.back() != "evidence" || what.front() == "adds") {
        w.begin_object().member("reference", "film-2").member("sha256", std::string(64, 'a'));
        w.member("taken_at", format_rfc3339(now - std::chrono::hours(1))).end_object();
    }
    w.end_array();
}

}  // namespace

// appeals [without evidence | unhashed] | adds evidence | upholds the appeal | dismisses the appeal
bool LivedScenario::speak_of_outcome(As who, const Words& what) {
    const std::string& verb = what.front();
    json::Writer w;
    w.begin_object();
    if (verb == "appeals" || verb == "adds") {
        if (verb == "appeals") w.member("reason", "unfair");
        write_evidence(w, what, day_.now());
        say_of_return(who, verb == "appeals" ? "appeal" : "evidence", w.end_object().take());
        return true;
    }
    if (verb != "upholds" && verb != "dismisses") return false;
    w.member("outcome", verb == "upholds" ? "upheld" : "dismissed").member("reason", "seen").end_object();
    say(who, "POST", "/v1/operations/returns/" + return_id_ + "/appeal-decision", w.take());
    return true;
}

// confirms 2 units [without evidence]
void LivedScenario::confirm_in_part(const Words& what) {
    json::Writer w;
    w.begin_object().member("outcome", "confirmed").member("reason", "one is missing");
    w.key("received").begin_array().begin_object().member("item_id", given_.item);
    w.member("quantity", std::stoi(what.at(1))).end_object().end_array();
    write_evidence(w, what, day_.now());
    say_of_return(As::seller, "receipt", w.end_object().take());
}

void LivedScenario::note_conduct(const Words& what) {
    json::Writer w;
    w.begin_object().member("buyer_id", shopper_.buyer).member("fact", what.at(1));
    w.member("withdrawn", what[0] == "withdraws").end_object();
    say_of_return(As::platform, "conduct", w.take());
}

void LivedScenario::penalise(As who, const std::string& step) {
    json::Writer w;
    w.begin_object().member("buyer_id", shopper_.buyer).member("return_id", return_id_);
    w.member("step", step).member("cause", "reviewed").end_object();
    say(who, "POST", "/v1/operations/penalties", w.take());
}

void LivedScenario::reverse_penalty(As who, const std::string& number) {
    json::Writer w;
    w.begin_object().member("return_id", return_id_).member("reason", "a mistake").end_object();
    say(who, "POST", "/v1/operations/buyers/" + shopper_.buyer + "/penalties/" + number + "/reversal",
        w.take());
}

// As operations see the buyer; of the penalties, the last one that stands.
std::optional<std::string> LivedScenario::seen_of_buyer(const std::string& what) const {
    if (what == "penalty") {
        const auto listed =
            day_.scene.get(As::operations, "/v1/operations/penalties?buyer_id=" + shopper_.buyer);
        std::string step = "none";
        std::int64_t last = 0;
        for (const auto& penalty : listed["penalties"].items()) {
            const std::int64_t number = penalty["number"].integer().value_or(0);
            if (penalty["stands"].boolean() != true || number < last) continue;
            step = penalty["step"].string().value_or("");
            last = number;
        }
        return step;
    }
    if (what != "stars" && what != "line" && what != "excluded") return std::nullopt;
    const auto seen = day_.scene.get(As::buyer_app, "/v1/buyers/" + shopper_.buyer + "/entitlement");
    if (what == "stars") return std::to_string(seen["stars"].integer().value_or(-1));
    if (what == "line") return test::cny(seen["credit_line"]["line_fen"].integer().value_or(-1));
    return std::string(seen["excluded"].string().value_or("no"));
}

}  // namespace returngate::e2e
