// epoll, one thread: the generator shares its machine with what it measures and must stay small.
#include "tests/bench/load.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <deque>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace returngate::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double ms_between(SteadyClock::time_point from, SteadyClock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

struct Connection {
    int socket = -1;
    bool is_busy = false;
    SteadyClock::time_point started{};
    std::string answer;
};

int connect_to(std::uint16_t port) {
    const int made = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (made < 0 || ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw std::system_error(errno, std::generic_category(), "connect");
    }
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return made;
}

// Whole when the header's Content-Length is there.
bool is_whole(const std::string& answer) {
    const auto head = answer.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    auto at = answer.find("Content-Length: ");
    if (at == std::string::npos || at > head) at = answer.find("content-length: ");
    if (at == std::string::npos || at > head) return true;
    return answer.size() >= head + 4 + std::stoul(answer.substr(at + 16, 10));
}

class Run {
public:
    Run(const LoadPlan& plan, const std::function<std::string()>& next) : plan_(plan), next_(next) {}

    LoadResult go() {
        open();
        const auto begin = SteadyClock::now();
        const auto end = begin + std::chrono::duration_cast<SteadyClock::duration>(
                                     std::chrono::duration<double>(plan_.seconds));
        if (plan_.rate_per_s == 0) {
            for (auto& connection : connections_) send_next(connection, SteadyClock::now());
        }
        auto now = begin;
        while (now < end || busy_ > 0) {
            if (plan_.rate_per_s > 0 && now < end) release_due(begin, now);
            wait(now < end);
            now = SteadyClock::now();
            if (now > end + std::chrono::seconds(10)) break;
            if (is_dry_ && busy_ == 0) break;
        }
        result_.seconds = ms_between(begin, std::min(now, end)) / 1000;
        result_.failed += busy_;
        for (auto& connection : connections_) ::close(connection.socket);
        ::close(epoll_);
        return std::move(result_);
    }

private:
    void open() {
        epoll_ = ::epoll_create1(0);
        connections_.resize(static_cast<std::size_t>(plan_.connections));
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            connections_[i].socket = connect_to(plan_.port);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].socket, &event);
            idle_.push_back(i);
        }
    }

    // Open loop: requests whose intended time has come, as far as connections are free; the others
    // wait and their waiting counts.
    void release_due(SteadyClock::time_point begin, SteadyClock::time_point now) {
        while (!idle_.empty()) {
            const auto intended =
                begin + std::chrono::duration_cast<SteadyClock::duration>(
                            std::chrono::duration<double>(static_cast<double>(released_) / plan_.rate_per_s));
            if (intended > now) return;
            ++released_;
            const auto index = idle_.front();
            idle_.pop_front();
            send_next(connections_[index], intended);
        }
    }

    void send_next(Connection& connection, SteadyClock::time_point intended) {
        const std::string request = next_();
        if (request.empty()) {
            is_dry_ = true;
            return;
        }
        connection.started = intended;
        connection.answer.clear();
        connection.is_busy = true;
        ++busy_;
        std::size_t sent = 0;
        while (sent < request.size()) {
            const auto n =
                ::send(connection.socket, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) throw std::system_error(errno, std::generic_category(), "send");
            sent += static_cast<std::size_t>(n);
        }
    }

    void wait(bool sends_more) {
        std::array<epoll_event, 256> events{};
        const int timeout_ms = plan_.rate_per_s > 0 ? 0 : 100;
        const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                       plan_.rate_per_s > 0 && idle_.empty() ? 1 : timeout_ms);
        for (int i = 0; i < ready; ++i) receive(events[static_cast<std::size_t>(i)].data.u64, sends_more);
        if (ready == 0 && plan_.rate_per_s > 0) ::usleep(50);
    }

    void receive(std::size_t index, bool sends_more) {
        Connection& connection = connections_[index];
        std::array<char, 8192> buffer;
        const auto n = ::recv(connection.socket, buffer.data(), buffer.size(), 0);
        if (n <= 0) throw std::system_error(errno, std::generic_category(), "the server closed a connection");
        connection.answer.append(buffer.data(), static_cast<std::size_t>(n));
        if (!connection.is_busy || !is_whole(connection.answer)) return;
        const auto now = SteadyClock::now();
        const bool good = connection.answer.starts_with(status_line_) &&
                          connection.answer.find(plan_.expect) != std::string::npos;
        good ? ++result_.answered : ++result_.failed;
        if (!good && result_.first_failure.empty()) result_.first_failure = connection.answer;
        result_.latencies_ms.push_back(ms_between(connection.started, now));
        connection.is_busy = false;
        --busy_;
        if (plan_.rate_per_s > 0) {
            idle_.push_back(index);
        } else if (sends_more) {
            send_next(connection, now);
        }
    }

    const LoadPlan& plan_;
    const std::function<std::string()>& next_;
    const std::string status_line_ = "HTTP/1.1 " + std::to_string(plan_.status);
    LoadResult result_;
    std::vector<Connection> connections_;
    std::deque<std::size_t> idle_;
    int epoll_ = -1;
    std::int64_t released_ = 0;
    std::int64_t busy_ = 0;
    bool is_dry_ = false;
};

}  // namespace

double LoadResult::percentile_ms(double share) const {
    if (latencies_ms.empty()) return 0;
    auto sorted = latencies_ms;
    const auto at =
        std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())));
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted.end());
    return sorted[at];
}

LoadResult run_load(const LoadPlan& plan, const std::function<std::string()>& next) {
    return Run(plan, next).go();
}

}  // namespace returngate::bench
