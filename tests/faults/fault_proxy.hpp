// A relay of bytes between a client and a server that fails as links fail, on command.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace returngate::testing {

enum class Fault : std::uint8_t {
    none,
    refuse,        // nobody listens; open connections are reset
    hang,          // nothing passes, nothing is closed
    lose_request,  // what the client says is swallowed, and the connection closed
    lose_reply,    // the server gets it and acts; its answer is swallowed, and the connection closed
    trickle,       // answers come byte by byte
    garbage,       // answers are other bytes than were sent
    huge_body,     // HTTP: an answer that announces 500 MB, and sends them
    endless_body,  // HTTP: an answer in chunks without a last one
};

// Listens on a port of the loopback for the server behind a UNIX socket, or at another port. One thread a
// connection.
class FaultProxy {
public:
    explicit FaultProxy(const std::string& server_socket);
    explicit FaultProxy(std::uint16_t server_port);
    ~FaultProxy();  // resets what is open
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // From now on, for the connections that are open as well. Any thread.
    void set(Fault fault) { fault_ = fault; }
    // How often a fault has hit a connection that was in use.
    [[nodiscard]] int hits() const { return hits_; }
    // The most bytes of one body that its client has let come.
    [[nodiscard]] std::int64_t most_poured() const { return most_poured_; }

private:
    explicit FaultProxy(std::function<int()> reach_server);
    void listen_or_not();
    void accept_all(const std::stop_token& stop);
    void relay(int client, const std::stop_token& stop);
    [[nodiscard]] bool pass_request(int client, int server);
    [[nodiscard]] bool pass_reply(int client, int server);
    bool trickle(int client, std::string_view bytes);
    void pour(int client, std::string_view head, std::string_view piece);

    std::function<int()> reach_server_;  // a connected socket, or −1
    std::uint16_t port_ = 0;
    int listener_ = -1;  // of the accepting thread; −1: refusing
    std::atomic<Fault> fault_{Fault::none};
    std::atomic<int> hits_{0};
    std::atomic<std::int64_t> most_poured_{0};
    std::vector<std::jthread> relays_;  // of the accepting thread
    std::jthread accepting_;
};

}  // namespace returngate::testing
