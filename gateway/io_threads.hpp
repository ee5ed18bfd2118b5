// The gateway's io_contexts, each with a thread of its own: some for the server, one for webhooks.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace returngate {

// Outlives whatever runs on its contexts, and is stopped before that goes.
class IoThreads {
public:
    explicit IoThreads(int serving);
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    [[nodiscard]] std::vector<boost::asio::io_context*> serving();
    [[nodiscard]] boost::asio::io_context& outgoing() { return *contexts_.back(); }
    void start();
    // Whatever is under way there never goes on. Returns when no thread runs any more.
    void stop();

private:
    using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;  // the last one is outgoing
    std::vector<Guard> guards_;
    std::vector<std::jthread> threads_;
};

}  // namespace returngate
