// policy show, propose, approve, explain and simulate: the rule book from a terminal.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "adapters/postgres/json_texts.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/load.hpp"
#include "gateway/http/stored_keys.hpp"
#include "gateway/pipeline/ports.hpp"
#include "gateway/policy_changes.hpp"
#include "src/advance/eligibility.hpp"
#include "src/advance/simulation.hpp"

namespace returngate::commands {
namespace {

using postgres::Desk;
using postgres::PolicyVersion;

struct PolicyOptions {
    std::string config;
    int version = 0;
    std::string file;
    std::string note;
    std::string key_file;
    std::string effective_at;
    std::string return_id;
    int days = 30;
};

// Throws what stands in the way, for a person to read.
template <class Work>
auto at_desk(const Configuration& configuration, Work work) {
    Desk desk(configuration.database.dsn);
    std::optional<decltype(work(desk))> outcome;
    const auto done = desk.run([&](Desk& on) { outcome.emplace(work(on)); });
    if (!done) throw std::runtime_error(done.error().message);
    return std::move(*outcome);
}

template <class Value>
Value or_throw(Result<Value> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}

std::string content_of(const std::string& file) {
    configuration::Faults faults;
    auto text = configuration::text_of(file, faults);
    if (!faults.empty()) throw std::runtime_error(configuration::joined(faults));
    return text;
}

// Nobody says who they are: the key does. It is to be an operations key, as over HTTP.
std::string owner_by_key(const Configuration& configuration, const std::string& file, Instant now) {
    std::string key = content_of(file);
    while (!key.empty() && key.back() == '\n') key.pop_back();
    api::KeyRing ring;
    ring.replace(api::stored_keys(at_desk(configuration, [](Desk& desk) { return desk.read().keys(); })));
    const auto identity = ring.find(key, now);
    if (!identity) throw std::runtime_error(file + " holds no key that is good here");
    if (identity->caller != api::Caller::operations)
        throw std::runtime_error("policies are changed with a key of caller operations");
    return identity->owner;
}

void print_version(const PolicyVersion& row) {
    const auto or_dash = [](const std::optional<Instant>& at) {
        return at ? format_rfc3339(*at) : std::string("-");
    };
    std::printf("%-8d %-16s %-16s %-28s %s\n", row.version, row.proposed_by.c_str(),
                row.approved_by.empty() ? "-" : row.approved_by.c_str(), or_dash(row.effective_at).c_str(),
                row.note.c_str());
}

int show(const PolicyOptions& options) {
    const auto configuration = load(options.config);
    if (options.version == 0) {
        std::printf("%-8s %-16s %-16s %-28s %s\n", "version", "proposed by", "approved by", "in force from",
                    "note");
        for (const auto& row : at_desk(configuration, [](Desk& desk) { return desk.policies().list(); }))
            print_version(row);
        return 0;
    }
    const auto row =
        at_desk(configuration, [&](Desk& desk) { return desk.policies().find(options.version); });
    if (!row) throw std::runtime_error("there is no policy " + std::to_string(options.version));
    std::printf("%s", row->rules.c_str());
    return 0;
}

int propose(const PolicyOptions& options) {
    const auto configuration = load(options.config);
    PolicyVersion proposal;
    proposal.rules = content_of(options.file);
    proposal.note = options.note;
    proposal.proposed_at = SystemClock(configuration.clock_offset).now();
    proposal.proposed_by = owner_by_key(configuration, options.key_file, proposal.proposed_at);
    const auto made =
        or_throw(at_desk(configuration, [&](Desk& desk) { return propose_policy(desk, proposal); }));
    std::printf("policy %d is proposed; another owner makes it take effect: returngate policy approve %d\n",
                made.version, made.version);
    return 0;
}

int approve(const PolicyOptions& options) {
    const auto configuration = load(options.config);
    PolicyApproval approval;
    approval.version = options.version;
    approval.now = SystemClock(configuration.clock_offset).now();
    if (!options.effective_at.empty()) {
        approval.effective_at = parse_rfc3339(options.effective_at);
        if (!approval.effective_at) throw std::runtime_error("--at is to be like 2026-02-01T00:00:00+08:00");
    }
    approval.owner = owner_by_key(configuration, options.key_file, approval.now);
    const auto approved =
        or_throw(at_desk(configuration, [&](Desk& desk) { return approve_policy(desk, approval); }));
    std::printf("policy %d takes effect on every gateway at %s\n", approved.version,
                format_rfc3339(*approved.effective_at).c_str());
    return 0;
}

// The couriers' terms are no part of a version, and no rule of an application asks for them.
Policy policy_of(const PolicyVersion& row) {
    auto read = or_throw(configuration::parse_policy(row.rules, "policy " + std::to_string(row.version)));
    read.policy.version = row.version;
    return std::move(read.policy);
}

void print_rules(const char* title, const std::vector<RuleResult>& rules) {
    std::printf("%s\n", title);
    for (const auto& rule : rules) {
        std::printf("  %-5s %-3s %-22s %s\n", rule.passed ? "pass" : "FAIL", std::string(rule.label).c_str(),
                    std::string(rule.name).c_str(), rule.detail.c_str());
    }
}

const char* refund_title(const ApplicationInputs& inputs, const Verdicts& verdicts) {
    if (inputs.is_unshipped) return "refund: direct";
    return grants_advance(verdicts.refund) ? "refund: advance" : "refund: after receipt";
}

int explain(const PolicyOptions& options) {
    const auto configuration = load(options.config);
    const auto id = parse_id<ReturnTag>(options.return_id);
    if (!id) throw std::runtime_error(options.return_id + " is no return id");
    const auto recorded =
        at_desk(configuration, [&](Desk& desk) { return desk.policies().find_application(*id); });
    if (!recorded) throw std::runtime_error("no such return, or one from before inputs were recorded");
    const auto version =
        at_desk(configuration, [&](Desk& desk) { return desk.policies().find(recorded->policy_version); });
    if (!version) throw std::runtime_error("its policy version is not in the database");
    const auto verdicts = judge_again(policy_of(*version), recorded->inputs);
    std::printf("%s, policy %d, at %s\n", options.return_id.c_str(), version->version,
                format_rfc3339(recorded->inputs.at).c_str());
    std::printf("inputs %s\n", postgres::inputs_json(recorded->inputs).c_str());
    std::printf("reason %s, %zu items, %zu pictures\n", recorded->inputs.reason.c_str(),
                recorded->inputs.items.size(), recorded->inputs.pictures);
    print_rules(all_passed(verdicts.approval) ? "approval: at once" : "approval: the seller's",
                verdicts.approval);
    print_rules(refund_title(recorded->inputs, verdicts), verdicts.refund);
    const bool is_same = postgres::rules_json(verdicts.approval) == recorded->approval_rules &&
                         postgres::rules_json(verdicts.refund) == recorded->refund_rules;
    std::printf("%s\n", is_same ? "the same as recorded" : "NOT what was recorded");
    return is_same ? 0 : 1;
}

// Some were asked, and none failed.
bool all_passed_in(const std::string& rules_json) {
    return rules_json != "[]" && rules_json.find("\"passed\":false") == std::string::npos;
}

std::vector<RecordedApplication> applications(Desk& desk, Instant from, Instant until) {
    std::vector<RecordedApplication> all;
    desk.policies().for_applications(from, until, [&](const postgres::ApplicationOnRecord& row) {
        all.push_back({row.return_id, row.inputs, row.policy_version, all_passed_in(row.approval_rules),
                       all_passed_in(row.refund_rules)});
    });
    return all;
}

// Of the versions that the applications were decided by; one from before versions were stored is not there.
LinesByVersion lines_of(const Configuration& configuration,
                        const std::vector<RecordedApplication>& recorded) {
    LinesByVersion lines;
    for (const auto& application : recorded) {
        const int number = application.policy_version;
        if (lines.contains(number)) continue;
        const auto version = at_desk(configuration, [&](Desk& desk) { return desk.policies().find(number); });
        if (version) lines[number] = policy_of(*version).line_by_stars;
    }
    return lines;
}

std::string cny(Fen amount_fen) {
    const Fen cents = amount_fen % 100;
    return std::to_string(amount_fen / 100) + (cents < 10 ? ".0" : ".") + std::to_string(cents);
}

void print_tally(const char* name, const std::string& before, const std::string& after) {
    std::printf("%-24s %16s %16s\n", name, before.c_str(), after.c_str());
}

int run_simulation(const PolicyOptions& options) {
    const auto configuration = load(options.config);
    const Policy changed =
        or_throw(configuration::parse_policy(content_of(options.file), options.file)).policy;
    const Instant now = SystemClock(configuration.clock_offset).now();
    // To the end: a gateway's clock may be ahead of this terminal's.
    const auto recorded = at_desk(configuration, [&](Desk& desk) {
        return applications(desk, now - std::chrono::hours(24) * options.days, now + std::chrono::hours(24));
    });
    const Simulation simulation = simulate(changed, recorded, lines_of(configuration, recorded));
    for (const auto& each : simulation.changed) {
        const auto word = [](bool is_so, const char* yes, const char* no) { return is_so ? yes : no; };
        std::printf("%s %12s CNY  approval %s -> %s, refund %s -> %s\n", to_string(each.return_id).c_str(),
                    cny(each.amount_fen).c_str(), word(each.was_approved, "automatic", "seller"),
                    word(each.is_approved, "automatic", "seller"),
                    word(each.was_advanced, "advance", "after_receipt"),
                    word(each.is_advanced, "advance", "after_receipt"));
    }
    const auto& [before, after] = std::pair(simulation.before, simulation.after);
    print_tally("", "as recorded", "as changed");
    print_tally("approved at once", std::to_string(before.approvals), std::to_string(after.approvals));
    print_tally("advances", std::to_string(before.advances), std::to_string(after.advances));
    print_tally("exposure, CNY", cny(before.exposure_fen), cny(after.exposure_fen));
    print_tally("no advance, CNY", cny(before.refused_fen), cny(after.refused_fen));
    std::printf("%ld applications of %d days, %zu would have gone another way\n",
                static_cast<long>(simulation.applications), options.days, simulation.changed.size());
    return 0;
}

using Run = int (*)(const PolicyOptions&);

CLI::App& add(CLI::App& policy, Action& action, const std::shared_ptr<PolicyOptions>& options,
              const char* name, const char* help, Run run) {
    auto* command = policy.add_subcommand(name, help);
    add_config_option(*command, options->config);
    command->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
    return *command;
}

}  // namespace

void add_policy(CLI::App& app, Action& action) {
    auto* policy = app.add_subcommand("policy", "the rule book: versions, four eyes, explanations");
    policy->require_subcommand(1);
    auto options = std::make_shared<PolicyOptions>();
    auto& showing = add(*policy, action, options, "show", "all versions, or the rules of one", show);
    showing.add_option("version", options->version, "print the rules of this one");
    auto& proposing =
        add(*policy, action, options, "propose", "store a changed rule book, without effect", propose);
    proposing.add_option("file", options->file, "the whole policy.toml as it is to be")->required();
    proposing.add_option("--note", options->note, "what is changed and why")->required();
    auto& approving =
        add(*policy, action, options, "approve", "let a proposal of another owner take effect", approve);
    approving.add_option("version", options->version, "as policy show says")->required();
    approving.add_option("--at", options->effective_at, "the instant; default: in ten seconds");
    for (auto* with_key : {&proposing, &approving}) {
        with_key
            ->add_option("--key-file", options->key_file, "file with an operations key: it says who you are")
            ->required();
    }
    auto& explaining = add(*policy, action, options, "explain",
                           "decide an application again; exit 1 if it comes out otherwise", explain);
    explaining.add_option("return", options->return_id, "ret_…")->required();
    auto& simulating =
        add(*policy, action, options, "simulate",
            "what a changed policy would have said about recorded applications", run_simulation);
    simulating.add_option("file", options->file, "the changed policy.toml")->required();
    simulating.add_option("--days", options->days, "so many days back")
        ->capture_default_str()
        ->check(CLI::Range(1, 3650));
}

}  // namespace returngate::commands
