// A decision being written: the changing copy of the case file, and short words for what is added to it.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "src/returns/decide.hpp"

namespace returngate {

class Draft {
public:
    Draft(const CaseFile& file, const Situation& situation) : situation_(situation), ids_(situation.seed) {
        decision_.after = file;
    }

    [[nodiscard]] CaseFile& file() { return decision_.after; }
    [[nodiscard]] ReturnCase& case_() { return decision_.after.case_; }
    [[nodiscard]] Decision& decision() { return decision_; }
    [[nodiscard]] const Policy& policy() const { return situation_.policy; }
    [[nodiscard]] const Situation& situation() const { return situation_; }
    [[nodiscard]] Instant now() const { return situation_.now; }
    // nullptr: nothing is known of the courier's last hours.
    [[nodiscard]] const CourierRecord* record_of(const CourierCode& courier) const {
        const auto found = std::ranges::find(situation_.records, courier, &CourierRecord::code);
        return found == situation_.records.end() ? nullptr : &*found;
    }
    [[nodiscard]] IdSource& ids() { return ids_; }
    [[nodiscard]] Cell cell() const { return decision_.after.case_.id.cell(); }

    using Facts = std::initializer_list<std::pair<std::string_view, CaseEvent::Value>>;
    void note(std::string_view type, Facts facts = {}) {
        decision_.events.push_back(CaseEvent{type, {facts.begin(), facts.end()}});
    }
    void schedule(JobKind kind, std::string subject, Instant due_at) {
        decision_.jobs.push_back(JobChange{key(kind, std::move(subject)), due_at});
    }
    void done(JobKind kind, std::string subject) {
        decision_.jobs.push_back(JobChange{key(kind, std::move(subject)), std::nullopt});
    }
    void post(ledger::Transfer transfer) { decision_.transfers.push_back(transfer); }

    [[nodiscard]] Decision finish() && { return std::move(decision_); }

private:
    [[nodiscard]] JobKey key(JobKind kind, std::string subject) const {
        return JobKey{decision_.after.case_.id, kind, std::move(subject)};
    }

    const Situation& situation_;
    IdSource ids_;
    Decision decision_;
};

}  // namespace returngate
