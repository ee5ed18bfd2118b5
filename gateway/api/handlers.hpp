// The routes' coroutines, one file per resource.
#pragma once

#include "gateway/api/route.hpp"

namespace returngate::api {

using Answering = boost::asio::awaitable<Outcome<http::Response>>;

// orders.cpp, sellers.cpp, buyers.cpp
[[nodiscard]] Answering put_order(Services& services, Call& call);
[[nodiscard]] Answering put_seller(Services& services, Call& call);
[[nodiscard]] Answering put_trust(Services& services, Call& call);
[[nodiscard]] Answering get_entitlement(Services& services, Call& call);
// returns.cpp
[[nodiscard]] Answering post_return(Services& services, Call& call);
Answering post_unshipped_refund(Services& services, Call& call);
Answering post_postage(Services& services, Call& call);
[[nodiscard]] Answering get_return(Services& services, Call& call);
[[nodiscard]] Answering get_timeline(Services& services, Call& call);
// pickups.cpp
[[nodiscard]] Answering get_pickup_slots(Services& services, Call& call);
[[nodiscard]] Answering post_pickup(Services& services, Call& call);
[[nodiscard]] Answering patch_pickup(Services& services, Call& call);
[[nodiscard]] Answering delete_pickup(Services& services, Call& call);
// seller_answers.cpp
[[nodiscard]] Answering post_agreement(Services& services, Call& call);
[[nodiscard]] Answering post_registration(Services& services, Call& call);
[[nodiscard]] Answering post_receipt(Services& services, Call& call);
// buyer_answers.cpp
[[nodiscard]] Answering post_acceptance(Services& services, Call& call);
[[nodiscard]] Answering post_withdrawal(Services& services, Call& call);
[[nodiscard]] Answering post_waybill(Services& services, Call& call);
// interventions.cpp
[[nodiscard]] Answering post_intervention(Services& services, Call& call);
[[nodiscard]] Answering post_ruling(Services& services, Call& call);
// appeals.cpp
[[nodiscard]] Answering post_appeal(Services& services, Call& call);
[[nodiscard]] Answering post_appeal_decision(Services& services, Call& call);
[[nodiscard]] Answering post_evidence(Services& services, Call& call);
[[nodiscard]] Answering get_evidence(Services& services, Call& call);
// penalties.cpp
[[nodiscard]] Answering post_conduct(Services& services, Call& call);
[[nodiscard]] Answering get_penalties(Services& services, Call& call);
[[nodiscard]] Answering post_penalty(Services& services, Call& call);
[[nodiscard]] Answering post_penalty_reversal(Services& services, Call& call);
[[nodiscard]] Answering post_rating(Services& services, Call& call);
// finance.cpp
[[nodiscard]] Answering post_repayment(Services& services, Call& call);
[[nodiscard]] Answering post_recovery(Services& services, Call& call);
[[nodiscard]] Answering post_run(Services& services, Call& call);
[[nodiscard]] Answering get_advances(Services& services, Call& call);
Answering get_amounts(Services& services, Call& call);
[[nodiscard]] Answering get_breaks(Services& services, Call& call);
// operations.cpp
[[nodiscard]] Answering get_quarantine(Services& services, Call& call);
[[nodiscard]] Answering post_replay(Services& services, Call& call);
[[nodiscard]] Answering get_couriers(Services& services, Call& call);
[[nodiscard]] Answering get_promises(Services& services, Call& call);
[[nodiscard]] Answering get_clocks(Services& services, Call& call);
[[nodiscard]] Answering get_halts(Services& services, Call& call);
[[nodiscard]] Answering post_halt(Services& services, Call& call);
// policies.cpp
[[nodiscard]] Answering get_policies(Services& services, Call& call);
[[nodiscard]] Answering get_policy(Services& services, Call& call);
[[nodiscard]] Answering post_policy(Services& services, Call& call);
[[nodiscard]] Answering post_policy_approval(Services& services, Call& call);
// couriers.cpp
[[nodiscard]] Answering post_callback(Services& services, Call& call);
// webhooks.cpp
[[nodiscard]] Answering get_webhook_endpoints(Services& services, Call& call);
[[nodiscard]] Answering get_webhook_endpoint(Services& services, Call& call);
[[nodiscard]] Answering post_webhook_endpoint(Services& services, Call& call);
[[nodiscard]] Answering patch_webhook_endpoint(Services& services, Call& call);
[[nodiscard]] Answering delete_webhook_endpoint(Services& services, Call& call);
[[nodiscard]] Answering post_webhook_secret(Services& services, Call& call);
[[nodiscard]] Answering post_webhook_test(Services& services, Call& call);
[[nodiscard]] Answering post_webhook_replay(Services& services, Call& call);
// event_stream.cpp
[[nodiscard]] Answering get_events(Services& services, Call& call);
[[nodiscard]] Answering get_return_events(Services& services, Call& call);
// service.cpp
[[nodiscard]] Answering get_health(Services& services, Call& call);
[[nodiscard]] Answering get_readiness(Services& services, Call& call);
[[nodiscard]] Answering get_metrics(Services& services, Call& call);
[[nodiscard]] Answering get_openapi(Services& services, Call& call);

}  // namespace returngate::api
