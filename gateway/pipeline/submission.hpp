// A command on its way to the pipeline, with what is committed beside its effect.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/store.hpp"
#include "src/returns/contact.hpp"
#include "src/returns/decide.hpp"

namespace returngate::pipeline {

// What the caller is answered, rendered before the commit so that it can be stored with it.
struct Answer {
    int status = 200;
    std::string body;
};

// The decided (and now committed) state of the case. `conflicting_repeats`: events whose id was seen
// before with another body; they had no effect and are a security matter.
struct Committed {
    Answer answer;
    bool replayed = false;  // the stored answer of an earlier request with the same Idempotency-Key
    int conflicting_repeats = 0;
};

struct Idempotency {
    std::array<std::uint8_t, 16> key_id{};  // the caller's API key
    std::string key;
    std::string fingerprint;  // SHA-256 of method, path and body
};

struct Submission {
    Command command;
    Instant received_at{};
    // Random, drawn once: ids made while deciding derive from it, so a re-run makes the same ones.
    std::array<std::uint8_t, 16> seed{};
    std::vector<Contact> contacts;       // saved when the command is accepted
    std::vector<store::InboxRow> inbox;  // CourierReported from a callback: one per event, same order
    std::optional<Idempotency> idempotency;
    // Pure; called on the committer's thread with the decision, before the commit. Absent: 200, no body.
    std::function<Answer(const Decision&)> render;
};

// Errors: those of decide(); `conflict` idempotency_key_reused (same key, other request) or
// constraint_NAME; `invalid` text_not_storable (NUL, bytes that are no UTF-8, a year out of range);
// `unavailable` (queue full, database away: nothing was committed, or it is not known yet; safe to
// send again as it is).
using Completion = std::function<void(Result<Committed>)>;

}  // namespace returngate::pipeline
