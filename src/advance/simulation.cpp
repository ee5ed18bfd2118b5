// Judged again, counted twice.
#include "src/advance/simulation.hpp"

#include "src/advance/eligibility.hpp"

namespace returngate {
namespace {

void count(Tally& tally, bool is_approved, bool is_advanced, const ApplicationInputs& inputs) {
    if (is_approved) ++tally.approvals;
    if (inputs.is_unshipped) return;  // neither ahead of a receipt nor after one
    if (is_advanced) {
        ++tally.advances;
        tally.exposure_fen += inputs.amount_fen;
    } else {
        tally.refused_fen += inputs.amount_fen;
    }
}

// The line that the buyer would have had.
Fen line_under(const Policy& changed, const RecordedApplication& recorded, const LinesByVersion& lines) {
    const auto stars = static_cast<std::size_t>(recorded.inputs.stars);
    const auto known = lines.find(recorded.policy_version);
    const bool is_by_stars = known != lines.end() && stars < known->second.size() &&
                             known->second.at(stars) == recorded.inputs.line_fen;
    return is_by_stars ? changed.line_by_stars.at(stars) : recorded.inputs.line_fen;
}

}  // namespace

Simulation simulate(const Policy& changed, const std::vector<RecordedApplication>& recorded,
                    const LinesByVersion& lines) {
    Simulation simulation;
    for (const auto& application : recorded) {
        ApplicationInputs inputs = application.inputs;
        inputs.line_fen = line_under(changed, application, lines);
        const Verdicts verdicts = judge_again(changed, inputs);
        const bool is_approved = all_passed(verdicts.approval);
        const bool is_advanced = grants_advance(verdicts.refund);
        ++simulation.applications;
        count(simulation.before, application.was_approved, application.was_advanced, inputs);
        count(simulation.after, is_approved, is_advanced, inputs);
        if (is_approved == application.was_approved && is_advanced == application.was_advanced) continue;
        simulation.changed.push_back({application.return_id, inputs.amount_fen, application.was_approved,
                                      is_approved, application.was_advanced, is_advanced});
    }
    return simulation;
}

}  // namespace returngate
