// Where a request goes.
#include "adapters/http/destination.hpp"

namespace returngate::http {

Result<Origin> take_origin(Request& request, std::string_view base_url) {
    const bool is_whole = !request.target.empty() && request.target.front() != '/';
    auto url = parse_url(is_whole ? std::string_view(request.target) : base_url);
    if (!url) return tl::unexpected(url.error());
    if (is_whole) request.target = std::move(url->target);
    return std::move(url->origin);
}

}  // namespace returngate::http
