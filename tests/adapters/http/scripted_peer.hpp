// A peer that answers with raw bytes from a script; for the client's tests.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace returngate::http::testing {

// After one request (its head has come, and what follows at once): send `answer`; then close or go on.
struct Step {
    std::string answer;
    bool closes = true;
};
// One connection. After the last step that does not close, the peer stays silent.
using Script = std::vector<Step>;

class ScriptedPeer {
public:
    explicit ScriptedPeer(std::vector<Script> scripts);
    ~ScriptedPeer();
    ScriptedPeer(const ScriptedPeer&) = delete;
    ScriptedPeer& operator=(const ScriptedPeer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }
    [[nodiscard]] int closed() const { return closed_; }
    [[nodiscard]] std::string received() const;

private:
    void run(const std::vector<Script>& scripts);
    void play(const Script& script, int connection);

    std::uint16_t port_ = 0;  // before listener_, whose making sets it
    int listener_ = -1;
    int stop_ = -1;  // an eventfd that ends every wait
    std::atomic<int> connections_{0};
    std::atomic<int> closed_{0};
    mutable std::mutex mutex_;
    std::string received_;
    std::vector<int> silent_;
    std::thread thread_;
};

// A port of loopback on which nobody listens.
std::uint16_t refusing_port();

}  // namespace returngate::http::testing
