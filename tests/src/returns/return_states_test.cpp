// docs/return-states.md is drawn here: every case that can be reached, and what each command makes of it.
#include <deque>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "tests/support/story.hpp"

namespace returngate::test {
namespace {

struct Step {
    std::string name;
    Command command;
    Instant at{};
};

constexpr std::array kReports{TrackingStatus::collected, TrackingStatus::collect_failed,
                              TrackingStatus::cancelled, TrackingStatus::in_transit,
                              TrackingStatus::delivered, TrackingStatus::returned,
                              TrackingStatus::undone,    TrackingStatus::replaced};

ApplyForReturn application_for(const Order& order) {
    auto application = an_application();
    application.items.front().quantity = order.items.front().quantity;
    application.is_unshipped = order.state == "paid";
    return application;
}

void add_parties(std::vector<Step>& steps) {
    steps.push_back({"buyer applies", an_application()});
    steps.push_back({"seller agrees", AnswerApplication{kReturn, kSeller, true, {}, {}}});
    steps.push_back({"seller offers less", AnswerApplication{kReturn, kSeller, true, {}, {}, 5000}});
    AnswerApplication kept{kReturn, kSeller, true, {}, {}};
    kept.keeps_goods = true;
    for (const auto* owner : {"sue", "sam"}) {
        kept.owner = owner;
        steps.push_back({"seller lets the buyer keep the goods", kept});
    }
    steps.push_back({"seller refunds the postage", RefundPostage{kReturn, kSeller, 1000}});
    steps.push_back({"seller refuses", AnswerApplication{kReturn, kSeller, false, "worn", {{"picture"}}}});
    steps.push_back({"buyer accepts the offer", AnswerOffer{kReturn, true}});
    steps.push_back({"buyer declines the offer", AnswerOffer{kReturn, false}});
    steps.push_back({"buyer withdraws", Withdraw{kReturn, "settled"}});
    steps.push_back({"buyer books a pickup", BookPickup{kReturn, a_pickup_request()}});
    steps.push_back({"buyer moves the pickup", ReschedulePickup{kReturn, std::nullopt}});
    steps.push_back({"buyer cancels the pickup", CancelPickup{kReturn}});
    steps.push_back({"buyer ships", ShipYourself{kReturn, CourierCode{"SF"}, std::string(kSfNumber)}});
    steps.push_back({"seller registers the parcel", RegisterParcel{kReturn, kSeller}});
    steps.push_back({"seller confirms the parcel", ConfirmReceipt{kReturn, kSeller, true, {}, {}}});
    steps.push_back(
        {"seller disputes the parcel", ConfirmReceipt{kReturn, kSeller, false, "film", {{"film"}}, "empty"}});
    steps.push_back({"either side calls customer service", Intervene{kReturn, {}, "unfair", {}}});
    for (const auto* owner : {"ann", "bob"}) {
        steps.push_back({"customer service rules for the buyer", Adjudicate{kReturn, true, owner, "seen"}});
        steps.push_back({"customer service rules for the seller", Adjudicate{kReturn, false, owner, "seen"}});
    }
}

const std::vector<Evidence> kFilm{{"film-2", std::string(64, 'a'), at("09:00")}};

void add_appeals(std::vector<Step>& steps) {
    steps.push_back({"buyer appeals", Appeal{kReturn, {}, "unfair", kFilm}});
    steps.push_back({"seller appeals", Appeal{kReturn, kSeller, "unfair", kFilm}});
    steps.push_back({"either side adds evidence", AddEvidence{kReturn, {}, kFilm}});
    for (const auto* owner : {"ann", "bob"}) {
        steps.push_back({"customer service upholds the appeal", DecideAppeal{kReturn, true, owner, "seen"}});
        steps.push_back(
            {"customer service dismisses the appeal", DecideAppeal{kReturn, false, owner, "seen"}});
    }
    steps.push_back(
        {"platform says that the buyer changed the mind", NoteConduct{kReturn, kBuyer, "changed_mind"}});
    steps.push_back(
        {"operations penalise the buyer", Penalise{kReturn, kBuyer, PenaltyStep::warning, "rude", "ann"}});
    steps.push_back(
        {"operations take the penalty back", ReversePenalty{kReturn, kBuyer, 1, "polite", "bob"}});
}

void add_receipt_in_part(std::vector<Step>& steps, const Order& order) {
    if (order.items.front().quantity < 2) return;
    ConfirmReceipt receipt{kReturn, kSeller, true, "one is missing", {{"film"}}, {}, {{"item-1", 1}}, kOrder};
    steps.push_back({"seller confirms some of the units", receipt});
}

void add_courier(std::vector<Step>& steps, const Booking& booking, Instant now) {
    using Outcome = BookingAnswered::Outcome;
    constexpr std::array kAnswers{std::pair{"courier accepts", Outcome::accepted},
                                  std::pair{"courier knows it as cancelled", Outcome::dead},
                                  std::pair{"courier takes it down", Outcome::pending},
                                  std::pair{"courier refuses", Outcome::refused},
                                  std::pair{"courier cannot be reached", Outcome::unavailable},
                                  std::pair{"courier does not answer", Outcome::in_doubt}};
    auto answer = Story::about(booking.reference);
    for (const auto& [name, outcome] : kAnswers) {
        answer.outcome = outcome;
        steps.push_back({name, answer});
    }
    steps.push_back({"courier is not heard of", WatchParcel{kReturn, booking.reference}});
    answer.outcome = Outcome::accepted;
    answer.waybill = std::string(booking.courier.value == "YTO" ? kYtoNumber : kJtNumber);
    steps.push_back({"courier brings the number", answer});
    for (const auto& [name, outcome] :
         {std::pair{"courier cancels as asked", BookingCancelled::Outcome::cancelled},
          std::pair{"courier says: too late to cancel", BookingCancelled::Outcome::too_late},
          std::pair{"courier cannot be told to cancel", BookingCancelled::Outcome::without_key}})
        steps.push_back({name, BookingCancelled{kReturn, booking.reference, outcome}});
    for (const auto& [name, outcome] :
         {std::pair{"courier moves it", BookingMoved::Outcome::moved},
          std::pair{"courier does not move it", BookingMoved::Outcome::refused},
          std::pair{"courier says: too late to move", BookingMoved::Outcome::too_late}})
        steps.push_back({name, BookingMoved{kReturn, booking.reference, booking.window, outcome}});
    for (const auto status : kReports) {
        auto event = an_event(status, now);
        if (status == TrackingStatus::replaced) event.replaced_by = std::string(kOtherYtoNumber);
        steps.push_back(
            {"courier reports " + std::string(to_string(status)),
             CourierReported{booking.courier, booking.reference, {event}, Proof::strong_signature, 0}});
    }
}

void add_money(std::vector<Step>& steps, const CaseFile& file) {
    using Outcome = PayoutAnswered::Outcome;
    steps.push_back({"provider pays", PayoutAnswered{kReturn, Outcome::executed, "trade", "", 1}});
    steps.push_back(
        {"provider rejects for good", PayoutAnswered{kReturn, Outcome::rejected, "", "account_closed", 1}});
    for (const auto& refund : file.refunds) {
        PayoutAnswered answer{kReturn, Outcome::executed, "trade", "", 1};
        answer.payout = refund.provider_key();
        steps.push_back({"provider pays the refund", answer});
        answer.outcome = Outcome::rejected;
        steps.push_back({"provider rejects the refund for good", answer});
    }
    const Fen owed_fen = file.advance ? file.advance->owed_fen() : 9900;
    steps.push_back({"platform recovers from the escrow", ReportRecovery{kReturn, owed_fen, "escrow"}});
    steps.push_back({"platform is repaid by the buyer", ReportRepayment{kReturn, owed_fen, "bank"}});
}

void add_order(std::vector<Step>& steps, const Order& order) {
    Order shipped = order;
    shipped.state = "shipped";
    if (order.state == "paid")
        steps.push_back({"platform says that the order is shipped", PutOrder{shipped}});
    const std::string state = order.state == "paid" ? "not shipped" : "shipped";
    steps.push_back({"order is looked at, " + state, LookAtOrder{kReturn, kOrder}});
    OutboundTraced traced{kReturn, CourierCode{"YTO"}, std::string(kOutboundNumber), {}, 1};
    steps.push_back({"order is not found at the courier", traced});
    traced.collected_at = at("11:00");
    steps.push_back({"order is found at the courier", traced});
}

std::vector<Step> steps_of(const Story& story) {
    std::vector<Step> steps;
    add_parties(steps);
    steps.front().command = application_for(*story.file.order);
    add_order(steps, *story.file.order);
    add_appeals(steps);
    add_receipt_in_part(steps, *story.file.order);
    if (!story.file.bookings.empty()) add_courier(steps, story.file.bookings.back(), story.now);
    add_money(steps, story.file);
    for (auto& step : steps) step.at = story.now;
    for (const auto& [job, due] : story.jobs) {
        if (!is_timer(job.first)) continue;
        steps.push_back({"clock " + std::string(to_string(job.first)),
                         TimerFired{kReturn, job.first, job.second}, std::max(story.now, due)});
    }
    return steps;
}

// Who has appealed, and what is open; what was decided shows in the case itself.
std::string gist_of_rulings(const std::vector<Ruling>& rulings) {
    std::set<std::string> heard;
    std::string gist;
    for (const auto& ruling : rulings) {
        if (ruling.is_appeal) heard.insert(ruling.by);
        if (ruling.outcome.empty()) gist = ruling.by + " " + ruling.proposed;
    }
    for (const auto& side : heard) gist += " " + side;
    return gist;
}

// Cases that are alike in this are followed once.
std::string gist(const CaseFile& file) {
    std::ostringstream out;
    const ReturnCase& it = file.case_;
    out << to_string(it.kind) << it.offer_by << it.above_line << file.order->state
        << file.order->takings.size();
    for (const auto& refund : file.refunds) {
        out << to_string(refund.kind);
        if (refund.kind != RefundKind::postage)
            out << to_string(refund.state);  // nothing waits for the postage
    }
    out << to_string(it.status) << to_string(it.refund) << !it.frozen.empty()
        << (it.intervention ? it.intervention->proposed : "-");
    if (file.has_live_pickup())
        out << to_string(file.case_.pickup->status) << file.case_.pickup->promise_missed;
    if (!file.bookings.empty()) {
        const Booking& last = file.bookings.back();
        out << is_live(last.status) << last.is_self_shipped() << last.milestones.is_collected()
            << last.milestones.is_cancelled() << last.milestones.is_delivered();
    }
    if (file.advance) out << to_string(file.advance->state) << !file.advance->clawback.empty();
    out << gist_of_rulings(file.rulings) << (it.short_fen > 0) << to_string(it.receipt);
    return out.str();
}

// Row → the status before ("none": no case yet) → the statuses after.
using Table = std::map<std::string, std::map<std::string, std::set<std::string>>>;

std::string status_of(const CaseFile& file) {
    return file.case_.id.is_nil() ? "none" : std::string(to_string(file.case_.status));
}

struct Explored {
    Table table;
    std::vector<std::string> rows;  // in the order in which they were first seen
    std::set<std::size_t> commands;
};

// A day has passed where the next step would come at night, so that pickups can be asked for.
void at_daytime(Story& story) {
    const auto local = shanghai(story.now);
    if (local.since_midnight < std::chrono::hours(10) || local.since_midnight > std::chrono::hours(18))
        story.now = from_shanghai(
            std::chrono::year_month_day{std::chrono::sys_days{local.date} + std::chrono::days(1)},
            std::chrono::hours(10));
}

Story followed(const Story& story, const Step& step) {
    Story next = story;
    next.now = step.at;
    next.must(step.command);
    at_daytime(next);
    // What the rules remember of a buyer is the same wherever the case stands.
    std::erase_if(next.jobs, [](const auto& job) { return job.first.first == JobKind::note_conduct; });
    next.events.clear();
    next.transfers.clear();
    return next;
}

std::deque<Story> beginnings() {
    std::deque<Story> all;
    for (const Fen amount_fen : {9900, 99'000}) {
        for (const auto* category : {"womens_wear", "toys"}) {
            all.push_back(Story::of_buyer(4, amount_fen));
            all.back().file.order->category = category;
        }
        all.push_back(Story::of_buyer(4, amount_fen));
        all.back().file.order->items.front().quantity = 2;
        all.push_back(Story::of_buyer(4, amount_fen));
        all.back().file.order->state = "paid";
        all.back().file.order->received_at.reset();
    }
    Penalty penalty;
    penalty.number = 1;
    penalty.return_id = kReturn;
    penalty.imposed_by = "ann";
    for (auto& story : all) {
        story.file.standing.buyer = kBuyer;
        story.file.standing.stars = 4;
        story.file.standing.penalties = {penalty};
        story.file.standing.version = 1;
    }
    return all;
}

Explored explore() {
    Explored found;
    std::set<std::string> known;
    for (auto waiting = beginnings(); !waiting.empty(); waiting.pop_front()) {
        const Story& story = waiting.front();
        const std::string before = status_of(story.file);
        for (const auto& step : steps_of(story)) {
            found.commands.insert(step.command.index());
            if (!found.table.contains(step.name)) found.rows.push_back(step.name);
            auto& after = found.table[step.name][before];
            const Situation situation{story.policy, step.at, step.at, {}, kReturn, {}};
            const auto decision = decide(story.file, step.command, situation);
            if (!decision) continue;
            after.insert(status_of(decision->after));
            if (known.insert(gist(decision->after)).second) waiting.push_back(followed(story, step));
        }
    }
    return found;
}

std::vector<std::string> statuses() {
    std::vector<std::string> all{"none"};
    for (int i = 0; i <= static_cast<int>(CaseStatus::closed); ++i)
        all.emplace_back(to_string(static_cast<CaseStatus>(i)));
    return all;
}

std::string cell(const std::set<std::string>& after, const std::string& before) {
    std::string text;
    for (const auto& status : after) {
        if (!text.empty()) text += ", ";
        text += status == before ? "stays" : status;
    }
    return text.empty() ? "–" : text;
}

// Row by row, so that who may do what stands together.
std::vector<std::string> sorted_rows(const Explored& found) {
    constexpr std::array kWho{"buyer ", "seller ",   "either ",   "customer ",   "courier ",
                              "order ", "provider ", "platform ", "operations ", "clock "};
    std::vector<std::string> rows;
    for (const std::string_view who : kWho) {
        for (const auto& row : found.rows) {
            if (row.starts_with(who)) rows.push_back(row);
        }
    }
    return rows;
}

std::string diagram(const Explored& found) {
    std::map<std::pair<std::string, std::string>, std::string> edges;
    for (const auto& row : sorted_rows(found)) {
        for (const auto& [before, after] : found.table.at(row)) {
            for (const auto& status : after) {
                if (status == before) continue;
                auto& label = edges[{before == "none" ? "[*]" : before, status}];
                label += (label.empty() ? "" : "<br/>") + row;
            }
        }
    }
    std::string text = "```mermaid\nstateDiagram-v2\n";
    for (const auto& [ends, label] : edges) {
        // A colon would end the label.
        std::string shown = label;
        std::erase(shown, ':');
        text += "    " + ends.first + " --> " + ends.second + " : " + shown + "\n";
    }
    return text + "```\n";
}

std::string page(const Explored& found) {
    std::string text = R"(# The life of a return

Drawn by `./dev return-states` from the code: `decide` (src/returns) is asked about every case that can be
reached, with every command. A test compares this page with what it would draw now; do not edit it by hand.

A cell says which status the return has afterwards; "stays" leaves it where it is, "–" is refused or cannot
happen. `none`: the buyer has not applied yet. Several entries: it depends on the rest of the case (the pickup,
the advance, who ruled before).

)";
    text += "| what happens |";
    std::string rule = "| --- |";
    for (const auto& status : statuses()) {
        text += " " + status + " |";
        rule += " --- |";
    }
    text += "\n" + rule + "\n";
    for (const auto& row : sorted_rows(found)) {
        text += "| " + row + " |";
        for (const auto& status : statuses()) {
            const auto at = found.table.at(row).find(status);
            text += " " + (at == found.table.at(row).end() ? "–" : cell(at->second, status)) + " |";
        }
        text += "\n";
    }
    return text + "\n" + diagram(found);
}

std::string read(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ReturnStates, ThePageIsWhatTheCodeDoes) {
    const std::string file = RETURNGATE_SOURCE_DIR "/docs/return-states.md";
    const auto found = explore();
    // All but the buyer's rating, which is about no case.
    EXPECT_EQ(found.commands.size(), std::variant_size_v<Command> - 1) << "give steps_of() the new command";
    EXPECT_EQ(sorted_rows(found).size(), found.rows.size()) << "a row by nobody whom sorted_rows() knows";
    const std::string drawn = page(found);
    if (std::getenv("RETURNGATE_DRAW") != nullptr) std::ofstream(file) << drawn;
    EXPECT_EQ(read(file), drawn) << "run ./dev return-states and look at what has changed";
}

}  // namespace
}  // namespace returngate::test
