// POSIX sockets with a limit on every wait.
#include "tests/adapters/http/raw_socket.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace returngate::http::testing {
namespace {

// The answer at the start of `bytes` and its length; 0 when it is not whole.
std::size_t cut_answer(std::string_view bytes, bool to_head, RawAnswer& answer) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == bytes.npos || !bytes.starts_with("HTTP/1.1 ")) return 0;
    answer.status = std::stoi(std::string(bytes.substr(9, 3)));
    answer.head = bytes.substr(0, end + 4);
    const auto field = answer.head.find("\r\nContent-Length: ");
    const std::size_t length =
        field == std::string::npos || to_head ? 0 : std::stoul(answer.head.substr(field + 18));
    if (bytes.size() < end + 4 + length) return 0;
    answer.body = bytes.substr(end + 4, length);
    return end + 4 + length;
}

}  // namespace

RawSocket::RawSocket(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(descriptor_);
        throw std::runtime_error("connect failed");
    }
}

RawSocket::~RawSocket() {
    ::close(descriptor_);
}

bool RawSocket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawSocket::finish_sending() {
    ::shutdown(descriptor_, SHUT_WR);
}

void RawSocket::reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(descriptor_);
    descriptor_ = -1;
}

int RawSocket::fill(std::chrono::steady_clock::time_point until) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wait{descriptor_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) return -1;
    std::array<char, 16384> room{};
    const auto got = ::recv(descriptor_, room.data(), room.size(), 0);
    if (got > 0) pending_.append(room.data(), static_cast<std::size_t>(got));
    return got > 0 ? 1 : 0;
}

std::optional<std::string> RawSocket::read_to_end(std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    int state = 1;
    while (state > 0) state = fill(until);
    if (state < 0) return std::nullopt;
    return std::exchange(pending_, std::string());
}

std::optional<RawAnswer> RawSocket::read_answer(std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    RawAnswer answer;
    while (true) {
        if (const std::size_t size = cut_answer(pending_, false, answer); size > 0) {
            pending_.erase(0, size);
            return answer;
        }
        if (fill(until) <= 0) return std::nullopt;
    }
}

std::optional<std::string> RawSocket::read_until(std::string_view end, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (true) {
        if (const auto at = pending_.find(end); at != std::string::npos) {
            std::string read = pending_.substr(0, at + end.size());
            pending_.erase(0, at + end.size());
            return read;
        }
        if (fill(until) <= 0) return std::nullopt;
    }
}

std::optional<std::vector<RawAnswer>> split_answers(std::string_view bytes, bool to_head) {
    std::vector<RawAnswer> answers;
    while (!bytes.empty()) {
        RawAnswer answer;
        const std::size_t size = cut_answer(bytes, to_head, answer);
        if (size == 0) return std::nullopt;
        bytes.remove_prefix(size);
        answers.push_back(std::move(answer));
    }
    return answers;
}

}  // namespace returngate::http::testing
