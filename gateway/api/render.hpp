// JSON of what several routes show.
#pragma once

#include "adapters/json/writer.hpp"
#include "adapters/postgres/read/views.hpp"
#include "src/returns/case_file.hpp"

namespace returngate::api {

// {"line_fen","held_fen","open_fen","left_fen","currency"}
void write_credit_line(json::Writer& writer, const CreditLine& line);
// {"start","end"}
void write_window(json::Writer& writer, const Window& window);
void write_instant(json::Writer& writer, std::string_view name, Instant instant);
void write_instant(json::Writer& writer, std::string_view name,
                   const std::optional<Instant>& instant);  // or null
// "intervention": {"by", "opened_at"}; nothing when customer service was not called in.
void write_intervention(json::Writer& writer, const std::optional<Intervention>& intervention);
// "appeal": {"by", "opened_at", "outcome", "decided_at"}, the latest one; nothing when nobody has appealed.
void write_appeal(json::Writer& writer, const std::vector<Ruling>& rulings);
[[nodiscard]] std::vector<postgres::RefundView> views_of(const std::vector<Refund>& refunds);
// "refunds": [{"refund_id","kind","amount_fen","currency","state","committed_at","paid_at"}]; nothing when
// there is none.
void write_refunds(json::Writer& writer, const std::vector<postgres::RefundView>& refunds);
void write_advance(json::Writer& writer, const postgres::AdvanceView& advance);
// One return's calculation with what became of it, for people who check it.
void write_amount(json::Writer& writer, const postgres::AmountView& amount);
// A whole return, as POST /v1/returns and GET /v1/returns/{id} answer it. `pickup_refusal` may be null.
[[nodiscard]] std::string render_return(const postgres::ReturnView& view, const Error* pickup_refusal);

}  // namespace returngate::api
