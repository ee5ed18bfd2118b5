// The scripted peer: one thread, one connection after the other.
#include "tests/adapters/http/scripted_peer.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace returngate::http::testing {
namespace {

int bind_loopback(std::uint16_t& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0)
        throw std::runtime_error("bind");
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return listener;
}

// False when the test is over.
bool wait_readable(int descriptor, int stop) {
    std::array<pollfd, 2> waits{{{descriptor, POLLIN, 0}, {stop, POLLIN, 0}}};
    return ::poll(waits.data(), waits.size(), 5000) > 0 && waits[1].revents == 0;
}

}  // namespace

ScriptedPeer::ScriptedPeer(std::vector<Script> scripts)
    : listener_(bind_loopback(port_)), stop_(::eventfd(0, 0)) {
    ::listen(listener_, 16);
    thread_ = std::thread([this, scripts = std::move(scripts)] { run(scripts); });
}

ScriptedPeer::~ScriptedPeer() {
    ::eventfd_write(stop_, 1);
    thread_.join();
    for (const int connection : silent_) ::close(connection);
    ::close(listener_);
    ::close(stop_);
}

std::string ScriptedPeer::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

void ScriptedPeer::run(const std::vector<Script>& scripts) {
    for (const Script& script : scripts) {
        if (!wait_readable(listener_, stop_)) return;
        const int connection = ::accept(listener_, nullptr, nullptr);
        ++connections_;
        play(script, connection);
    }
}

void ScriptedPeer::play(const Script& script, int connection) {
    for (const Step& step : script) {
        if (!wait_readable(connection, stop_)) break;
        std::array<char, 16384> room{};
        const auto got = ::recv(connection, room.data(), room.size(), 0);
        {
            const std::lock_guard lock(mutex_);
            if (got > 0) received_.append(room.data(), static_cast<std::size_t>(got));
        }
        if (::send(connection, step.answer.data(), step.answer.size(), MSG_NOSIGNAL) < 0 || step.closes) {
            ::close(connection);
            ++closed_;
            return;
        }
    }
    silent_.push_back(connection);
}

std::uint16_t refusing_port() {
    std::uint16_t port = 0;
    ::close(bind_loopback(port));
    return port;
}

}  // namespace returngate::http::testing
