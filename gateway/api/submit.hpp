// From a call and its command to the pipeline and back.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/api/route.hpp"
#include "gateway/api/services.hpp"

namespace returngate::api {

// A random id of that cell.
template <class IdType>
[[nodiscard]] IdType fresh_id(Random& random, Cell cell) {
    IdType id{random.bytes()};
    id.bytes[0] = cell;
    return id;
}

[[nodiscard]] pipeline::Submission submission_of(Services& services, const Call& call, Command command);

// The answer that the submission rendered (or stored, for a repeated key), as JSON.
[[nodiscard]] boost::asio::awaitable<Outcome<http::Response>> submit(Services& services,
                                                                     pipeline::Submission submission);

// "ret_…" of the path; 404 when it is no id at all.
[[nodiscard]] Outcome<ReturnId> return_id_of(const Call& call);

}  // namespace returngate::api
