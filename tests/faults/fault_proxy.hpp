// A relay of bytes between a client and a server that fails as links fail, on command.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace returngate::testing {

enum class Fault : std::uint8_t {
    none,
    refuse,        // every connection is reset, open ones too
    hang,          // nothing passes, nothing is closed
    lose_request,  // what the client says is swallowed, and the connection closed
    lose_reply,    // the server gets it and acts; its answer is swallowed, and the connection closed
    trickle,       // answers come byte by byte
    garbage,       // answers are other bytes than were sent
};

// Listens on a port of the loopback for the server behind a UNIX socket. One thread a connection.
class FaultProxy {
public:
    explicit FaultProxy(std::string server_socket);
    ~FaultProxy();  // resets what is open
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // From now on, for the connections that are open as well. Any thread.
    void set(Fault fault) { fault_ = fault; }
    // How often a fault has hit a connection that was in use.
    [[nodiscard]] int hits() const { return hits_; }

private:
    void accept_all(const std::stop_token& stop);
    void relay(int client, const std::stop_token& stop);
    [[nodiscard]] bool pass_request(int client, int server);
    [[nodiscard]] bool pass_reply(int client, int server);

    std::string server_socket_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<Fault> fault_{Fault::none};
    std::atomic<int> hits_{0};
    std::vector<std::jthread> relays_;  // of the accepting thread
    std::jthread accepting_;
};

}  // namespace returngate::testing
