// Where each seller's parcels go: the one thing that the answer to an application needs and its decision does
// not bring. Remembered for seconds, so that an application costs no question to the database.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <mutex>
#include <unordered_map>

#include "gateway/api/query_pool.hpp"
#include "gateway/pipeline/ports.hpp"
#include "src/returns/contact.hpp"

namespace returngate::api {

class SellerDirectory {
public:
    SellerDirectory(QueryPool& queries, const Clock& clock) : queries_(queries), clock_(clock) {}

    // At most five seconds behind what is stored; empty while the seller is unknown. Errors of
    // QueryPool::run.
    [[nodiscard]] boost::asio::awaitable<Result<Contact>> return_address(SellerId seller);
    // After this gateway has stored another one.
    void forget(const SellerId& seller);

private:
    struct Entry {
        Contact address;
        Instant until{};
    };
    [[nodiscard]] std::optional<Contact> known(const SellerId& seller) const;
    void remember(const SellerId& seller, Contact address);

    QueryPool& queries_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::unordered_map<SellerId, Entry> entries_;
};

}  // namespace returngate::api
