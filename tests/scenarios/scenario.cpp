// Lines become steps by two tables: what is given, and who does what.
#include "tests/scenarios/scenario.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include "src/pickup/region.hpp"
#include "src/returns/clawback.hpp"
#include "src/returns/conduct.hpp"
#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

std::string text_of(const CaseEvent::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    std::string codes;  // a ranking, best first; SF is there for typed numbers alone (builders.hpp)
    for (const auto& ranked : std::get<std::vector<RankedCourier>>(value)) {
        if (ranked.code.value == "SF") continue;
        if (!codes.empty()) codes += ",";
        codes += ranked.code.value;
    }
    return codes;
}

class Scenario {
public:
    explicit Scenario(const Change& change) : change_(change) {}

    void take(const std::string& line) {
        const auto words = words_of(line);
        if (words.empty()) return;
        const std::vector<std::string> rest(words.begin() + 1, words.end());
        if (words.front() == "given") return given(rest);
        if (words.front() == "at") return at_time(rest);
        if (words.front() == "then") return then(rest);
        throw NotUnderstood("starts with none of given, at, then");
    }
    std::vector<std::string> faults;

private:
    void expect(const std::string& what, const std::string& is, const std::string& wanted) {
        if (is != wanted) faults.push_back(what + " is " + is + ", not " + wanted);
    }

    void given(const Words& words) {
        auto& order = *story_.file.order;
        const std::string text = join(words);
        const std::string& last = words.back();
        const std::map<std::string, std::function<void()>> whole{
            {"not received", [&] { order.received_at.reset(); }},
            {"not shipped", [&] { not_shipped(order); }},
            {"no pilot seller", [&] { story_.file.seller->pilot = false; }},
            {"selected", [&] { story_.file.trust.is_selected = true; }},
            {"policy selected only", [&] { story_.policy.trust.selected_only = true; }},
            {"policy a holiday on Monday",
             [&] { story_.policy.calendar.holidays = {std::chrono::year{2026} / 1 / 12}; }},
            {"policy a worked Sunday",
             [&] { story_.policy.calendar.worked_weekends = {std::chrono::year{2026} / 1 / 11}; }},
            {"policy a reservation of a day", [&] { story_.policy.reservation = std::chrono::hours(24); }},
            {"policy a point for each yuan", [&] { story_.policy.broker.weights.fee_per_yuan = 1; }},
            {"policy excluded seller", [&] { story_.policy.scope.excluded_sellers = {kSeller.value}; }},
            {"policy excluded item", [&] { story_.policy.scope.excluded_items = {"item-1"}; }},
        };
        if (const auto found = whole.find(text); found != whole.end()) return found->second();
        const auto number = [&] { return static_cast<std::int32_t>(std::stol(last)); };
        const std::map<std::string, std::function<void()>> with_value{
            {"category", [&] { order.category = last; }},
            {"trade kind", [&] { order.trade_kind = last; }},
            {"paid", [&] { order = an_order(fen(last)); }},
            {"discount",
             [&] {
                 order.discounts.push_back({"coupon", "platform", fen(last)});
             }},
            {"freight", [&] { order.charges.push_back({.name = "freight", .amount_fen = fen(last)}); }},
            {"a line of", [&] { story_.file.line = a_line(story_.file.line.stars, fen(last)); }},
            {"units", [&] { order.items.front().quantity = number(); }},
            {"refund rate", [&] { story_.file.trust.refund_rate_bp = number(); }},
            {"complaints", [&] { story_.file.trust.complaints = number(); }},
            {"dispute rate", [&] { story_.file.trust.dispute_rate_bp = number(); }},
            {"excluded", [&] { story_.file.trust.excluded = last; }},
        };
        const auto found = with_value.find(join({words.begin(), words.end() - 1}));
        if (found != with_value.end()) return found->second();
        if (last == "stars") return rate(std::stoi(words.front()));
        if (words.size() == 4 && words[0] == "received" && words[2] == "hours") {
            order.received_at = at("10:00") - std::chrono::hours(std::stoi(words[1]));
            return;
        }
        if (words.size() == 5 && words[3] == "of") return given_record(words);
        if (words.size() == 3 && words[1] == "costs") {
            for (auto& terms : story_.policy.couriers) {
                if (terms.code.value == words[0]) terms.fee_fen = fen(last);
            }
            return;
        }
        if (words.size() == 8 && words[2] == "claimed") return given_claim(words);
        if (words.size() >= 3 && given_terms(words)) return;
        if (words.size() == 4 && words[1] == "contradicted") {
            story_.records.push_back(
                {.code = CourierCode{words[0]},
                 .contradicted_at = parse_shanghai(words[2] + " " + last + ":00").value()});
            return;
        }
        throw NotUnderstood("nothing of this kind is given: " + text);
    }

    // YTO moves bookings | does not serve 浙江/杭州 | has account east for 浙江 | quotes 12.00 |
    // had nobody free at 09:30
    bool given_terms(const Words& words) {
        const auto terms =
            std::ranges::find(story_.policy.couriers, CourierCode{words[0]}, &CourierTerms::code);
        const std::string what = join({words.begin() + 1, words.end() - 1});
        const std::string& last = words.back();
        if (terms == story_.policy.couriers.end()) return false;
        if (what == "moves") {
            terms->moves_bookings = true;
        } else if (what == "does not serve") {
            terms->coverage.not_served = {area_of(last)};
        } else if (words.size() == 6 && join({words.begin() + 1, words.begin() + 3}) == "has account") {
            terms->accounts.push_back({words[3], {area_of(last)}, {}});
        } else if (what == "quotes") {
            story_.quotes.push_back({terms->code, "浙江/杭州", kSeller, true, fen(last)});
        } else if (what == "had nobody free at") {
            story_.records.push_back(
                {.code = terms->code, .full = {{"浙江/杭州", moment("2026-01-10", last).value()}}});
        } else {
            return false;
        }
        return true;
    }

    // YTO YT… claimed 2026-01-09 10:00 by the buyer | another buyer | another shop
    void given_claim(const Words& words) {
        RelatedClaim claim{.key = {words[0], words[1]},
                           .owner = an_id<ReturnId>(99),
                           .buyer = kBuyer,
                           .seller = kSeller,
                           .claimed_at = parse_shanghai(words[3] + " " + words[4] + ":00").value()};
        if (words[6] == "another") claim.buyer = BuyerId{"buyer-2"};
        if (words[7] == "shop") claim.seller = SellerId{"seller-2"};
        story_.others_claims.push_back(claim);
    }

    // YTO refused 10 of 40, YTO late 4 of 40
    void given_record(const Words& words) {
        const auto bad = static_cast<std::int32_t>(std::stol(words[2]));
        const auto all = static_cast<std::int32_t>(std::stol(words[4]));
        CourierRecord record{.code = CourierCode{words[0]}, .asked = all, .accepted = all};
        if (words[1] == "refused") {
            record.accepted -= bad;
        } else if (words[1] == "late") {
            record.due = all;
            record.on_time = all - bad;
        } else {
            throw NotUnderstood("no record: " + words[1]);
        }
        story_.records.push_back(record);
    }

    // Paid, and on no courier's books.
    static void not_shipped(Order& order) {
        order.state = "paid";
        order.received_at.reset();
        order.outbound_courier.clear();
        order.outbound_waybill.clear();
    }

    void rate(int stars) {
        story_.file.line = a_line(stars, story_.policy.line_by_stars.at(static_cast<std::size_t>(stars)));
    }

    void at_time(Words words) {
        begin();
        if (words.front().size() == 10) {
            day_ = words.front();
            words.erase(words.begin());
        }
        const auto when = moment(day_, words.front());
        if (!when || *when < story_.now) throw NotUnderstood("no later time: " + words.front());
        pass_until(*when);
        story_.now = *when;
        refusal_.clear();
        act(words.at(1), {words.begin() + 2, words.end()});
    }

    // The change is made last, so that the scenario's own policy lines do not undo it.
    void begin() {
        if (has_begun_) return;
        has_begun_ = true;
        if (change_.policy) change_.policy(story_.policy);
        rate_again();
    }
    void rate_again() {
        auto& line = story_.file.line;
        const Policy untouched;
        const auto stars = static_cast<std::size_t>(line.stars);
        if (line.line_fen == untouched.line_by_stars.at(stars)) rate(line.stars);
    }

    void pass_until(Instant when) {
        for (;;) {
            const auto next = std::ranges::min_element(story_.jobs, [](const auto& a, const auto& b) {
                const auto due = [](const auto& job) {
                    return wakes_up(job.first.first) ? job.second : Instant::max();
                };
                return due(a) < due(b);
            });
            if (next == story_.jobs.end() || !wakes_up(next->first.first) || next->second > when) return;
            const auto [kind, subject] = next->first;
            story_.now = std::max(story_.now, next->second);
            if (kind == JobKind::look_at_order) {
                tell(LookAtOrder{kReturn, OrderId{subject}});
            } else if (kind == JobKind::note_conduct) {
                tell(conduct_of(kReturn, subject));
            } else {
                tell(TimerFired{kReturn, kind, subject});
            }
        }
    }
    static bool wakes_up(JobKind kind) {
        return is_timer(kind) || kind == JobKind::look_at_order || kind == JobKind::note_conduct;
    }

    void tell(Command command) {
        if (change_.before) change_.before(story_.file, command);
        const auto decision = story_.tell(command);
        if (!decision) refusal_ = decision.error().code;
        if (decision && decision->application) rules_ = *decision->application;
    }

    void act(const std::string& who, const Words& what) {
        const std::string text = join(what);
        if (who == "time" && text == "passes") return;
        if (who == "buyer") return buyer(text, what);
        if (who == "seller") return seller(text, what);
        if (who == "courier") return courier(text, what);
        if (who == "provider") return provider(text);
        if (who == "platform") return platform(what);
        if (what.size() == 3 && what[0] == "rules")
            return tell(Adjudicate{kReturn, what[2] == "buyer", who, "seen"});
        if (text == "upholds the appeal") return tell(DecideAppeal{kReturn, true, who, "seen"});
        if (text == "dismisses the appeal") return tell(DecideAppeal{kReturn, false, who, "seen"});
        if (what[0] == "penalises")
            return tell(Penalise{kReturn, kBuyer, parse_penalty_step(what.at(1)).value(), "reviewed", who});
        if (what[0] == "reverses")
            return tell(ReversePenalty{kReturn, kBuyer, std::stoi(what.at(2)), "a mistake", who});
        throw NotUnderstood(who + " does not " + text);
    }

    void buyer(const std::string& text, const Words& what) {
        if (what[0] == "applies") return apply(what);
        if (what[0] == "ships") return tell(ShipYourself{kReturn, CourierCode{what.at(1)}, what.at(2)});
        if (text == "accepts") return tell(AnswerOffer{kReturn, true});
        if (text == "declines") return tell(AnswerOffer{kReturn, false});
        if (text == "withdraws") return tell(Withdraw{kReturn, "settled"});
        if (text == "calls customer service") return tell(Intervene{kReturn, SellerId{}, "unfair", {}});
        if (what[0] == "appeals") return tell(Appeal{kReturn, {}, "unfair", evidence(what)});
        if (text == "adds evidence") return tell(AddEvidence{kReturn, {}, evidence(what)});
        if (text == "books a pickup") return tell(BookPickup{kReturn, a_pickup_request()});
        if (what[0] == "books") return tell(BookPickup{kReturn, a_pickup_request(window(what))});
        if (what[0] == "moves") return tell(ReschedulePickup{kReturn, window(what)});
        if (text == "cancels the pickup") return tell(CancelPickup{kReturn});
        throw NotUnderstood("the buyer does not " + text);
    }

    // Named with its digest and time, unless it is told otherwise.
    std::vector<Evidence> evidence(const Words& what) const {
        if (what.back() == "evidence" && what.size() > 2) return {};
        if (what.back() == "unhashed") return {{"film-2"}};
        return {{"film-2", std::string(64, 'a'), story_.now - std::chrono::hours(1)}};
    }

    // books [the day] from 13:00 to 15:00
    Window window(const Words& what) const {
        const std::string& day = what.at(1).size() == 10 ? what[1] : day_;
        const auto from = moment(day, what.at(what.size() - 3));
        const auto to = moment(day, what.back());
        if (!from || !to) throw NotUnderstood("no window: " + join(what));
        return {*from, *to};
    }

    void apply(const Words& what) {
        auto application = an_application();
        application.items.front().quantity = story_.file.order->items.front().quantity;
        for (std::size_t i = 1; i < what.size(); ++i) {
            if (what[i] == "pictures") application.pictures.clear();
            if (what[i] == "because") application.reason = what.at(i + 1);
            if (what[i] == "unshipped") application.is_unshipped = true;
            if (what[i] == "anew") anew(application);
        }
        tell(application);
    }

    // The earlier return is over; its order is what it left behind.
    void anew(ApplyForReturn& application) {
        CaseFile fresh;
        fresh.order = story_.file.order;
        fresh.seller = story_.file.seller;
        fresh.line = story_.file.line;
        fresh.trust = story_.file.trust;
        fresh.standing = story_.file.standing;
        story_.file = std::move(fresh);
        application.after_sale.value += "-anew";
    }

    // agrees [to 50.00] [keeping] [by sam]
    void agree(const Words& what) {
        AnswerApplication answer{kReturn, kSeller, true, {}, {}};
        answer.owner = "sue";
        for (std::size_t i = 1; i < what.size(); ++i) {
            if (what[i] == "to") answer.amount_fen = fen(what.at(i + 1));
            if (what[i] == "keeping") answer.keeps_goods = true;
            if (what[i] == "by") answer.owner = what.at(i + 1);
        }
        tell(answer);
    }

    void seller(const std::string& text, const Words& what) {
        AnswerApplication answer{kReturn, kSeller, true, {}, {}};
        if (what[0] == "agrees") return agree(what);
        if (what[0] == "refunds") return tell(RefundPostage{kReturn, kSeller, fen(what.at(2))});
        if (text == "refuses") {
            answer.agreed = false;
            answer.reason = "worn";
            answer.evidence = {{"picture-9"}};
            return tell(answer);
        }
        if (text == "refuses without evidence")
            return tell(AnswerApplication{kReturn, kSeller, false, "worn", {}});
        if (text == "registers") return tell(RegisterParcel{kReturn, kSeller});
        if (what[0] == "appeals") return tell(Appeal{kReturn, kSeller, "unfair", evidence(what)});
        if (text == "adds evidence") return tell(AddEvidence{kReturn, kSeller, evidence(what)});
        if (what[0] == "confirms" && what.size() > 1) return confirm_in_part(what);
        if (text == "confirms") return tell(ConfirmReceipt{kReturn, kSeller, true, {}, {}});
        if (what[0] == "disputes")
            return tell(ConfirmReceipt{kReturn, kSeller, false, "see the film", {{"film-1"}}, what.at(1)});
        if (text == "calls customer service") return tell(Intervene{kReturn, kSeller, "unfair", {}});
        throw NotUnderstood("the seller does not " + text);
    }

    // confirms 1 units [without evidence]
    void confirm_in_part(const Words& what) {
        ConfirmReceipt receipt{kReturn, kSeller, true, "one is missing", {{"film-1"}}};
        if (what.back() == "evidence") receipt.evidence.clear();
        receipt.received = {{"item-1", static_cast<std::int32_t>(std::stol(what.at(1)))}};
        receipt.order = kOrder;
        tell(receipt);
    }

    // finds the order collected | nothing
    void find_order(const Words& what) {
        const Order& order = *story_.file.order;
        OutboundTraced answer{
            kReturn, CourierCode{order.outbound_courier}, order.outbound_waybill, {}, ++traced_};
        if (what.back() == "collected") answer.collected_at = story_.now;
        tell(answer);
    }

    void courier(const std::string& text, const Words& what) {
        if (what[0] == "finds") return find_order(what);
        const Booking& booking = story_.file.bookings.at(story_.file.bookings.size() - 1);
        auto answer = Story::about(booking.reference);
        if (text == "accepts") return tell(answered(answer, BookingAnswered::Outcome::accepted));
        if (text == "refuses") return tell(answered(answer, BookingAnswered::Outcome::refused));
        if (text == "is full") {
            answer.reason = "no_capacity";
            return tell(answered(answer, BookingAnswered::Outcome::refused));
        }
        if (what[0] == "brings") {
            answer.waybill = what.at(1);
            return tell(answered(answer, BookingAnswered::Outcome::accepted));
        }
        if (text == "moves it" || text == "does not move it") return tell(moved(booking, text == "moves it"));
        if (text == "knows it as cancelled") return tell(answered(answer, BookingAnswered::Outcome::dead));
        if (text == "is silent") return tell(WatchParcel{kReturn, booking.reference});
        CourierReported report{booking.courier, booking.reference, {}, Proof::strong_signature, 0};
        if (what[0] == "answers") {
            report.proof = Proof::query;
            report.attempt = 1;
            report.on_silence = true;
        }
        if (text == "answers nothing") return tell(report);
        if (text == "knows nothing") {
            asked_ += 1;
            report.proof = Proof::query;
            report.attempt = asked_;
            return tell(report);
        }
        const auto status = what.size() >= 2 ? parse_tracking_status(what[1]) : std::nullopt;
        if (!status) throw NotUnderstood("the courier does not " + text);
        report.events = {an_event(*status, story_.now)};
        if (what[0] == "knows") {
            report.proof = Proof::query;
            report.attempt = 1;
        }
        for (std::size_t i = 2; i < what.size(); ++i) {
            if (what[i] == "unsigned") report.proof = Proof::secret_url;
            if (what[i] == "weakly") report.proof = Proof::weak_signature;
            if (what[i] == "of") report.events[0].occurred_at = moment(day_, what.at(i + 1)).value();
        }
        tell(report);
    }
    static BookingAnswered answered(BookingAnswered answer, BookingAnswered::Outcome outcome) {
        answer.outcome = outcome;
        return answer;
    }

    static BookingMoved moved(const Booking& booking, bool is_moved) {
        using Outcome = BookingMoved::Outcome;
        return {kReturn, booking.reference, booking.window, is_moved ? Outcome::moved : Outcome::refused};
    }

    void provider(const std::string& text) {
        using Outcome = PayoutAnswered::Outcome;
        const auto outcome = text.starts_with("pays") ? Outcome::executed : Outcome::rejected;
        PayoutAnswered answer{kReturn, outcome, "trade-1", "account_closed", 1};
        if (text.ends_with("the postage")) answer.payout = story_.refund_key(RefundKind::postage);
        if (text.ends_with("the restitution")) answer.payout = story_.refund_key(RefundKind::restitution);
        if (text.ends_with("the refund")) {
            const Refund* refund = story_.file.goods_refund();
            answer.payout = refund == nullptr ? "rfd_of_nothing" : refund->provider_key();
        }
        tell(answer);
    }

    // ships the order | files YTO YT…
    void tell_of_order(const Words& what) {
        Order order = *story_.file.order;
        if (what[0] == "ships") order.state = "shipped";
        if (what[0] == "files") {
            order.outbound_courier = what.at(1);
            order.outbound_waybill = what.at(2);
        }
        tell(PutOrder{order});
    }

    void platform(const Words& what) {
        if (what[0] == "recovers") return tell(ReportRecovery{kReturn, fen(what.at(1)), "escrow-1"});
        if (what[0] == "rates") return tell(SetTrust{kBuyer, std::stoi(what.at(1)), std::nullopt});
        if (what[0] == "ships" || what[0] == "files") return tell_of_order(what);
        if (what[0] == "notes" || what[0] == "withdraws")
            return tell(NoteConduct{kReturn, kBuyer, what.at(1), what[0] == "withdraws", "platform"});
        if (what[0] == "counts") return count_records(what);
        if (what[0] == "is") return tell(ReportRepayment{kReturn, fen(what.at(2)), "bank-1"});
        throw NotUnderstood("the platform does not " + join(what));
    }

    // counts 10 orders 4 refunds 1 disputes: our own records
    void count_records(const Words& what) {
        SetTrust rating{kBuyer, 0, std::nullopt};
        rating.records = RecordFigures{std::stol(what.at(1)), std::stol(what.at(3)), std::stol(what.at(5))};
        tell(rating);
    }

    void then(const Words& words) {
        if (words[0] == "event") return then_event(words);
        if (words[0] == "said") return then_said(words.at(1));
        if (words[0] == "refused")
            return expect("the refusal", refusal_.empty() ? "none" : refusal_, words.at(1));
        if (words[0] == "clock") return then_clock(words);
        if (words[0] == "no") return expect("clock " + words.at(2), due(words.at(2)), "none");
        if (words.size() == 3) return then_rule(words[0], words[1], words[2]);
        expect(words[0], seen(words[0]), words.at(1));
    }

    std::string seen(const std::string& what) const {
        const CaseFile& file = story_.file;
        const auto& advance = file.advance;
        if (what == "status") return std::string(to_string(file.case_.status));
        if (what == "refund") return std::string(to_string(file.case_.refund));
        if (what == "approval") return std::string(to_string(file.case_.approval));
        if (what == "receipt") return std::string(to_string(file.case_.receipt));
        if (what == "pickup")
            return file.case_.pickup ? std::string(to_string(file.case_.pickup->status)) : "none";
        if (what == "advance") return advance ? std::string(to_string(advance->state)) : "none";
        if (what == "kind") return std::string(to_string(file.case_.kind));
        if (what == "goods") {
            const Refund* refund = file.goods_refund();
            return refund != nullptr ? std::string(to_string(refund->state)) : "none";
        }
        if (what == "postage") return story_.refund_key(RefundKind::postage).empty() ? "none" : "refunded";
        if (what == "account") return file.bookings.empty() ? "none" : file.bookings.back().account;
        if (what == "frozen") return file.case_.frozen.empty() ? "no" : file.case_.frozen;
        if (what == "restitution") {
            const auto found = std::ranges::find(file.refunds, RefundKind::restitution, &Refund::kind);
            return found == file.refunds.end() ? "none" : cny(found->amount_fen);
        }
        if (what == "short") return cny(file.case_.short_fen);
        if (what == "asked") return cny(asked_back_fen(file));
        if (what == "stars") return std::to_string(file.line.stars);
        if (what == "line") return cny(file.line.line_fen);
        if (what == "excluded") return file.trust.excluded.empty() ? "no" : file.trust.excluded;
        if (what == "penalty") return penalty();
        if (what == "amount") return cny(file.case_.amount_fen);
        if (what == "held") return cny(file.line.held_fen);
        if (what == "open") return cny(file.line.open_fen);
        if (what == "left") return cny(file.line.left_fen());
        if (what == "owed") return advance ? cny(advance->owed_fen()) : "none";
        throw NotUnderstood("nothing to see: " + what);
    }

    // The last one that stands.
    std::string penalty() const {
        const auto& all = story_.file.standing.penalties;
        const auto last = std::ranges::find_if(all.rbegin(), all.rend(), &Penalty::stands);
        return last == all.rend() ? "none" : std::string(to_string(last->step));
    }

    void then_event(const Words& words) {
        expect("the count of " + words.at(1), std::to_string(story_.saw(words.at(1))), words.at(2));
        last_event_ = words.at(1);
    }

    void then_said(const std::string& fact) {
        for (auto event = story_.events.rbegin(); event != story_.events.rend(); ++event) {
            if (event->type != last_event_) continue;
            for (const auto& [name, value] : event->facts) {
                if (text_of(value) == fact) return;
            }
            break;
        }
        faults.push_back("the last " + last_event_ + " does not say " + fact);
    }

    std::string due(const std::string& clock) const {
        for (const auto& [name, when] : story_.jobs) {
            if (to_string(name.first) == clock) return format_shanghai(when).substr(0, 16);
        }
        return "none";
    }
    // To the minute, or as exactly as it is told.
    void then_clock(const Words& words) {
        const std::string day = words.size() == 5 ? words[3] : day_;
        const auto wanted = moment(day, words.back());
        if (!wanted) throw NotUnderstood("no time: " + words.back());
        if (words.back().size() == 5)
            return expect("clock " + words.at(1), due(words[1]), day + " " + words.back());
        for (const auto& [name, when] : story_.jobs) {
            if (to_string(name.first) == words[1])
                return expect("clock " + words[1], format_rfc3339(when), format_rfc3339(*wanted));
        }
        faults.push_back("there is no clock " + words[1]);
    }

    void then_rule(const std::string& label, const std::string& name, const std::string& verdict) {
        for (const auto* rules : {&rules_.approval_rules, &rules_.refund_rules}) {
            for (const auto& rule : *rules) {
                if (rule.label != label || rule.name != name) continue;
                return expect("rule " + name, rule.passed ? "passes" : "fails", verdict);
            }
        }
        throw NotUnderstood("no rule " + label + " " + name);
    }

    Change change_;
    Story story_ = Story::of_buyer(4, 9900);
    ApplicationRecord rules_;
    std::string day_ = "2026-01-10";
    std::string refusal_;
    std::string last_event_;
    int asked_ = 0;  // questions to the courier that it had no answer to
    int traced_ = 0;
    bool has_begun_ = false;
};

}  // namespace

std::vector<std::string> run_scenario(const std::filesystem::path& file, const Change& change) {
    std::ifstream in(file);
    if (!in) return {"cannot read " + file.string()};
    Scenario scenario(change);
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        const auto known = scenario.faults.size();
        try {
            scenario.take(line);
        } catch (const std::exception& error) {
            scenario.faults.push_back(std::string("not understood: ") + error.what());
        }
        for (auto i = known; i < scenario.faults.size(); ++i)
            scenario.faults[i] = "line " + std::to_string(number) + ": " + scenario.faults[i];
    }
    return scenario.faults;
}

}  // namespace returngate::test
