// What the gateway does every now and then beside answering: fresh keys, parked callbacks, couriers' records,
// certificates.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "adapters/http/server_tls.hpp"
#include "gateway/api/services.hpp"
#include "gateway/work/courier_records.hpp"

namespace returngate {

// On that context until it stops; `services` and `records` outlive it. `tls` may be null.
void start_chores(boost::asio::io_context& context, api::Services& services, work::CourierRecords& records,
                  const std::shared_ptr<http::ServerTls>& tls);

}  // namespace returngate
