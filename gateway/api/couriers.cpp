// POST /v1/couriers/{code}/callbacks/{token}: answered in the courier's own body, by the intake.
#include "gateway/api/handlers.hpp"
#include "gateway/api/services.hpp"

namespace returngate::api {

Answering post_callback(Services& services, Call& call) {
    auto response = co_await services.callbacks.answer(call.parameters.at(0), call.parameters.at(1),
                                                       std::move(call.request));
    // As for any path that does not exist.
    if (!response) co_return refuse(ErrorKind::not_found, "no_such_route", "There is nothing at this path.");
    co_return *std::move(response);
}

}  // namespace returngate::api
