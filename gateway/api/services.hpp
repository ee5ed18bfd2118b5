// What the routes work with; made once by serve, outlives every request.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include "adapters/webhook/vault.hpp"
#include "gateway/api/callback_intake.hpp"
#include "gateway/api/query_pool.hpp"
#include "gateway/api/seller_directory.hpp"
#include "gateway/configuration.hpp"
#include "gateway/http/key_ring.hpp"
#include "gateway/metrics.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/pipeline/ports.hpp"
#include "gateway/policy_book.hpp"
#include "gateway/work/webhook_sender.hpp"

namespace returngate::api {

struct Services {
    const Configuration& configuration;
    const PolicyBook& policies;
    const Clock& clock;
    Random& random;
    pipeline::CommitPipeline& pipeline;
    QueryPool& queries;
    SellerDirectory& sellers;
    KeyRing& keys;
    Metrics& metrics;
    CallbackIntake& callbacks;
    work::WebhookSender& webhooks;
    const webhook::Vault& vault;
    std::atomic<int>& waiting_streams;
    std::function<Gauges()> gauges;  // what is known without asking the database
    std::function<bool()> is_ready;  // false while starting and while draining
};

}  // namespace returngate::api
