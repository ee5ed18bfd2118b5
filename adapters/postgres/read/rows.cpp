// Columns in order, as the lists beside their declarations name them.
#include "adapters/postgres/read/rows.hpp"

namespace returngate::postgres {

AdvanceView read_advance(const pqxx::row& row) {
    RowReader in(row);
    AdvanceView advance;
    advance.id = in.id<AdvanceId>();
    advance.return_id = in.id<ReturnId>();
    advance.buyer.value = in.text();
    advance.amount_fen = in.integer();
    advance.state = in.word<AdvanceState>(6);
    advance.provider = in.text();
    advance.waybill = in.text();
    advance.trigger_at = in.instant();
    advance.committed_at = in.instant();
    advance.paid_at = in.optional_instant();
    advance.recovered_fen = in.integer();
    advance.settled_at = in.optional_instant();
    advance.clawback = in.text();
    advance.repay_by = in.optional_instant();
    advance.repaid_fen = in.integer();
    advance.short_fen = in.integer();
    return advance;
}

Contact read_contact(RowReader& in) {
    Contact contact;
    contact.name = in.text();
    contact.phone = in.text();
    contact.province = in.text();
    contact.city = in.text();
    contact.county = in.text();
    contact.address = in.text();
    return contact;
}

}  // namespace returngate::postgres
