// A context ends when it is stopped, not when it has nothing to do for a moment.
#include "gateway/io_threads.hpp"

namespace returngate {

IoThreads::IoThreads(int serving) {
    for (int i = 0; i < serving + 1; ++i) {
        contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
        guards_.push_back(boost::asio::make_work_guard(*contexts_.back()));
    }
}

std::vector<boost::asio::io_context*> IoThreads::serving() {
    std::vector<boost::asio::io_context*> all;
    for (const auto& context : contexts_) all.push_back(context.get());
    all.pop_back();
    return all;
}

void IoThreads::start() {
    for (const auto& context : contexts_) threads_.emplace_back([one = context.get()] { one->run(); });
}

void IoThreads::stop() {
    for (const auto& context : contexts_) context->stop();
    threads_.clear();
}

}  // namespace returngate
