// /v1/operations/policies: the versions of the rule book, proposals, and the second owner's approval.
#include <algorithm>
#include <charconv>

#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/services.hpp"
#include "gateway/log.hpp"
#include "gateway/policy_changes.hpp"

namespace returngate::api {
namespace {

void write_version(json::Writer& w, const postgres::PolicyVersion& row, int in_force) {
    w.begin_object().member("version", row.version).member("note", row.note);
    w.member("proposed_by", row.proposed_by);
    write_instant(w, "proposed_at", row.proposed_at);
    w.key("approved_by");
    row.approved_by.empty() ? w.null() : w.value(row.approved_by);
    write_instant(w, "approved_at", row.approved_at);
    write_instant(w, "effective_at", row.effective_at);
    w.member("in_force", row.version == in_force);
    if (!row.rules.empty()) w.member("rules", row.rules);
    w.end_object();
}

int version_in_force(const Services& services) {
    const auto policy = services.policies.policy_at(services.clock.now());
    return policy ? policy->version : 0;
}

http::Response answer(int status, const Services& services, const postgres::PolicyVersion& row) {
    json::Writer w;
    write_version(w, row, version_in_force(services));
    return json_answer(status, w.take());
}

std::optional<int> version_of(const Call& call) {
    const std::string& text = call.parameters.at(0);
    int version = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), version);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return version;
}

tl::unexpected<Refusal> no_such_policy() {
    return refuse(ErrorKind::not_found, "policy_not_found", "There is no such policy version.");
}

// Faults of the rules, one a line, as faults of that member.
tl::unexpected<Refusal> refuse_policy(const Error& error) {
    if (error.code != "policy") return refuse(error);
    std::vector<FieldError> faults;
    for (std::string_view rest = error.message; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        faults.push_back({"/rules", "policy", std::string(rest.substr(0, end))});
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return refuse_fields(std::move(faults));
}

Outcome<postgres::PolicyVersion> decode_proposal(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    postgres::PolicyVersion proposal;
    proposal.rules = fields.lines("rules", kMostPolicyBytes);
    proposal.note = fields.text("note", 500);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return proposal;
}

Outcome<PolicyApproval> decode_approval(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    PolicyApproval approval;
    approval.effective_at = fields.optional_instant("effective_at");
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return approval;
}

}  // namespace

Answering get_policies(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    auto ask = [](postgres::Desk& desk) { return desk.policies().list(); };
    const auto versions = co_await services.queries.run(std::move(ask));
    if (!versions) co_return refuse(versions.error());
    const int in_force = version_in_force(services);
    json::Writer w;
    w.begin_object().member("in_force", in_force).key("policies").begin_array();
    for (const auto& row : *versions) write_version(w, row, in_force);
    w.end_array().end_object();
    co_return json_answer(200, w.take());
}

Answering get_policy(Services& services, Call& call) {
    const auto version = version_of(call);
    if (!version) co_return no_such_policy();
    auto ask = [number = *version](postgres::Desk& desk) { return desk.policies().find(number); };
    const auto row = co_await services.queries.run(std::move(ask));
    if (!row) co_return refuse(row.error());
    if (!*row) co_return no_such_policy();
    co_return answer(200, services, **row);
}

Answering post_policy(Services& services, Call& call) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto proposal = decode_proposal(*body);
    if (!proposal) co_return tl::unexpected<Refusal>(proposal.error());
    proposal->proposed_by = call.identity.owner;
    proposal->proposed_at = call.received_at;
    auto put = [row = *std::move(proposal)](postgres::Desk& desk) { return propose_policy(desk, row); };
    const auto done = co_await services.queries.run(std::move(put));
    if (!done) co_return refuse(done.error());
    if (!*done) co_return refuse_policy(done->error());
    http::Response response = answer(201, services, **done);
    response.headers.set("Location", "/v1/operations/policies/" + std::to_string((*done)->version));
    co_return response;
}

Answering post_policy_approval(Services& services, Call& call) {
    const auto version = version_of(call);
    if (!version) co_return no_such_policy();
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto approval = decode_approval(*body);
    if (!approval) co_return tl::unexpected<Refusal>(approval.error());
    approval->version = *version;
    approval->owner = call.identity.owner;
    approval->now = services.clock.now();
    auto put = [wanted = *std::move(approval)](postgres::Desk& desk) { return approve_policy(desk, wanted); };
    const auto done = co_await services.queries.run(std::move(put));
    if (!done) co_return refuse(done.error());
    if (!*done) co_return refuse_policy(done->error());
    log::write(log::Level::warning, "policy_approved",
               {{"request_id", call.context.request_id}, {"version", std::int64_t{*version}}});
    co_return answer(200, services, **done);
}

}  // namespace returngate::api
