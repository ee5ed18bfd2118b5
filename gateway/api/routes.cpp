// The authorisation matrix and the dispatch table are the same rows.
#include <array>

#include "gateway/api/handlers.hpp"

namespace returngate::api {
namespace {

using enum Caller;
using enum KeyUse;

constexpr Callers kOpen{};
// Whoever has to look at one case; a seller sees its own only.
constexpr Callers kCaseReaders{platform, buyer_app, seller, finance, operations, auditor};

constexpr std::array kRoutes{
    Route{"PUT", "/v1/orders/{order_id}", {platform}, KeyUse::none, put_order},
    Route{"PUT", "/v1/sellers/{seller_id}", {platform}, KeyUse::none, put_seller},
    Route{"PUT", "/v1/buyers/{buyer_id}/trust", {platform}, KeyUse::none, put_trust},
    Route{"GET", "/v1/buyers/{buyer_id}/entitlement", {buyer_app, auditor}, KeyUse::none, get_entitlement},
    // The platform's after-sale id in the body is the natural key.
    Route{"POST", "/v1/returns", {buyer_app}, KeyUse::none, post_return},
    Route{"POST", "/v1/unshipped-refunds", {buyer_app}, KeyUse::none, post_unshipped_refund},
    Route{"GET", "/v1/returns/{return_id}", kCaseReaders, KeyUse::none, get_return},
    Route{"GET", "/v1/returns/{return_id}/timeline", kCaseReaders, KeyUse::none, get_timeline},
    Route{"GET", "/v1/pickup-slots", {buyer_app}, KeyUse::none, get_pickup_slots},
    Route{"POST", "/v1/returns/{return_id}/pickup", {buyer_app}, required, post_pickup},
    Route{"PATCH", "/v1/returns/{return_id}/pickup", {buyer_app}, optional, patch_pickup},
    Route{"DELETE", "/v1/returns/{return_id}/pickup", {buyer_app}, KeyUse::none, delete_pickup},
    Route{"POST", "/v1/returns/{return_id}/agreement", {seller}, optional, post_agreement},
    Route{"POST", "/v1/returns/{return_id}/registration", {seller}, optional, post_registration},
    Route{"POST", "/v1/returns/{return_id}/receipt", {seller}, optional, post_receipt},
    Route{"POST", "/v1/returns/{return_id}/postage", {seller}, required, post_postage},
    Route{"POST", "/v1/returns/{return_id}/acceptance", {buyer_app}, optional, post_acceptance},
    Route{"POST", "/v1/returns/{return_id}/withdrawal", {buyer_app}, optional, post_withdrawal},
    Route{"POST", "/v1/returns/{return_id}/waybill", {buyer_app}, required, post_waybill},
    Route{"POST", "/v1/returns/{return_id}/intervention", {buyer_app, seller}, optional, post_intervention},
    Route{"POST", "/v1/operations/returns/{return_id}/ruling", {operations}, optional, post_ruling},
    Route{"POST", "/v1/returns/{return_id}/appeal", {buyer_app, seller}, optional, post_appeal},
    Route{"POST",
          "/v1/operations/returns/{return_id}/appeal-decision",
          {operations},
          optional,
          post_appeal_decision},
    Route{"POST", "/v1/returns/{return_id}/evidence", {buyer_app, seller}, optional, post_evidence},
    Route{"GET", "/v1/returns/{return_id}/evidence", kCaseReaders, KeyUse::none, get_evidence},
    Route{"POST", "/v1/returns/{return_id}/conduct", {platform, operations}, optional, post_conduct},
    Route{"GET", "/v1/operations/penalties", {operations, auditor}, KeyUse::none, get_penalties},
    Route{"POST", "/v1/operations/penalties", {operations}, required, post_penalty},
    Route{"POST",
          "/v1/operations/buyers/{buyer_id}/penalties/{number}/reversal",
          {operations},
          optional,
          post_penalty_reversal},
    Route{"POST", "/v1/operations/buyers/{buyer_id}/rating", {operations}, KeyUse::none, post_rating},
    Route{"POST", "/v1/finance/recoveries", {platform}, required, post_recovery},
    Route{"POST", "/v1/finance/repayments", {platform}, required, post_repayment},
    Route{"POST", "/v1/finance/runs", {finance}, KeyUse::optional, post_run},
    Route{"GET", "/v1/finance/advances", {finance, auditor}, KeyUse::none, get_advances},
    Route{"GET", "/v1/finance/amounts", {finance, auditor}, KeyUse::none, get_amounts},
    Route{"GET", "/v1/finance/breaks", {finance, auditor}, KeyUse::none, get_breaks},
    Route{"GET", "/v1/operations/quarantine", {operations, auditor}, KeyUse::none, get_quarantine},
    Route{
        "POST", "/v1/operations/quarantine/{quarantine_id}/replay", {operations}, KeyUse::none, post_replay},
    Route{"GET", "/v1/operations/couriers", {operations, auditor}, KeyUse::none, get_couriers},
    Route{"GET", "/v1/operations/promises", {operations, auditor}, KeyUse::none, get_promises},
    Route{"GET", "/v1/operations/clocks", {operations, auditor}, KeyUse::none, get_clocks},
    Route{"GET", "/v1/operations/halts", {operations, finance, auditor}, KeyUse::none, get_halts},
    Route{"POST", "/v1/operations/halts", {operations}, KeyUse::none, post_halt},
    Route{"GET", "/v1/operations/policies", {operations, finance, auditor}, KeyUse::none, get_policies},
    Route{
        "GET", "/v1/operations/policies/{version}", {operations, finance, auditor}, KeyUse::none, get_policy},
    Route{"POST", "/v1/operations/policies", {operations}, KeyUse::none, post_policy},
    Route{"POST",
          "/v1/operations/policies/{version}/approval",
          {operations},
          KeyUse::none,
          post_policy_approval},
    Route{"GET", "/v1/returns/{return_id}/events", kCaseReaders, KeyUse::none, get_return_events},
    Route{"GET", "/v1/events", {platform, finance, operations, auditor}, KeyUse::none, get_events},
    Route{"GET", "/v1/webhook-endpoints", {platform, admin, auditor}, KeyUse::none, get_webhook_endpoints},
    // The URL in the body is the natural key.
    Route{"POST", "/v1/webhook-endpoints", {platform, admin}, KeyUse::none, post_webhook_endpoint},
    Route{"GET",
          "/v1/webhook-endpoints/{endpoint_id}",
          {platform, admin, auditor},
          KeyUse::none,
          get_webhook_endpoint},
    Route{"PATCH",
          "/v1/webhook-endpoints/{endpoint_id}",
          {platform, admin},
          KeyUse::none,
          patch_webhook_endpoint},
    Route{"DELETE",
          "/v1/webhook-endpoints/{endpoint_id}",
          {platform, admin},
          KeyUse::none,
          delete_webhook_endpoint},
    Route{"POST",
          "/v1/webhook-endpoints/{endpoint_id}/secrets",
          {platform, admin},
          KeyUse::none,
          post_webhook_secret},
    Route{"POST",
          "/v1/webhook-endpoints/{endpoint_id}/test",
          {platform, admin},
          KeyUse::none,
          post_webhook_test},
    Route{"POST",
          "/v1/webhook-endpoints/{endpoint_id}/replay",
          {platform, admin},
          KeyUse::none,
          post_webhook_replay},
    // Proved by the path's token and by the courier's own signature.
    Route{"POST", "/v1/couriers/{code}/callbacks/{token}", kOpen, KeyUse::none, post_callback},
    Route{"GET", "/healthz", kOpen, KeyUse::none, get_health},
    Route{"GET", "/readyz", kOpen, KeyUse::none, get_readiness},
    Route{"GET", "/metrics", kOpen, KeyUse::none, get_metrics},
    Route{"GET", "/openapi.json", kOpen, KeyUse::none, get_openapi},
};

}  // namespace

std::span<const Route> routes() {
    return kRoutes;
}

}  // namespace returngate::api
