// One JSON object per line: {"key","payee_reference","amount_fen","executed","reference","reason","at"},
// or {"incident":"key_reused","key","payee_reference","amount_fen","at"}.
#include "adapters/sandbox/provider_book.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::sandbox {
namespace {

std::string render_line(const BookedPayout& payout) {
    json::Writer w;
    w.begin_object()
        .member("key", payout.request.key)
        .member("payee_reference", payout.request.payee_reference)
        .member("amount_fen", payout.request.amount_fen)
        .member("executed", payout.is_executed)
        .member("reference", payout.reference)
        .member("reason", payout.reason)
        .member("at", format_rfc3339(payout.at))
        .end_object();
    return w.take() + "\n";
}

std::string render_line(const Incident& incident) {
    json::Writer w;
    w.begin_object()
        .member("incident", "key_reused")
        .member("key", incident.request.key)
        .member("payee_reference", incident.request.payee_reference)
        .member("amount_fen", incident.request.amount_fen)
        .member("at", format_rfc3339(incident.at))
        .end_object();
    return w.take() + "\n";
}

}  // namespace

ProviderBook::ProviderBook(std::filesystem::path file) : file_(std::move(file)) {
    load();
    descriptor_ = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) throw std::runtime_error("the provider's book cannot be opened: " + file_.string());
    writer_ = std::thread([this] { write_groups(); });
}

ProviderBook::~ProviderBook() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    has_work_.notify_one();
    writer_.join();
    ::close(descriptor_);
}

void ProviderBook::load() {
    if (!std::filesystem::exists(file_)) return;
    std::uintmax_t whole = 0;
    std::ifstream in(file_, std::ios::binary);
    std::string line;
    while (std::getline(in, line) && !in.eof()) {
        read_line(line);
        whole += line.size() + 1;
    }
    in.close();
    if (whole != std::filesystem::file_size(file_)) std::filesystem::resize_file(file_, whole);
}

void ProviderBook::read_line(const std::string& line) {
    const auto value = json::parse(line);
    const auto at = value ? parse_rfc3339((*value)["at"].string().value_or("")) : std::nullopt;
    if (!at) throw std::runtime_error("the provider's book has an unreadable line: " + file_.string());
    const PayoutRequest request{std::string((*value)["key"].string().value_or("")),
                                std::string((*value)["payee_reference"].string().value_or("")),
                                (*value)["amount_fen"].integer().value_or(0)};
    if (!(*value)["incident"].is_null()) {
        incidents_.push_back(Incident{request, *at});
        return;
    }
    BookedPayout payout{request, (*value)["executed"].boolean().value_or(false),
                        std::string((*value)["reference"].string().value_or("")),
                        std::string((*value)["reason"].string().value_or("")), *at};
    order_.push_back(request.key);
    by_key_[request.key] = std::move(payout);
}

std::uint64_t ProviderBook::append(std::string line) {
    pending_ += line;
    has_work_.notify_one();
    return ++appended_;
}

ProviderBook::Settled ProviderBook::settle(const PayoutRequest& request, const std::string& rejection,
                                           Instant now) {
    const std::lock_guard lock(mutex_);
    Settled settled;
    const auto known = by_key_.find(request.key);
    if (known != by_key_.end()) {
        settled.payout = known->second;
        settled.is_conflict = known->second.request != request;
        if (const auto line = line_of_key_.find(request.key); line != line_of_key_.end())
            settled.line = line->second;
        if (settled.is_conflict) {
            incidents_.push_back(Incident{request, now});
            settled.line = append(render_line(incidents_.back()));
        }
        return settled;
    }
    settled.is_first = true;
    settled.payout = BookedPayout{request, rejection.empty(),
                                  "SBP" + std::to_string(1'000'000 + order_.size()), rejection, now};
    order_.push_back(request.key);
    by_key_[request.key] = settled.payout;
    settled.line = append(render_line(settled.payout));
    line_of_key_[request.key] = settled.line;
    return settled;
}

void ProviderBook::when_durable(std::uint64_t line, std::function<void(bool)> then) {
    bool is_good = false;
    {
        const std::lock_guard lock(mutex_);
        if (!is_broken_ && line > durable_) {
            waiters_.push_back(Waiter{line, std::move(then)});
            return;
        }
        is_good = !is_broken_;
    }
    then(is_good);
}

bool ProviderBook::write_out(const std::string& bytes) const {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t count = ::write(descriptor_, bytes.data() + written, bytes.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        written += static_cast<std::size_t>(count);
    }
    return ::fdatasync(descriptor_) == 0;
}

void ProviderBook::write_groups() {
    std::unique_lock lock(mutex_);
    for (;;) {
        has_work_.wait(lock, [this] { return is_stopping_ || !pending_.empty(); });
        if (pending_.empty()) return;
        const std::string bytes = std::exchange(pending_, {});
        const std::uint64_t last = appended_;
        lock.unlock();
        const bool is_written = write_out(bytes);
        lock.lock();
        if (is_written) durable_ = last;
        is_broken_ = is_broken_ || !is_written;
        const auto is_waiting = [&](const Waiter& waiter) { return !is_broken_ && waiter.line > durable_; };
        const auto ready = std::stable_partition(waiters_.begin(), waiters_.end(), is_waiting);
        std::vector<Waiter> told(std::make_move_iterator(ready), std::make_move_iterator(waiters_.end()));
        waiters_.erase(ready, waiters_.end());
        const bool is_good = !is_broken_;
        lock.unlock();
        for (const Waiter& waiter : told) waiter.then(is_good);
        lock.lock();
    }
}

std::optional<BookedPayout> ProviderBook::find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    return found->second;
}

std::uint64_t ProviderBook::line_of(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = line_of_key_.find(key);
    return found == line_of_key_.end() ? 0 : found->second;
}

std::vector<BookedPayout> ProviderBook::executed() const {
    const std::lock_guard lock(mutex_);
    std::vector<BookedPayout> payouts;
    for (const std::string& key : order_) {
        const BookedPayout& payout = by_key_.at(key);
        if (payout.is_executed) payouts.push_back(payout);
    }
    return payouts;
}

std::vector<Incident> ProviderBook::incidents() const {
    const std::lock_guard lock(mutex_);
    return incidents_;
}

}  // namespace returngate::sandbox
