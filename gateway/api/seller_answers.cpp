// POST /v1/returns/{return_id}/agreement and …/receipt. A seller's key is bound to one seller: another
// seller's return does not exist for it.
#include <array>

#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/submit.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kMostEvidence = 20;
constexpr std::size_t kReferenceBytes = 512;

struct Answered {
    std::string outcome;
    std::string reason;
    std::vector<std::string> evidence;
};

Outcome<Answered> decode(const json::Value& body, std::initializer_list<std::string_view> outcomes) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Answered read;
    read.outcome = fields.word("outcome", outcomes);
    read.reason = fields.optional_text("reason", 1000);
    read.evidence = fields.identifiers("evidence", kMostEvidence, kReferenceBytes);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return read;
}

pipeline::Answer render(const Decision& decision) {
    const ReturnCase& after = decision.after.case_;
    json::Writer w;
    w.begin_object().member("return_id", to_string(after.id)).member("status", to_string(after.status));
    w.key("receipt").begin_object().member("outcome", to_string(after.receipt));
    write_instant(w, "at", after.receipt_at);
    w.end_object().end_object();
    return {200, w.take()};
}

// Of a command with the members of both; `is_yes` is set by the first of the two words.
template <class Command>
Answering answer_as(Services& services, Call& call, std::array<std::string_view, 2> words,
                    bool Command::*is_yes) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto read = decode(*body, {words[0], words[1]});
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    Command command;
    command.id = *id;
    command.seller.value = call.identity.seller_id;
    command.*is_yes = read->outcome == words[0];
    command.reason = std::move(read->reason);
    command.evidence = std::move(read->evidence);
    auto submission = submission_of(services, call, std::move(command));
    submission.render = render;
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

}  // namespace

Answering post_agreement(Services& services, Call& call) {
    return answer_as(services, call, {"agreed", "refused"}, &AnswerApplication::agreed);
}

Answering post_receipt(Services& services, Call& call) {
    return answer_as(services, call, {"confirmed", "disputed"}, &ConfirmReceipt::confirmed);
}

}  // namespace returngate::api
