// PUT /v1/sellers/{seller_id}: name, pilot flag, return address.
#include "gateway/api/contacts.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/api/text_rules.hpp"

namespace returngate::api {
namespace {

// Sellers' addresses live in one cell: they are no buyer's.
constexpr Cell kSellersCell = 0;

Outcome<postgres::SellerRow> decode(const json::Value& body, std::string seller_id) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    postgres::SellerRow seller;
    seller.id.value = std::move(seller_id);
    seller.name = fields.text("name", 200);
    seller.is_pilot = fields.boolean("pilot");
    seller.return_address = read_contact(fields.object("return_address"), "return_address");
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return seller;
}

}  // namespace

Answering put_seller(Services& services, Call& call) {
    if (identifier_fault(call.parameters.at(0), kIdentifierBytes)) {
        co_return refuse(ErrorKind::not_found, "no_such_route", "The path's id is no identifier.");
    }
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto seller = decode(*body, call.parameters.at(0));
    if (!seller) co_return tl::unexpected<Refusal>(seller.error());
    seller->return_address.id = fresh_id<ContactId>(services.random, kSellersCell);
    seller->at = call.received_at;
    auto put = [row = *seller](postgres::Desk& desk) { return desk.write().put_seller(row); };
    const auto was_known = co_await services.queries.run(std::move(put));
    if (!was_known) co_return refuse(was_known.error());
    services.sellers.forget(seller->id);
    json::Writer w;
    w.begin_object().member("seller_id", seller->id.value).member("pilot", seller->is_pilot).end_object();
    co_return json_answer(*was_known ? 200 : 201, w.take());
}

}  // namespace returngate::api
