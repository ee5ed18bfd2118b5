// /v1/finance: recoveries in, reconciliation runs, advances and breaks out.
#include <algorithm>

#include "adapters/crypto/digest.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/submit.hpp"

namespace returngate::api {
namespace {

constexpr std::array kStates{AdvanceState::committed,   AdvanceState::paid,        AdvanceState::recovered,
                             AdvanceState::clawed_back, AdvanceState::written_off, AdvanceState::reversed};

// Money that came back: a recovery from the escrow, or a repayment of the buyer's.
template <class Report>
Outcome<Report> decode_money_back(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Report report;
    const std::string id = fields.identifier("return_id");
    report.amount_fen = fields.amount("amount_fen");
    fields.currency();
    report.reference = fields.identifier("reference", 128);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    const auto parsed = parse_id<ReturnTag>(id);
    if (!parsed) return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    report.id = *parsed;
    return report;
}

pipeline::Answer render_repayment(const Decision& decision) {
    const Advance& advance = *decision.after.advance;
    json::Writer w;
    w.begin_object()
        .member("return_id", to_string(decision.after.case_.id))
        .member("advance_id", to_string(advance.id))
        .member("repaid_fen", advance.repaid_fen)
        .member("owed_fen", advance.owed_fen())
        .member("currency", "CNY")
        .end_object();
    return {201, w.take()};
}

pipeline::Answer render_recovery(const Decision& decision) {
    const Advance& advance = *decision.after.advance;
    json::Writer w;
    w.begin_object()
        .member("return_id", to_string(decision.after.case_.id))
        .member("advance_id", to_string(advance.id))
        .member("state", to_string(advance.state))
        .member("recovered_fen", advance.recovered_fen)
        .member("open_fen", advance.amount_fen - advance.recovered_fen)
        .member("currency", "CNY")
        .end_object();
    return {201, w.take()};
}

std::optional<AdvanceState> read_state(Query& query) {
    const auto word = query.value("state");
    if (!word) return std::nullopt;
    for (const auto state : kStates) {
        if (to_string(state) == *word) return state;
    }
    query.fault("state", "unknown_word", "Is to be a state of an advance.");
    return std::nullopt;
}

struct RunTag {
    static constexpr std::string_view prefix = "run_";
};
using RunId = Id<RunTag>;

// {"run_id","started_at","counts","breaks"}
std::string render_run(const postgres::RunView& run) {
    json::Writer w;
    w.begin_object().member("run_id", to_string(RunId{run.run_id}));
    write_instant(w, "started_at", run.started_at);
    w.raw_member("counts", run.counts).key("breaks").begin_array();
    for (const auto& found : run.breaks) {
        w.begin_object().member("kind", found.kind).key("return_id");
        found.return_id ? w.value(to_string(*found.return_id)) : w.null();
        w.member("amount_fen", found.amount_fen)
            .member("age_hours", found.age_hours)
            .member("detail", found.detail);
        w.end_object();
    }
    w.end_array().end_object();
    return w.take();
}

struct Page {
    std::vector<postgres::AdvanceView> advances;
    std::vector<postgres::AdvanceTotals> totals;  // on the first page
};

std::string render_page(const Page& page, int limit) {
    json::Writer w;
    w.begin_object().key("advances").begin_array();
    for (const auto& advance : page.advances) write_advance(w, advance);
    w.end_array().key("totals").begin_array();
    for (const auto& total : page.totals) {
        w.begin_object().member("state", to_string(total.state)).member("count", total.count);
        w.member("amount_fen", total.amount_fen).member("recovered_fen", total.recovered_fen);
        w.member("currency", "CNY").end_object();
    }
    w.end_array().key("next_cursor");
    if (static_cast<int>(page.advances.size()) < limit) {
        w.null();
    } else {
        w.value(make_cursor({page.advances.back().committed_at, page.advances.back().id.bytes}));
    }
    w.end_object();
    return w.take();
}

// The cursor's instant says nothing here: amounts go by their return's id.
std::string render_amounts(const std::vector<postgres::AmountView>& amounts, int limit) {
    json::Writer w;
    w.begin_object().key("amounts").begin_array();
    for (const auto& amount : amounts) write_amount(w, amount);
    w.end_array().key("next_cursor");
    if (static_cast<int>(amounts.size()) < limit) {
        w.null();
    } else {
        w.value(make_cursor({amounts.back().applied_at, amounts.back().return_id.bytes}));
    }
    w.end_object();
    return w.take();
}

}  // namespace

Answering post_recovery(Services& services, Call& call) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto recovery = decode_money_back<ReportRecovery>(*body);
    if (!recovery) co_return tl::unexpected<Refusal>(recovery.error());
    auto submission = submission_of(services, call, *std::move(recovery));
    submission.render = render_recovery;
    auto answer = co_await submit(services, std::move(submission));
    if (!answer && answer.error().error.code == "constraint_recovery_pkey") {
        co_return refuse(ErrorKind::conflict, "recovery_reference_used",
                         "A recovery with this reference is recorded already.");
    }
    co_return answer;
}

Answering post_repayment(Services& services, Call& call) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto repayment = decode_money_back<ReportRepayment>(*body);
    if (!repayment) co_return tl::unexpected<Refusal>(repayment.error());
    auto submission = submission_of(services, call, *std::move(repayment));
    submission.render = render_repayment;
    auto answer = co_await submit(services, std::move(submission));
    if (!answer && answer.error().error.code == "constraint_repayment_pkey") {
        co_return refuse(ErrorKind::conflict, "repayment_reference_used",
                         "A repayment with this reference is recorded already.");
    }
    co_return answer;
}

// A run needs no stored answer: under the same key it has the same id.
Answering post_run(Services& services, Call& call) {
    std::array<std::uint8_t, 16> id = services.random.bytes();
    if (call.idempotency) {
        const auto& key_id = call.idempotency->key_id;
        const std::string_view caller(reinterpret_cast<const char*>(key_id.data()), key_id.size());
        const auto hash = crypto::sha256({"finance run\n", caller, call.idempotency->key});
        std::copy_n(hash.begin(), id.size(), id.begin());
    }
    auto run = [ages = services.policies.at(call.received_at)->rules.reconcile, id,
                now = call.received_at](postgres::Desk& desk) {
        auto known = desk.read().find_run(id);
        const bool is_replay = known.has_value();
        return std::pair(is_replay ? *std::move(known) : desk.reconcile(now, ages, id), is_replay);
    };
    const auto finished = co_await services.queries.run(std::move(run));
    if (!finished) co_return refuse(finished.error());
    auto response = json_answer(201, render_run(finished->first));
    if (finished->second) response.headers.set("Idempotency-Replayed", "true");
    co_return response;
}

Answering get_advances(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const auto state = read_state(*query);
    const auto after = query->cursor();
    const int limit = query->limit();
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    auto find = [state, after, limit](postgres::Desk& desk) {
        Page page;
        page.advances = desk.read().advances(state, after, limit);
        if (!after) page.totals = desk.read().advance_totals();
        return page;
    };
    const auto page = co_await services.queries.run(std::move(find));
    if (!page) co_return refuse(page.error());
    co_return json_answer(200, render_page(*page, limit));
}

Answering get_amounts(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const auto cursor = query->cursor();
    const int limit = query->limit();
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    std::optional<ReturnId> after;
    if (cursor) after.emplace().bytes = cursor->id;
    auto find = [after, limit](postgres::Desk& desk) { return desk.read().amounts(after, limit); };
    const auto amounts = co_await services.queries.run(std::move(find));
    if (!amounts) co_return refuse(amounts.error());
    co_return json_answer(200, render_amounts(*amounts, limit));
}

Answering get_breaks(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const auto text = query->value("run_id");
    const auto parsed = text ? parse_id<RunTag>(*text) : std::nullopt;
    if (text && !parsed) query->fault("run_id", "not_an_id", "Is to be a run's id.");
    const auto read = query->finish();
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    std::optional<std::array<std::uint8_t, 16>> run_id;
    if (parsed) run_id = parsed->bytes;
    auto find = [run_id](postgres::Desk& desk) { return desk.read().find_run(run_id); };
    const auto run = co_await services.queries.run(std::move(find));
    if (!run) co_return refuse(run.error());
    if (!*run)
        co_return refuse(ErrorKind::not_found, "run_not_found", "There is no such reconciliation run.");
    co_return json_answer(200, render_run(**run));
}

}  // namespace returngate::api
