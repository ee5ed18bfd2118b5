// The rating, what is remembered against it, and the penalties: who may change what.
#include "src/returns/conduct.hpp"

#include <algorithm>

#include "src/returns/handlers.hpp"

namespace returngate {
namespace {

constexpr std::string_view kRules = "rules";
constexpr std::string_view kFactWithdrawn = "fact_withdrawn";
constexpr char kWithdrawn = '!';

std::string subject_of(std::string_view fact, const BuyerId& buyer) {
    return std::string(fact) + "/" + buyer.value;
}

// Before a standing was kept, the line and the conduct said it all.
Standing& known_standing(Draft& draft) {
    CaseFile& file = draft.file();
    Standing& standing = file.standing;
    if (standing.version != 0) return standing;
    standing.buyer = file.line.buyer;
    standing.stars = file.line.stars;
    const Fen by_stars = draft.policy().line_by_stars.at(static_cast<std::size_t>(file.line.stars));
    if (file.line.line_fen != by_stars) standing.line_fen = file.line.line_fen;
    standing.excluded = file.trust.excluded;
    return standing;
}

void take_effect(Draft& draft) {
    CaseFile& file = draft.file();
    const Effect effect = effect_of(file.standing, draft.policy().penalties, draft.policy().line_by_stars);
    file.line = with_line(file.line, effect.stars, effect.line_fen);
    file.trust.excluded = effect.excluded;
}

void impose(Draft& draft, PenaltyStep step, std::string_view cause, std::string_view by) {
    Standing& standing = draft.file().standing;
    Penalty penalty;
    penalty.number = static_cast<std::int32_t>(standing.penalties.size()) + 1;
    penalty.step = step;
    penalty.cause = cause;
    penalty.return_id = draft.case_().id;
    penalty.imposed_at = draft.now();
    penalty.imposed_by = by;
    draft.note("penalty.imposed", {{"number", std::int64_t{penalty.number}},
                                   {"step", std::string(to_string(step))},
                                   {"cause", penalty.cause},
                                   {"by", std::string(by == kRules ? kRules : "operations")}});
    standing.penalties.push_back(std::move(penalty));
}

void reverse(Draft& draft, Penalty& penalty, std::string_view by, std::string_view reason) {
    penalty.reversed_at = draft.now();
    penalty.reversed_by = by;
    penalty.reversal_reason = reason;
    draft.note("penalty.reversed", {{"number", std::int64_t{penalty.number}},
                                    {"step", std::string(to_string(penalty.step))},
                                    {"reason", std::string(reason)}});
}

// The first of the two who take back what the rules imposed.
void propose_reversal(Draft& draft, Penalty& penalty, std::string_view by, std::string_view reason) {
    penalty.reversal_by = by;
    draft.note("penalty.reversal_proposed",
               {{"number", std::int64_t{penalty.number}}, {"reason", std::string(reason)}});
}

// What ceased to be a fact has no consequences: the rules take back what they imposed for it. One person's
// word that it is none is the first of two.
void withdraw_fact(Draft& draft, const NoteConduct& command) {
    Standing& standing = draft.file().standing;
    const auto is_meant = [&](std::string_view fact, ReturnId return_id) {
        return return_id == command.id && (command.fact.empty() || command.fact == fact);
    };
    const auto gone = std::erase_if(
        standing.facts, [&](const ConductFact& each) { return is_meant(each.fact, each.return_id); });
    for (auto& penalty : standing.penalties) {
        const bool is_of_it =
            penalty.stands() && penalty.imposed_by == kRules && is_meant(penalty.cause, penalty.return_id);
        if (!is_of_it) continue;
        if (command.owner.empty()) {
            reverse(draft, penalty, kRules, kFactWithdrawn);
        } else if (penalty.reversal_by.empty()) {
            propose_reversal(draft, penalty, command.owner, kFactWithdrawn);
        }
    }
    if (gone > 0) draft.note("conduct.withdrawn", {{"fact", command.fact}});
}

void add_fact(Draft& draft, const NoteConduct& command) {
    Standing& standing = draft.file().standing;
    const Instant since = draft.now() - draft.policy().rating.window;
    std::erase_if(standing.facts, [&](const ConductFact& each) { return each.at < since; });
    const ConductFact fact{command.fact, command.id, draft.now()};
    const bool is_known = std::ranges::any_of(standing.facts, [&](const ConductFact& each) {
        return each.fact == fact.fact && each.return_id == fact.return_id;
    });
    if (is_known) return;
    standing.facts.push_back(fact);
    draft.note("conduct.noted", {{"fact", command.fact}});
    const auto step = step_for(command.fact, standing.facts, draft.policy().penalties);
    if (step) impose(draft, *step, command.fact, kRules);
}

bool is_refunded(const CaseFile& file) {
    const Refund* refund = file.goods_refund();
    const bool is_advanced = file.advance && (file.advance->state == AdvanceState::paid ||
                                              file.advance->state == AdvanceState::recovered);
    return is_advanced || (refund != nullptr && refund->state == RefundState::paid);
}

Result<void> is_of_buyer(const CaseFile& file, const BuyerId& buyer) {
    if (file.case_.version == 0 || file.case_.buyer != buyer)
        return fail(ErrorKind::not_found, "return_not_found", "The buyer has no such return.");
    return {};
}

Result<void> check(const SetTrust& command) {
    if (!command.records && (command.stars < 1 || command.stars > 5))
        return fail(ErrorKind::invalid, "stars_out_of_range", "Stars are 1 to 5.");
    if (command.line_fen && *command.line_fen < 0)
        return fail(ErrorKind::invalid, "line_negative", "A credit line is not negative.");
    return {};
}

// The platform's word, as of then.
Result<Decision> take_snapshot(Draft draft, const SetTrust& command) {
    CaseFile& file = draft.file();
    Standing& standing = file.standing;
    const Instant as_of = command.as_of.value_or(draft.now());
    if (!standing.is_by_records && standing.as_of && *standing.as_of > as_of) {
        return fail(ErrorKind::conflict, "snapshot_older",
                    "A later snapshot of this buyer is there already.");
    }
    standing.stars = command.stars;
    standing.line_fen = command.line_fen;
    standing.excluded = command.trust.excluded;
    standing.is_by_records = false;
    standing.as_of = as_of;
    const auto version = file.trust.version;
    file.trust = command.trust;
    file.trust.buyer = command.buyer;
    file.trust.version = version;
    take_effect(draft);
    return std::move(draft).finish();
}

// Our own records, where the platform's word is too old or was never given.
Result<Decision> take_records(Draft draft, const SetTrust& command) {
    CaseFile& file = draft.file();
    Standing& standing = file.standing;
    const RatingRules& rules = draft.policy().rating;
    const bool is_told = !standing.is_by_records && standing.stars > 0;
    if (is_told && standing.as_of && *standing.as_of + rules.snapshot > draft.now()) {
        return fail(ErrorKind::conflict, "snapshot_stands", "The platform's snapshot of this buyer stands.");
    }
    const auto rating = rating_of(*command.records, standing.facts, draft.now(), rules);
    if (!rating) {
        return fail(ErrorKind::conflict, "records_too_few", "Our records are too few to rate this buyer.");
    }
    standing.stars = rating->stars;
    standing.line_fen.reset();
    standing.is_by_records = true;
    standing.as_of = draft.now();
    file.trust.refund_rate_bp = rating->refund_rate_bp;
    file.trust.complaints = rating->complaints;
    file.trust.dispute_rate_bp = rating->dispute_rate_bp;
    take_effect(draft);
    return std::move(draft).finish();
}

}  // namespace

void remember_conduct(Draft& draft, std::string_view fact) {
    draft.schedule(JobKind::note_conduct, subject_of(fact, draft.case_().buyer), draft.now());
}

void forget_conduct(Draft& draft, std::string_view fact) {
    const std::string subject = subject_of(fact, draft.case_().buyer);
    if (!fact.empty()) draft.done(JobKind::note_conduct, subject);
    draft.schedule(JobKind::note_conduct, kWithdrawn + subject, draft.now());
}

NoteConduct conduct_of(ReturnId id, std::string_view subject) {
    NoteConduct command;
    command.id = id;
    command.is_withdrawn = subject.starts_with(kWithdrawn);
    if (command.is_withdrawn) subject.remove_prefix(1);
    const auto slash = std::min(subject.find('/'), subject.size());
    command.fact = subject.substr(0, slash);
    command.buyer.value = subject.substr(std::min(slash + 1, subject.size()));
    return command;
}

Result<Decision> set_trust(Draft draft, const SetTrust& command) {
    if (const auto sound = check(command); !sound) return tl::unexpected(sound.error());
    draft.file().line.buyer = command.buyer;
    draft.file().trust.buyer = command.buyer;
    known_standing(draft);
    return command.records ? take_records(std::move(draft), command)
                           : take_snapshot(std::move(draft), command);
}

Result<Decision> note_conduct(Draft draft, const NoteConduct& command) {
    const CaseFile& file = draft.file();
    if (const auto found = is_of_buyer(file, command.buyer); !found) return tl::unexpected(found.error());
    if (command.fact == kChangedMind && !command.is_withdrawn && !is_refunded(file)) {
        return fail(ErrorKind::conflict, "refund_not_complete",
                    "A mind is changed once the refund is complete; until then it is a question.");
    }
    if (command.owner.empty()) {
        const std::string subject = subject_of(command.fact, command.buyer);
        draft.done(JobKind::note_conduct, command.is_withdrawn ? kWithdrawn + subject : subject);
    }
    known_standing(draft);
    if (command.is_withdrawn) {
        withdraw_fact(draft, command);
    } else {
        add_fact(draft, command);
    }
    take_effect(draft);
    return std::move(draft).finish();
}

Result<Decision> penalise(Draft draft, const Penalise& command) {
    if (const auto found = is_of_buyer(draft.file(), command.buyer); !found)
        return tl::unexpected(found.error());
    if (command.cause.empty())
        return fail(ErrorKind::invalid, "cause_required", "A penalty is recorded with its cause.");
    known_standing(draft);
    impose(draft, command.step, command.cause, command.owner);
    take_effect(draft);
    return std::move(draft).finish();
}

Result<Decision> reverse_penalty(Draft draft, const ReversePenalty& command) {
    if (const auto found = is_of_buyer(draft.file(), command.buyer); !found)
        return tl::unexpected(found.error());
    auto& penalties = draft.file().standing.penalties;
    const auto penalty = std::ranges::find(penalties, command.number, &Penalty::number);
    if (penalty == penalties.end() || penalty->return_id != command.id)
        return fail(ErrorKind::not_found, "penalty_not_found", "The buyer has no such penalty.");
    if (!penalty->stands())
        return fail(ErrorKind::conflict, "already_reversed", "The penalty has been taken back already.");
    const bool is_by_rules = penalty->imposed_by == kRules;
    const std::string& first = is_by_rules ? penalty->reversal_by : penalty->imposed_by;
    if (first == command.owner) {
        return fail(ErrorKind::conflict, "second_person_required",
                    "A penalty is taken back when another person says so.");
    }
    if (first.empty()) {
        propose_reversal(draft, *penalty, command.owner, command.reason);
        return std::move(draft).finish();
    }
    reverse(draft, *penalty, command.owner, command.reason);
    take_effect(draft);
    return std::move(draft).finish();
}

}  // namespace returngate
