// poll() over two sockets, and what each fault does to the bytes between them.
#include "tests/faults/fault_proxy.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include "tests/support/plain_http.hpp"

namespace returngate::testing {
namespace {

constexpr int kLookMs = 20;  // for the end, and for another fault
constexpr std::chrono::milliseconds kBetweenBytes{2};
constexpr std::int64_t kHugeBytes = 500'000'000;
constexpr std::string_view kHugeHead = "HTTP/1.1 200 OK\r\nContent-Length: 500000000\r\n\r\n";
constexpr std::string_view kEndlessHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// Closes with a reset, as a crashed peer does.
void reset(int socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket);
}

void send_at_once(int socket) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

template <class Address>
int connect_to(const Address& address, int family) {
    const int made = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made >= 0 && ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return made;
    if (made >= 0) ::close(made);
    return -1;
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

sockaddr_in address_of(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

int listen_at(std::uint16_t port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = address_of(port);
    const int on = 1;
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (made >= 0 && ::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::listen(made, 64) == 0)
        return made;
    throw std::runtime_error("the fault proxy cannot listen on port " + std::to_string(port));
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

// Empty: the other side is gone.
std::string receive(int socket) {
    std::string bytes(16'384, '\0');
    const auto got = ::recv(socket, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

}  // namespace

FaultProxy::FaultProxy(const std::string& server_socket)
    : FaultProxy([address = address_of(server_socket)] { return connect_to(address, AF_UNIX); }) {}

FaultProxy::FaultProxy(std::uint16_t server_port)
    : FaultProxy([address = address_of(server_port)] {
          const int made = connect_to(address, AF_INET);
          if (made >= 0) send_at_once(made);
          return made;
      }) {}

FaultProxy::FaultProxy(std::function<int()> reach_server)
    : reach_server_(std::move(reach_server)), port_(free_port()), listener_(listen_at(port_)) {
    accepting_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
}

FaultProxy::~FaultProxy() {
    accepting_.request_stop();
    accepting_.join();
    relays_.clear();
    if (listener_ >= 0) ::close(listener_);
}

// What waits to be accepted is reset by the close.
void FaultProxy::listen_or_not() {
    const bool refuses = fault_ == Fault::refuse;
    if (refuses && listener_ >= 0) ::close(std::exchange(listener_, -1));
    if (!refuses && listener_ < 0) listener_ = listen_at(port_);
}

void FaultProxy::accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        listen_or_not();
        pollfd waiting{listener_, POLLIN, 0};  // of no descriptor: only the time passes
        if (::poll(&waiting, 1, kLookMs) <= 0) continue;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        send_at_once(client);
        relays_.emplace_back([this, client](const std::stop_token& end) { relay(client, end); });
    }
}

void FaultProxy::relay(int client, const std::stop_token& stop) {
    const int server = fault_ == Fault::refuse ? -1 : reach_server_();
    bool is_open = server >= 0;
    while (is_open && !stop.stop_requested()) {
        if (fault_ == Fault::refuse) break;
        if (fault_ == Fault::hang) {
            std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs));
            continue;
        }
        std::array<pollfd, 2> ready{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (::poll(ready.data(), ready.size(), kLookMs) <= 0) continue;
        if (ready[0].revents != 0) is_open = pass_request(client, server);
        if (is_open && ready[1].revents != 0) is_open = pass_reply(client, server);
    }
    reset(client);
    if (server >= 0) ::close(server);
}

bool FaultProxy::pass_request(int client, int server) {
    const std::string bytes = receive(client);
    if (bytes.empty()) return false;
    if (fault_ != Fault::lose_request) return send_all(server, bytes);
    ++hits_;
    return false;
}

bool FaultProxy::pass_reply(int client, int server) {
    std::string bytes = receive(server);
    if (bytes.empty()) return false;
    const Fault fault = fault_;
    if (fault == Fault::none || fault == Fault::lose_request) return send_all(client, bytes);
    ++hits_;
    if (fault == Fault::trickle) return trickle(client, bytes);
    if (fault == Fault::huge_body) pour(client, kHugeHead, std::string(64'000, 'x'));
    if (fault == Fault::endless_body)
        pour(client, kEndlessHead, "fa00\r\n" + std::string(64'000, 'x') + "\r\n");
    if (fault != Fault::garbage) return false;
    std::ranges::fill(bytes, '\xa5');
    return send_all(client, bytes);
}

// The rest at once when the fault is over.
bool FaultProxy::trickle(int client, std::string_view bytes) {
    while (!bytes.empty() && fault_ == Fault::trickle) {
        if (!send_all(client, bytes.substr(0, 1))) return false;
        bytes.remove_prefix(1);
        std::this_thread::sleep_for(kBetweenBytes);
    }
    return send_all(client, bytes);
}

// Until the client has enough of it.
void FaultProxy::pour(int client, std::string_view head, std::string_view piece) {
    std::int64_t poured = 0;
    bool is_open = send_all(client, head);
    while (is_open && poured < kHugeBytes) {
        is_open = send_all(client, piece);
        if (is_open) poured += static_cast<std::int64_t>(piece.size());
    }
    if (poured > most_poured_) most_poured_ = poured;
}

}  // namespace returngate::testing
