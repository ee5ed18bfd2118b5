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

namespace returngate::testing {
namespace {

constexpr int kLookMs = 20;  // for the end, and for another fault
constexpr std::chrono::milliseconds kBetweenBytes{2};

// Closes with a reset, as a crashed peer does.
void reset(int socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(socket);
}

int connect_to(const std::string& path) {
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (made >= 0 && ::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return made;
    if (made >= 0) ::close(made);
    return -1;
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

bool trickle(int socket, std::string_view bytes) {
    for (const char& byte : bytes) {
        if (!send_all(socket, {&byte, 1})) return false;
        std::this_thread::sleep_for(kBetweenBytes);
    }
    return true;
}

}  // namespace

FaultProxy::FaultProxy(std::string server_socket) : server_socket_(std::move(server_socket)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, plain, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, plain, &size) != 0) {
        throw std::runtime_error("the fault proxy cannot listen");
    }
    port_ = ntohs(address.sin_port);
    accepting_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
}

FaultProxy::~FaultProxy() {
    accepting_.request_stop();
    accepting_.join();
    relays_.clear();
    ::close(listener_);
}

void FaultProxy::accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, kLookMs) <= 0) continue;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        const int on = 1;
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        relays_.emplace_back([this, client](const std::stop_token& end) { relay(client, end); });
    }
}

void FaultProxy::relay(int client, const std::stop_token& stop) {
    const int server = fault_ == Fault::refuse ? -1 : connect_to(server_socket_);
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
    if (fault != Fault::garbage) return false;
    std::ranges::fill(bytes, '\xa5');
    return send_all(client, bytes);
}

}  // namespace returngate::testing
