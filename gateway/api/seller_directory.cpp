// A small map with an age limit and a size limit.
#include "gateway/api/seller_directory.hpp"

namespace returngate::api {
namespace {

constexpr std::chrono::seconds kFresh{5};
constexpr std::size_t kMostSellers = 10'000;

}  // namespace

boost::asio::awaitable<Result<Contact>> SellerDirectory::return_address(SellerId seller) {
    if (auto address = known(seller)) co_return *std::move(address);
    auto ask = [seller](postgres::Desk& desk) { return desk.read().return_address(seller); };
    auto address = co_await queries_.run(std::move(ask));
    if (address) remember(seller, *address);
    co_return address;
}

void SellerDirectory::forget(const SellerId& seller) {
    const std::lock_guard lock(mutex_);
    entries_.erase(seller);
}

std::optional<Contact> SellerDirectory::known(const SellerId& seller) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(seller);
    if (found == entries_.end() || found->second.until <= clock_.now()) return std::nullopt;
    return found->second.address;
}

void SellerDirectory::remember(const SellerId& seller, Contact address) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= kMostSellers) entries_.clear();
    entries_.insert_or_assign(seller, Entry{std::move(address), clock_.now() + kFresh});
}

}  // namespace returngate::api
