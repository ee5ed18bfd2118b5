// A scenario of tests/scenarios/ lived through over HTTP: its own buyer, order and return, among those of
// many others in the same world.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/virtual_day.hpp"
#include "tests/scenarios/text.hpp"

namespace returngate::e2e {

// Rules that a scenario wants to be other than config/ has them; empty for most.
[[nodiscard]] std::vector<TomlSetting> rules_of(const std::filesystem::path& scenario);

class LivedScenario {
public:
    // Throws test::NotUnderstood.
    LivedScenario(VirtualDay& day, const std::filesystem::path& file);

    // What is given, told by the platform.
    void introduce();
    // When its next step is; nullopt: it is through.
    [[nodiscard]] std::optional<Instant> next() const;
    // The next step, and after everything has settled, what then is.
    void act();
    void check();

private:
    using Words = test::Words;
    struct Line {
        int number = 0;
        Words words;
    };
    struct Step {
        Line line;
        Instant at{};
        std::string day;
        std::vector<Line> thens;
    };
    struct Parcel {
        std::string courier;
        std::string reference;  // the courier's own, where nobody booked it
        std::string waybill;
        bool is_booked = false;
    };
    struct Given {
        int stars = 4;
        std::optional<Fen> line_fen;
        std::vector<std::pair<std::string, std::int64_t>> trust;
        std::string excluded;
        bool is_selected = false;
        bool is_pilot = true;
        std::string seller = "seller-a";
        std::string item = "item-1";
        Fen paid_fen = 9900;
        int units = 1;
        Fen discount_fen = 0;
        Fen freight_fen = 0;
        std::string category = "womens_wear";
        std::string trade_kind = "normal";
        std::string state = "received";
        Instant received_at{};
        std::string outbound_courier = "YTO";
        std::string outbound_waybill = "YT6604192837560";
    };

    void fault(const Line& line, const std::string& what) const;
    void expect(const Line& line, const std::string& what, const std::string& is,
                const std::string& wanted) const;

    void read_given(const Words& words);
    void put_trust(int stars);
    void put_order();

    void take(const Step& step);
    void buyer(const Step& step, const Words& what);
    void apply(const Words& what);
    void book(const Step& step, const Words& what);
    void ship_oneself(const Words& what);
    void seller(const Words& what);
    void agree(const Words& what);
    void courier(const Step& step, const Words& what);
    void report(const Step& step, const Words& what);
    void provider(const Words& what);
    void platform(const Words& what);
    void rule(const std::string& who, const Words& what);
    [[nodiscard]] bool speak_of_outcome(As who, const Words& what);
    void confirm_in_part(const Words& what);
    void note_conduct(const Words& what);
    void penalise(As who, const std::string& step);
    void reverse_penalty(As who, const std::string& number);

    void say(As caller, const std::string& method, const std::string& target, const std::string& body = {});
    void say_of_return(As caller, const std::string& what, const std::string& body = "{}");
    void push(const std::string& word, Instant at);
    void make_known(const Parcel& parcel, const std::string& stage);
    void ask(const Step& step, const Parcel& parcel);
    [[nodiscard]] std::int64_t questions(const Parcel& parcel) const;
    [[nodiscard]] Parcel parcel() const;
    [[nodiscard]] Parcel& handed_in(const std::string& courier, const std::string& text);

    void then(const Step& step, const Line& line);
    void then_event(const Line& line);
    void then_said(const Line& line) const;
    void then_clock(const Step& step, const Line& line) const;
    void then_rule(const Line& line) const;
    [[nodiscard]] std::optional<Instant> due(const std::string& clock) const;
    [[nodiscard]] std::string seen(const std::string& what) const;
    [[nodiscard]] std::string seen_of_money(const std::string& what) const;
    [[nodiscard]] std::string seen_of_refunds(const std::string& what) const;
    [[nodiscard]] std::optional<std::string> seen_of_buyer(const std::string& what) const;

    VirtualDay& day_;
    std::string name_;
    Shopper shopper_;
    Given given_;
    std::vector<Step> steps_;
    std::size_t done_ = 0;  // steps acted; the last of them may still be to check
    std::string return_id_;
    int applications_ = 0;
    int calls_ = 0;
    std::string refusal_;
    std::string last_event_;
    json::Value shown_;  // the return, as of the latest check
    Timeline timeline_;
    std::map<std::string, Parcel> handed_in_;  // by the scenario's own number
    std::string typed_;                        // the number of the scenario that the buyer typed in
    bool has_brought_number_ = false;
    bool loses_first_answer_ = false;                       // of the courier to a booking
    mutable std::map<std::string, std::int64_t> answered_;  // by reference: questions that steps have told of
};

}  // namespace returngate::e2e
