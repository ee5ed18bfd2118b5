// What is given becomes master data; what then is, is read as everybody can read it.
#include "tests/e2e/lived_scenario.hpp"

#include <algorithm>
#include <fstream>
#include <functional>

#include "src/returns/job.hpp"

namespace returngate::e2e {

using test::cny;
using test::fen;
using test::join;
using test::moment;
using test::NotUnderstood;

namespace {

// A policy that everybody in the world has to live with.
const std::map<std::string, TomlSetting>& shared_rules() {
    static const std::map<std::string, TomlSetting> rules{
        {"policy selected only", {"policy.toml", "trust", "selected_only", "true"}},
        {"policy a worked Sunday", {"policy.toml", "calendar", "worked_weekends", R"(["2026-01-11"])"}},
        {"policy a reservation of a day", {"policy.toml", "line", "reservation_hours", "24"}},
        {"policy a point for each yuan", {"policy.toml", "broker", "fee_points_per_yuan", "1"}},
    };
    return rules;
}

// A fact of an event, as a scenario says it; of a ranking, who would be asked.
std::string text_of(const json::Value& value) {
    if (value.is_boolean()) return *value.boolean() ? "true" : "false";
    if (!value.is_array()) return std::string(value.text().value_or(""));
    std::string codes;
    for (const auto& ranked : value.items()) {
        if (!ranked["excluded"].is_null()) continue;
        codes += (codes.empty() ? "" : ",") + std::string(ranked["courier"].string().value_or(""));
    }
    return codes;
}

std::string money(const json::Value& fen) {
    return fen.is_null() ? "none" : cny(fen.integer().value_or(0));
}

std::string word(const json::Value& text) {
    return std::string(text.string().value_or("none"));
}

}  // namespace

std::vector<TomlSetting> rules_of(const std::filesystem::path& scenario) {
    std::vector<TomlSetting> rules;
    std::ifstream in(scenario);
    for (std::string line; std::getline(in, line);) {
        const auto words = test::words_of(line);
        if (words.empty() || words.front() != "given") continue;
        if (const auto rule = shared_rules().find(join(words, 1)); rule != shared_rules().end())
            rules.push_back(rule->second);
        if (words.size() == 4 && words[2] == "costs")
            rules.push_back(
                {"couriers.toml", "couriers." + words[1], "fee_fen", std::to_string(fen(words[3]))});
    }
    return rules;
}

LivedScenario::LivedScenario(VirtualDay& day, const std::filesystem::path& file)
    : day_(day), name_(file.stem().string()), shopper_(day.scene.new_shopper()) {
    given_.received_at = moment("2026-01-10", "10:00").value() - std::chrono::hours(24);
    std::ifstream in(file);
    std::string today = "2026-01-10";
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        Words words = test::words_of(line);
        ++number;
        if (words.empty()) continue;
        const std::string first = words.front();
        words.erase(words.begin());
        if (first == "given") read_given(words);
        if (first == "then") steps_.at(steps_.size() - 1).thens.push_back({number, words});
        if (first != "at") continue;
        if (words.front().size() == 10) {
            today = words.front();
            words.erase(words.begin());
        }
        const auto at = moment(today, words.front());
        if (!at) throw NotUnderstood(name_ + ": no time: " + words.front());
        words.erase(words.begin());
        loses_first_answer_ |= join(words) == "courier knows it as cancelled";
        steps_.push_back({{number, words}, *at, today, {}});
    }
}

void LivedScenario::fault(const Line& line, const std::string& what) const {
    ADD_FAILURE() << name_ << " line " << line.number << ": " << what << "\n  " << return_id_ << ":"
                  << timeline_.words();
}

void LivedScenario::expect(const Line& line, const std::string& what, const std::string& is,
                           const std::string& wanted) const {
    if (is != wanted) fault(line, what + " is " + is + ", not " + wanted);
}

// --- what is given ------------------------------------------------------------------------------------

void LivedScenario::read_given(const Words& words) {
    const std::string text = join(words);
    const std::string& last = words.back();
    const std::map<std::string, std::function<void()>> whole{
        {"not received", [&] { given_.state = "shipped"; }},
        {"not shipped",
         [&] {
             given_.state = "paid";
             given_.outbound_courier.clear();
         }},
        {"no pilot seller", [&] { given_.seller = "seller-b"; }},
        {"selected", [&] { given_.is_selected = true; }},
        {"policy excluded seller", [&] { given_.seller = "seller-out"; }},
        {"policy excluded item", [&] { given_.item = "item-out"; }},
    };
    if (const auto found = whole.find(text); found != whole.end()) return found->second();
    if (shared_rules().contains(text)) return;
    const auto figure = [&](const char* name) { given_.trust.emplace_back(name, std::stol(last)); };
    const std::map<std::string, std::function<void()>> with_value{
        {"category", [&] { given_.category = last; }},
        {"trade kind", [&] { given_.trade_kind = last; }},
        {"paid", [&] { given_.paid_fen = fen(last); }},
        {"units", [&] { given_.units = std::stoi(last); }},
        {"discount", [&] { given_.discount_fen = fen(last); }},
        {"freight", [&] { given_.freight_fen = fen(last); }},
        {"a line of", [&] { given_.line_fen = fen(last); }},
        {"refund rate", [&] { figure("refund_rate_bp"); }},
        {"complaints", [&] { figure("complaints"); }},
        {"dispute rate", [&] { figure("dispute_rate_bp"); }},
        {"excluded", [&] { given_.excluded = last; }},
    };
    if (const auto found = with_value.find(join({words.begin(), words.end() - 1})); found != with_value.end())
        return found->second();
    if (last == "stars") {
        given_.stars = std::stoi(words.front());
    } else if (words.size() == 4 && words[0] == "received" && words[2] == "hours") {
        given_.received_at = moment("2026-01-10", "10:00").value() - std::chrono::hours(std::stoi(words[1]));
    } else if (words.size() != 3 || words[1] != "costs") {
        throw NotUnderstood(name_ + ": nothing of this kind is given: " + text);
    }
}

void LivedScenario::put_trust(int stars) {
    json::Writer w;
    w.begin_object().member("stars", stars);
    if (given_.line_fen) w.member("line_fen", *given_.line_fen);
    for (const auto& [name, value] : given_.trust) w.member(name, value);
    w.member("selected", given_.is_selected).member_if_set("excluded", given_.excluded);
    say(As::platform, "PUT", "/v1/buyers/" + shopper_.buyer + "/trust", w.end_object().take());
}

void LivedScenario::put_order() {
    json::Writer w;
    w.begin_object().member("buyer_id", shopper_.buyer).member("seller_id", given_.seller);
    w.key("items").begin_array().begin_object().member("item_id", given_.item).member("title", "连衣裙");
    w.member("quantity", given_.units).member("amount_fen", given_.paid_fen).end_object().end_array();
    if (given_.discount_fen > 0) {
        w.key("discounts").begin_array().begin_object().member("name", "coupon");
        w.member("borne_by", "platform").member("amount_fen", given_.discount_fen).end_object().end_array();
    }
    if (given_.freight_fen > 0) {
        w.key("charges").begin_array().begin_object().member("name", "freight");
        w.member("amount_fen", given_.freight_fen).end_object().end_array();
    }
    w.member("paid_fen", given_.paid_fen - given_.discount_fen + given_.freight_fen)
        .member("currency", "CNY");
    w.member("trade_kind", given_.trade_kind)
        .member("category", given_.category)
        .member("state", given_.state);
    if (given_.state == "received") w.member("received_at", format_rfc3339(given_.received_at));
    if (!given_.outbound_courier.empty()) {
        w.key("outbound").begin_object().member("courier", given_.outbound_courier);
        w.member("waybill", given_.outbound_waybill).end_object();
    }
    w.member("payee_reference", shopper_.payee).member("payment_reference", "payment-" + shopper_.order);
    w.member("provider", "sandbox").end_object();
    say(As::platform, "PUT", "/v1/orders/" + shopper_.order, w.take());
}

void LivedScenario::introduce() {
    put_trust(given_.stars);
    put_order();
    if (!refusal_.empty()) ADD_FAILURE() << name_ << ": what is given is refused: " << refusal_;
}

std::optional<Instant> LivedScenario::next() const {
    if (done_ == steps_.size()) return std::nullopt;
    return steps_[done_].at;
}

// --- what then is -------------------------------------------------------------------------------------

void LivedScenario::check() {
    const Step& step = steps_.at(done_ - 1);
    if (step.thens.empty()) return;
    if (!return_id_.empty()) {
        shown_ = day_.scene.get(As::operations, "/v1/returns/" + return_id_);
        timeline_ = day_.scene.timeline(return_id_);
    }
    for (const auto& line : step.thens) {
        try {
            then(step, line);
        } catch (const std::exception& error) {
            fault(line, error.what());
        }
    }
}

void LivedScenario::then(const Step& step, const Line& line) {
    const Words& words = line.words;
    if (words[0] == "event") return then_event(line);
    if (words[0] == "said") return then_said(line);
    if (words[0] == "refused")
        return expect(line, "the refusal", refusal_.empty() ? "none" : refusal_, words.at(1));
    if (words[0] == "clock") return then_clock(step, line);
    if (words[0] == "no") {
        const auto clock = due(words.at(2));
        return expect(line, "clock " + words[2], clock ? format_shanghai(*clock) : "none", "none");
    }
    if (words.size() == 3) return then_rule(line);
    expect(line, words[0], seen(words[0]), words.at(1));
}

void LivedScenario::then_event(const Line& line) {
    last_event_ = line.words.at(1);
    expect(line, "the count of " + last_event_, std::to_string(timeline_.count(last_event_)),
           line.words.at(2));
}

void LivedScenario::then_said(const Line& line) const {
    const std::string& fact = line.words.at(1);
    for (auto event = timeline_.events.rbegin(); event != timeline_.events.rend(); ++event) {
        if (event->type != last_event_) continue;
        for (const auto& member : event->data.members()) {
            const std::string text = text_of(member.value);
            // A ranking may go on: this world has a courier more.
            if (text == fact || (member.value.is_array() && text.starts_with(fact + ","))) return;
        }
        break;
    }
    fault(line, "the last " + last_event_ + " does not say " + fact);
}

std::optional<Instant> LivedScenario::due(const std::string& clock) const {
    const auto found = day_.books.column(
        "SELECT (extract(epoch FROM due_at) * 1000000)::bigint FROM job WHERE return_id = '" +
        uuid_of(return_id_) + "' AND kind = '" + clock + "'");
    if (found.empty()) return std::nullopt;
    return Instant{std::chrono::microseconds(std::stoll(found.front()))};
}

// To the minute, or as exactly as it is told. A question that is due has been asked in the same moment.
void LivedScenario::then_clock(const Step& step, const Line& line) const {
    const Words& words = line.words;
    const auto wanted = moment(words.size() == 5 ? words[3] : step.day, words.back()).value();
    const auto found = due(words.at(1));
    const auto kind = parse_job_kind(words[1]);
    if (wanted == day_.now() && kind && !is_timer(*kind)) {
        const Parcel about = words[1] == "trace_outbound" ? handed_in_.begin()->second : parcel();
        if (questions(about) == answered_[about.reference]) fault(line, "the courier was not asked");
        return;
    }
    const std::size_t exactly = words.back().size() == 5 ? 16 : std::string::npos;
    expect(line, "clock " + words[1], found ? format_shanghai(*found).substr(0, exactly) : "none",
           format_shanghai(wanted).substr(0, exactly));
}

void LivedScenario::then_rule(const Line& line) const {
    for (const char* verdict : {"approval", "refund"}) {
        for (const auto& rule : shown_[verdict]["rules"].items()) {
            if (rule["label"].string() != line.words[0] || rule["name"].string() != line.words[1]) continue;
            return expect(line, "rule " + line.words[1],
                          rule["passed"].boolean() == true ? "passes" : "fails", line.words[2]);
        }
    }
    fault(line, "no rule " + line.words[0] + " " + line.words[1]);
}

std::string LivedScenario::seen(const std::string& what) const {
    if (what == "status") return word(shown_["status"]);
    if (what == "refund") return word(shown_["refund"]["verdict"]);
    if (what == "approval") return word(shown_["approval"]["verdict"]);
    if (what == "receipt") return word(shown_["receipt"]["outcome"]);
    if (what == "pickup") return word(shown_["pickup"]["status"]);
    if (what == "kind") return word(shown_["kind"]);
    if (what == "frozen") return shown_["frozen"].is_null() ? "no" : word(shown_["frozen"]);
    if (const auto of_buyer = seen_of_buyer(what)) return *of_buyer;
    return seen_of_money(what);
}

std::string LivedScenario::seen_of_money(const std::string& what) const {
    const auto& advance = shown_["advance"];
    if (what == "advance") return word(advance["state"]);
    if (what == "amount") return money(shown_["refund"]["amount_fen"]);
    if (what == "held" || what == "open" || what == "left")
        return money(shown_["credit_line"][what + "_fen"]);
    if (what == "owed") {
        const auto fen_of = [](const json::Value& value) { return value.integer().value_or(0); };
        return cny(fen_of(advance["amount_fen"]) - fen_of(advance["recovered_fen"]) -
                   fen_of(advance["clawback"]["repaid_fen"]));
    }
    if (what == "asked") return cny(advance["clawback"]["asked_fen"].integer().value_or(0));
    if (what == "short") return cny(shown_["refund"]["short_fen"].integer().value_or(0));
    return seen_of_refunds(what);
}

std::string LivedScenario::seen_of_refunds(const std::string& what) const {
    for (const auto& refund : shown_["refunds"].items()) {
        const auto kind = refund["kind"].string();
        if (what == "goods" && (kind == "refund" || kind == "unshipped")) return word(refund["state"]);
        if (what == "postage" && kind == "postage") return "refunded";
        if (what == "restitution" && kind == "restitution") return money(refund["amount_fen"]);
    }
    if (what != "goods" && what != "postage" && what != "restitution")
        throw NotUnderstood("nothing to see: " + what);
    return "none";
}

}  // namespace returngate::e2e
