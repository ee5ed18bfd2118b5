// The payment provider's own book: an append-only file, synced before anybody is told.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "src/base/money.hpp"
#include "src/base/time.hpp"

namespace returngate::sandbox {

struct PayoutRequest {
    std::string key;
    std::string payee_reference;
    Fen amount_fen = 0;
    bool operator==(const PayoutRequest&) const = default;
};
struct BookedPayout {
    PayoutRequest request;
    bool is_executed = true;  // false: rejected for good
    std::string reference;    // the provider's own number
    std::string reason;       // of a rejection
    Instant at{};
};
// The same key with another payee or amount: the caller's bug, and never paid.
struct Incident {
    PayoutRequest request;
    Instant at{};
};

// Thread-safe. Lines are written and synced in groups by a thread of its own.
class ProviderBook {
public:
    // Reads what is there; a line that a crash cut short was told to nobody and is dropped.
    // Throws std::runtime_error when the file cannot be used.
    explicit ProviderBook(std::filesystem::path file);
    ~ProviderBook();
    ProviderBook(const ProviderBook&) = delete;
    ProviderBook& operator=(const ProviderBook&) = delete;

    struct Settled {
        bool is_conflict = false;
        BookedPayout payout;     // the one that the key stands for
        std::uint64_t line = 0;  // to wait for
        bool is_first = false;   // executed by this very call
    };
    // Executes (or, with a reason, rejects) once per key.
    [[nodiscard]] Settled settle(const PayoutRequest& request, const std::string& rejection, Instant now);
    // `then` is called once the line is on disk (true) or cannot be written (false), from the book's
    // thread or at once.
    void when_durable(std::uint64_t line, std::function<void(bool)> then);

    [[nodiscard]] std::optional<BookedPayout> find(const std::string& key) const;
    // The line that a key stands on; 0 when it was there before this run, or is not known.
    [[nodiscard]] std::uint64_t line_of(const std::string& key) const;
    [[nodiscard]] std::vector<BookedPayout> executed() const;  // in the order of execution
    [[nodiscard]] std::vector<Incident> incidents() const;

private:
    struct Waiter {
        std::uint64_t line;
        std::function<void(bool)> then;
    };
    void load();
    void read_line(const std::string& line);
    [[nodiscard]] std::uint64_t append(std::string line);
    void write_groups();
    [[nodiscard]] bool write_out(const std::string& bytes) const;

    std::filesystem::path file_;
    int descriptor_ = -1;
    mutable std::mutex mutex_;
    std::condition_variable has_work_;
    std::unordered_map<std::string, BookedPayout> by_key_;
    std::unordered_map<std::string, std::uint64_t> line_of_key_;
    std::vector<std::string> order_;
    std::vector<Incident> incidents_;
    std::string pending_;
    std::uint64_t appended_ = 0;
    std::uint64_t durable_ = 0;
    std::vector<Waiter> waiters_;
    bool is_broken_ = false;
    bool is_stopping_ = false;
    std::thread writer_;
};

}  // namespace returngate::sandbox
