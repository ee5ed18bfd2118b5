// Versions of the rule book as they are stored. To be called inside Desk::run.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "src/advance/application_inputs.hpp"
#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate::postgres {

struct Session;

struct PolicyVersion {
    int version = 0;
    std::string rules;  // as in policy.toml; left out of lists
    std::string note;
    std::string proposed_by;
    Instant proposed_at{};
    std::string approved_by;  // "": not approved
    std::optional<Instant> approved_at;
    std::optional<Instant> effective_at;
};

// An application as it was decided; those from before inputs were stored are left out.
struct ApplicationOnRecord {
    ReturnId return_id;
    int policy_version = 0;
    ApplicationInputs inputs;
    std::string approval_rules;  // JSON
    std::string refund_rules;
};

class Policies {
public:
    explicit Policies(Session& session) : session_(session) {}

    // Latest first.
    [[nodiscard]] std::vector<PolicyVersion> list();
    [[nodiscard]] std::optional<PolicyVersion> find(int version);
    // Approved, with their rules, besides those that the caller has.
    [[nodiscard]] std::vector<PolicyVersion> approved_besides(const std::vector<int>& known);
    // The number that it got.
    [[nodiscard]] int propose(const PolicyVersion& proposal);
    // Who, when and from when on. False: somebody has approved it already.
    [[nodiscard]] bool approve(const PolicyVersion& approval);
    // Version 1, in force for ever; nothing happens where any version is stored.
    void seed(const std::string& rules, Instant at);

    [[nodiscard]] std::optional<ApplicationOnRecord> find_application(ReturnId id);
    // Of returns that were applied for in that time, one batch after the other.
    void for_applications(Instant from, Instant until,
                          const std::function<void(const ApplicationOnRecord&)>& take);

private:
    Session& session_;
};

}  // namespace returngate::postgres
