// The books in the order of their returns, to be walked side by side. For reconcile.cpp only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "src/reconcile/reconcile.hpp"

namespace returngate::reconcile {

// 128 bits as two numbers: sorting a million of these is faster than sorting the records.
struct Entry {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::uint32_t index = 0;

    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> key() const { return {high, low}; }
    auto operator<=>(const Entry&) const = default;
};

template <class Tag>
[[nodiscard]] Entry entry_of(const Id<Tag>& id, std::size_t index) {
    Entry entry;
    for (std::size_t i = 0; i < 8; ++i) {
        entry.high = entry.high << 8 | id.bytes[i];
        entry.low = entry.low << 8 | id.bytes[8 + i];
    }
    entry.index = static_cast<std::uint32_t>(index);
    return entry;
}

// One book in the order of its returns; `take` hands out the records of the next return.
template <class Record>
class Book {
public:
    explicit Book(std::span<const Record> records) : records_(records) {
        order_.reserve(records.size());
        for (std::size_t i = 0; i < records.size(); ++i) {
            order_.push_back(entry_of(records[i].return_id, i));
        }
        std::ranges::sort(order_);
    }

    [[nodiscard]] const Entry* front() const { return next_ < order_.size() ? &order_[next_] : nullptr; }

    void take(const Entry& wanted, std::vector<const Record*>& into) {
        into.clear();
        while (next_ < order_.size() && order_[next_].key() == wanted.key()) {
            into.push_back(&records_[order_[next_++].index]);
        }
    }

private:
    std::span<const Record> records_;
    std::vector<Entry> order_;
    std::size_t next_ = 0;
};

// Everything the books hold of one return.
struct Group {
    std::vector<const AdvanceRecord*> advances;
    std::vector<const DeliveryRecord*> deliveries;
    std::vector<const ReceiptRecord*> receipts;
    std::vector<const RecoveryRecord*> recoveries;

    [[nodiscard]] ReturnId return_id() const {
        if (!advances.empty()) return advances.front()->return_id;
        if (!deliveries.empty()) return deliveries.front()->return_id;
        return receipts.empty() ? recoveries.front()->return_id : receipts.front()->return_id;
    }
    [[nodiscard]] Fen amount_fen() const {
        if (!advances.empty()) return advances.front()->amount_fen;
        return recoveries.empty() ? 0 : recoveries.front()->amount_fen;
    }
};

// The provider's lines in the order of the advances they pay.
class Payouts {
public:
    explicit Payouts(const std::optional<std::span<const PayoutLine>>& lines) : is_given_(lines.has_value()) {
        if (!is_given_) return;
        lines_ = *lines;
        is_claimed_.assign(lines_.size(), false);
        order_.reserve(lines_.size());
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            const auto id = parse_id<AdvanceTag>(lines_[i].key);
            if (id) order_.push_back(entry_of(*id, i));
        }
        std::ranges::sort(order_);
    }

    [[nodiscard]] bool is_given() const { return is_given_; }

    // The lines that pay this advance, in the file's order.
    [[nodiscard]] std::vector<const PayoutLine*> claim(const AdvanceId& id) {
        const Entry wanted = entry_of(id, 0);
        std::vector<const PayoutLine*> found;
        for (auto at = std::ranges::lower_bound(order_, wanted);
             at != order_.end() && at->key() == wanted.key(); ++at) {
            if (is_claimed_[at->index]) continue;  // an advance that stands in the book twice
            is_claimed_[at->index] = true;
            found.push_back(&lines_[at->index]);
        }
        return found;
    }

    template <class Visit>
    void each_unclaimed(Visit visit) const {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (!is_claimed_[i]) visit(lines_[i]);
        }
    }

private:
    bool is_given_;
    std::span<const PayoutLine> lines_;
    std::vector<Entry> order_;
    std::vector<bool> is_claimed_;
};

}  // namespace returngate::reconcile
