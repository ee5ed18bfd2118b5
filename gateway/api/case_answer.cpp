// {"return_id", "status", "receipt", …}, rendered from the decision.
#include "gateway/api/case_answer.hpp"

#include "gateway/api/render.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kMostEvidence = 20;
constexpr std::size_t kReferenceBytes = 512;

constexpr std::size_t kDigestDigits = 64;

bool is_digest(std::string_view text) {
    return text.size() == kDigestDigits &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

pipeline::Answer render_case(const Decision& decision) {
    const ReturnCase& after = decision.after.case_;
    json::Writer w;
    w.begin_object().member("return_id", to_string(after.id)).member("status", to_string(after.status));
    if (after.offer_fen) w.member("offer_fen", *after.offer_fen);
    if (after.registered_at) write_instant(w, "registered_at", *after.registered_at);
    write_refunds(w, views_of(decision.after.refunds));
    write_intervention(w, after.intervention);
    write_appeal(w, decision.after.rulings);
    if (after.short_fen > 0) w.member("amount_fen", after.amount_fen).member("short_fen", after.short_fen);
    w.key("receipt").begin_object().member("outcome", to_string(after.receipt));
    write_instant(w, "at", after.receipt_at);
    w.end_object().end_object();
    return {200, w.take()};
}

}  // namespace

std::vector<Evidence> read_evidence(Fields& fields) {
    std::vector<Evidence> all;
    if (!fields.is_list_of_objects("evidence")) {
        for (auto& reference : fields.identifiers("evidence", kMostEvidence, kReferenceBytes))
            all.push_back({std::move(reference)});
        return all;
    }
    for (auto& item : fields.optional_objects("evidence", kMostEvidence)) {
        Evidence evidence;
        evidence.reference = item.identifier("reference", kReferenceBytes);
        evidence.sha256 = item.identifier("sha256", kDigestDigits);
        if (!is_digest(evidence.sha256))
            item.fault("sha256", "not_a_digest", "Is to be 64 hexadecimal digits in lower case.");
        evidence.taken_at = item.instant("taken_at");
        item.refuse_the_rest();
        all.push_back(std::move(evidence));
    }
    return all;
}

std::vector<Evidence> read_required_evidence(Fields& fields, const json::Value& body) {
    if (body["evidence"].is_null()) fields.fault("evidence", "missing", "Is required.");
    return read_evidence(fields);
}

CaseAnswer read_case_answer(Fields& fields, std::initializer_list<std::string_view> outcomes) {
    CaseAnswer read;
    if (outcomes.size() > 0) read.outcome = fields.word("outcome", outcomes);
    read.reason = fields.optional_text("reason", kReasonBytes);
    read.evidence = read_evidence(fields);
    return read;
}

Answering answer_case(Services& services, Call& call, Command command) {
    auto submission = submission_of(services, call, std::move(command));
    submission.render = render_case;
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

}  // namespace returngate::api
