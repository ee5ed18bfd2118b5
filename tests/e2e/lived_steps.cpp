// Each step is a call over HTTP, a callback, or what a courier or the provider knows when it is asked.
#include <algorithm>

#include "tests/e2e/lived_scenario.hpp"
#include "tests/e2e/pushes.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {

using test::fen;
using test::join;
using test::moment;
using test::NotUnderstood;

namespace {

const std::vector<std::string> kQuestions{"confirm_collection", "ask_courier"};

std::string write_outcome(std::string_view outcome, std::string_view reason = {},
                          std::string_view evidence = {}) {
    json::Writer w;
    w.begin_object().member("outcome", outcome).member_if_set("reason", reason);
    if (!evidence.empty()) w.key("evidence").begin_array().value(evidence).end_array();
    return w.end_object().take();
}

std::string word(const json::Value& text) {
    return std::string(text.string().value_or("none"));
}

}  // namespace

// --- who does what ------------------------------------------------------------------------------------

void LivedScenario::act() {
    const Step& step = steps_.at(done_++);
    refusal_.clear();
    try {
        take(step);
    } catch (const std::exception& error) {
        fault(step.line, error.what());
    }
}

void LivedScenario::take(const Step& step) {
    const std::string& who = step.line.words.front();
    const Words what(step.line.words.begin() + 1, step.line.words.end());
    if (who == "time") return;
    if (who == "buyer") return buyer(step, what);
    if (who == "seller") return seller(what);
    if (who == "courier") return courier(step, what);
    if (who == "provider") return provider(what);
    if (who == "platform") return platform(what);
    rule(who, what);
}

// A refusal is remembered: a step may be about it.
void LivedScenario::say(As caller, const std::string& method, const std::string& target,
                        const std::string& body) {
    const std::string key = "step-" + name_ + "-" + std::to_string(++calls_);
    const auto answer = day_.scene.call(caller, method, target, {.body = body, .idempotency_key = key});
    const auto read = json::parse(answer.body).value_or(json::Value());
    if (!answer.is_good()) refusal_ = std::string(read["code"].string().value_or("unreadable"));
    if (answer.is_good() && target.ends_with("-refunds")) return_id_ = word(read["return_id"]);
    if (answer.is_good() && target == "/v1/returns") return_id_ = word(read["return_id"]);
}

void LivedScenario::say_of_return(As caller, const std::string& what, const std::string& body) {
    say(caller, "POST", "/v1/returns/" + return_id_ + "/" + what, body);
}

void LivedScenario::buyer(const Step& step, const Words& what) {
    const std::string text = join(what);
    if (what[0] == "applies") return apply(what);
    if (what[0] == "books" || what[0] == "moves") return book(step, what);
    if (what[0] == "ships") return ship_oneself(what);
    if (speak_of_outcome(As::buyer_app, what)) return;
    if (text == "accepts") return say_of_return(As::buyer_app, "acceptance", write_outcome("accepted"));
    if (text == "declines") return say_of_return(As::buyer_app, "acceptance", write_outcome("declined"));
    if (text == "withdraws") return say_of_return(As::buyer_app, "withdrawal", R"({"reason":"settled"})");
    if (text == "calls customer service")
        return say_of_return(As::buyer_app, "intervention", R"({"reason":"unfair"})");
    if (text == "cancels the pickup")
        return say(As::buyer_app, "DELETE", "/v1/returns/" + return_id_ + "/pickup");
    throw NotUnderstood("the buyer does not " + text);
}

void LivedScenario::apply(const Words& what) {
    const auto says = [&](const char* name) { return std::ranges::count(what, name) > 0; };
    const auto because = std::ranges::find(what, "because");
    json::Writer w;
    w.begin_object().member("buyer_id", shopper_.buyer).member("order_id", shopper_.order);
    w.member("after_sale_id", shopper_.after_sale + "-" + std::to_string(++applications_));
    w.key("items")
        .begin_array()
        .begin_object()
        .member("item_id", given_.item)
        .member("quantity", given_.units);
    w.end_object().end_array();
    w.member("reason", because == what.end() ? "seven_day_no_reason" : *(because + 1));
    if (!says("unshipped")) {
        w.key("pictures").begin_array();
        if (!says("pictures")) w.value("picture-1");
        w.end_array();
    }
    say(As::buyer_app, "POST", says("unshipped") ? "/v1/unshipped-refunds" : "/v1/returns",
        w.end_object().take());
}

// books [the day] from 13:00 to 15:00
void LivedScenario::book(const Step& step, const Words& what) {
    json::Writer w;
    w.begin_object();
    if (std::ranges::count(what, "from") > 0) {
        const std::string& day = what.at(1).size() == 10 ? what[1] : step.day;
        w.key("window").begin_object();
        w.member("start", format_rfc3339(moment(day, what.at(what.size() - 3)).value()));
        w.member("end", format_rfc3339(moment(day, what.back()).value())).end_object();
    } else {
        w.member("now", true);
    }
    const std::string target = "/v1/returns/" + return_id_ + "/pickup";
    if (what[0] == "moves") return say(As::buyer_app, "PATCH", target, w.end_object().take());
    w.key("contact");
    write_party(w, "张三", "杭州市", shopper_.door);
    if (loses_first_answer_) {
        day_.settle();  // so that the next order is this one
        day_.scene.script("YTO", "book", R"({"calls_back":false,"accepts":false,"answer":"unavailable"})");
    }
    say(As::buyer_app, "POST", target, w.end_object().take());
    if (loses_first_answer_) day_.settle();
}

// The number is one that the courier's counter has handed out.
void LivedScenario::ship_oneself(const Words& what) {
    typed_ = what.at(2);
    json::Writer w;
    w.begin_object().member("courier", what.at(1));
    w.member("waybill", handed_in(what[1], typed_).waybill).end_object();
    say_of_return(As::buyer_app, "waybill", w.take());
}

void LivedScenario::seller(const Words& what) {
    const std::string text = join(what);
    if (what[0] == "agrees") return agree(what);
    if (what[0] == "confirms" && what.size() > 1) return confirm_in_part(what);
    if (speak_of_outcome(As::seller, what)) return;
    if (text == "refuses")
        return say_of_return(As::seller, "agreement", write_outcome("refused", "worn", "picture-9"));
    if (text == "refuses without evidence")
        return say_of_return(As::seller, "agreement", write_outcome("refused", "worn"));
    if (text == "registers") return say_of_return(As::seller, "registration");
    if (text == "confirms") return say_of_return(As::seller, "receipt", write_outcome("confirmed"));
    if (text == "calls customer service")
        return say_of_return(As::seller, "intervention", R"({"reason":"unfair"})");
    json::Writer w;
    w.begin_object();
    if (what[0] == "disputes") {
        w.member("outcome", "disputed").member("reason", "see the film").member("fault", what.at(1));
        w.key("evidence").begin_array().value("film-1").end_array().end_object();
        return say_of_return(As::seller, "receipt", w.take());
    }
    if (what[0] != "refunds") throw NotUnderstood("the seller does not " + text);
    w.member("amount_fen", fen(what.at(2))).member("currency", "CNY").end_object();
    say_of_return(As::seller, "postage", w.take());
}

// agrees [to 50.00] [keeping] [by sam]
void LivedScenario::agree(const Words& what) {
    json::Writer w;
    w.begin_object().member("outcome", "agreed");
    As who = As::seller;
    for (std::size_t i = 1; i < what.size(); ++i) {
        if (what[i] == "to") w.member("amount_fen", fen(what.at(i + 1)));
        if (what[i] == "keeping") w.member("keeps_goods", true);
        if (what[i] == "sam") who = As::superior;
    }
    say_of_return(who, "agreement", w.end_object().take());
}

void LivedScenario::platform(const Words& what) {
    if (what[0] == "rates") return put_trust(std::stoi(what.at(1)));
    if (what[0] == "notes" || what[0] == "withdraws") return note_conduct(what);
    if (what[0] == "ships") {
        given_.state = "shipped";
        return put_order();
    }
    if (what[0] == "files") {
        given_.outbound_courier = what.at(1);
        given_.outbound_waybill = handed_in(what[1], what.at(2)).waybill;
        return put_order();
    }
    const bool is_repayment = what[0] == "is";
    if (!is_repayment && what[0] != "recovers") throw NotUnderstood("the platform does not " + join(what));
    json::Writer w;
    w.begin_object().member("return_id", return_id_).member("amount_fen", fen(what.back()));
    w.member("currency", "CNY");
    w.member("reference", shopper_.order + "-" + std::to_string(calls_)).end_object();
    say(As::platform, "POST", is_repayment ? "/v1/finance/repayments" : "/v1/finance/recoveries", w.take());
}

// ann rules for buyer: who is not ann is somebody else.
void LivedScenario::rule(const std::string& who, const Words& what) {
    const As operations = who == "ann" ? As::operations : As::second_operations;
    if (speak_of_outcome(operations, what)) return;
    if (what[0] == "penalises") return penalise(operations, what.at(1));
    if (what[0] == "reverses") return reverse_penalty(operations, what.at(2));
    if (what.size() != 3 || what[0] != "rules") throw NotUnderstood(who + " does not " + join(what));
    say(operations, "POST", "/v1/operations/returns/" + return_id_ + "/ruling",
        write_outcome("for_" + what[2], "seen"));
}

// pays | rejects [the refund | the postage | the restitution]
void LivedScenario::provider(const Words& what) {
    const std::string of = " WHERE return_id = '" + uuid_of(return_id_) + "'";
    std::string keys = "SELECT provider_key FROM advance" + of;
    const std::string refunds = "SELECT provider_key FROM refund" + of + " AND kind ";
    if (what.back() == "refund") keys = refunds + "IN ('refund', 'unshipped')";
    if (what.back() == "postage" || what.back() == "restitution") keys = refunds + "= '" + what.back() + "'";
    const auto key = day_.books.column(keys);
    if (key.empty()) throw NotUnderstood("there is nothing to pay");
    const bool pays = what.front() == "pays";
    day_.scene.script_provider(pays ? R"({"way":"normal"})" : R"({"way":"reject","reason":"account_closed"})",
                               "key", key.front());
    if (!day_.bring_forward(return_id_, {"pay", "resolve_payout"}))
        throw NotUnderstood("the provider is not asked to pay");
}

// --- couriers -----------------------------------------------------------------------------------------

LivedScenario::Parcel& LivedScenario::handed_in(const std::string& courier, const std::string& text) {
    const auto known = handed_in_.find(text);
    if (known != handed_in_.end()) return known->second;
    const auto made = day_.scene.hand_in(courier);
    return handed_in_[text] = {courier, word(made["reference"]), word(made["waybill"])};
}

LivedScenario::Parcel LivedScenario::parcel() const {
    if (!typed_.empty()) return handed_in_.at(typed_);
    const auto booked = day_.books.rows(
        "SELECT courier, booking_reference FROM booking WHERE return_id = '" + uuid_of(return_id_) +
        "' ORDER BY status IN ('placing', 'placed', 'accepted', 'collected') DESC, placed_at DESC LIMIT 1");
    if (booked.empty()) throw NotUnderstood("no courier is booked");
    Parcel parcel{booked[0].at(0), booked[0].at(1), {}, true};
    const auto book = day_.scene.courier_book(parcel.courier);
    for (const auto& taken : book["bookings"].items())
        if (taken["reference"].string() == parcel.reference) parcel.waybill = word(taken["waybill"]);
    if (parcel.waybill.empty()) throw NotUnderstood(parcel.courier + " has no order " + parcel.reference);
    return parcel;
}

std::int64_t LivedScenario::questions(const Parcel& parcel) const {
    const auto book = day_.scene.courier_book(parcel.courier);
    for (const auto& known : book["bookings"].items())
        if (known["reference"].string() == parcel.reference) return known["queries"].integer().value_or(0);
    return 0;
}

// The courier's own tracks show it from now on; nobody is called.
void LivedScenario::make_known(const Parcel& parcel, const std::string& stage) {
    const std::string hold = stage == "collected" ? "in_transit" : stage == "in_transit" ? "delivered" : "";
    day_.scene.advance(parcel.courier, parcel.reference, stage, hold);
    const auto is_there = [&] {
        const auto book = day_.scene.courier_book(parcel.courier);
        return std::ranges::any_of(book["bookings"].items(), [&](const json::Value& known) {
            return known["reference"].string() == parcel.reference && known["stage"].string() == stage;
        });
    };
    if (!testing::eventually(is_there)) throw NotUnderstood("the sandbox does not come to " + stage);
}

// What the courier answers when it is asked, which may be later than the scenario wants to hear it.
void LivedScenario::ask(const Step& step, const Parcel& parcel) {
    const auto kinds =
        step.line.words.at(1) == "finds" ? std::vector<std::string>{"trace_outbound"} : kQuestions;
    if (!day_.bring_forward(return_id_, kinds)) throw NotUnderstood("the courier is not asked");
    answered_[parcel.reference] = questions(parcel);
}

void LivedScenario::courier(const Step& step, const Words& what) {
    const std::string text = join(what);
    if (what[0] == "accepts") return push("ACCEPT", day_.now());
    if (what[0] == "brings") {
        has_brought_number_ = true;
        return push("ACCEPT", day_.now());
    }
    if (text == "knows it as cancelled") {
        make_known(parcel(), "abandoned");
        if (!day_.bring_forward(return_id_, {"place_booking", "resolve_booking"}))
            throw NotUnderstood("the courier is not asked again");
        return;
    }
    if (what[0] == "reports" && typed_.empty()) return report(step, what);
    const bool is_outbound = what[0] == "finds";
    const Parcel about = is_outbound ? handed_in_.begin()->second : parcel();
    if (what.at(1) == "nothing") {
        // Asked in the moment that it was due, it has said so already.
        const auto asked = questions(about);
        if (asked == answered_[about.reference]) return ask(step, about);
        answered_[about.reference] = asked;
        return;
    }
    if (what.size() != 2) throw NotUnderstood("the courier does not " + text);
    // A courier's tracks begin with the collection: that it knows the number is that, at the least.
    make_known(about, what[1] == "accepted" ? "collected" : what[1]);
    ask(step, about);
}

// In YTO's words, which are weakly signed. Its tracks do not show it yet.
void LivedScenario::report(const Step& step, const Words& what) {
    static const std::map<std::string, std::string> words{
        {"collected", "GOT"}, {"in_transit", "DEPARTURE"}, {"delivered", "SIGNED"}};
    const auto said = words.find(what.at(1));
    if (said == words.end() || what.back() == "unsigned")
        throw NotUnderstood("YTO does not report " + join(what, 1));
    const auto of = std::ranges::find(what, "of");
    push(said->second, of == what.end() ? day_.now() : moment(step.day, *(of + 1)).value());
}

void LivedScenario::push(const std::string& word, Instant at) {
    const Parcel about = parcel();
    if (about.courier != "YTO") throw NotUnderstood("only YTO calls back here, not " + about.courier);
    const std::string body = yto_push(about.reference, has_brought_number_ ? about.waybill : "", word, at,
                                      testing::GatewaySecrets{}.yto_push);
    const auto answer = day_.scene.call_back("YTO", kYtoPushType, body);
    if (!answer.is_good()) throw NotUnderstood("the callback is answered " + answer.body);
}

}  // namespace returngate::e2e
