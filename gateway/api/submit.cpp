// What every command's route does.
#include "gateway/api/submit.hpp"

namespace asio = boost::asio;

namespace returngate::api {

pipeline::Submission submission_of(Services& services, const Call& call, Command command) {
    pipeline::Submission submission;
    submission.command = std::move(command);
    submission.received_at = call.received_at;
    submission.seed = services.random.bytes();
    submission.idempotency = call.idempotency;
    return submission;
}

asio::awaitable<Outcome<http::Response>> submit(Services& services, pipeline::Submission submission) {
    auto committed = co_await services.pipeline.submit(std::move(submission));
    if (!committed) co_return refuse(committed.error());
    http::Response response = json_answer(committed->answer.status, std::move(committed->answer.body));
    if (committed->replayed) response.headers.set("Idempotency-Replayed", "true");
    co_return response;
}

Outcome<ReturnId> return_id_of(const Call& call) {
    if (const auto id = parse_id<ReturnTag>(call.parameters.at(0))) return *id;
    return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
}

}  // namespace returngate::api
