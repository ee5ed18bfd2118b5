// Sockets, and as much of HTTP/1.1 as our servers answer with.
#include "tests/support/plain_http.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace returngate::testing {
namespace {

using Time = std::chrono::steady_clock::time_point;

class Socket {
public:
    Socket() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~Socket() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

sockaddr_in address_of(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool wait_until(int descriptor, short event, Time deadline) {
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd entry{descriptor, event, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(left.count()));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

bool connect_to(int descriptor, std::uint16_t port, Time deadline) {
    const sockaddr_in address = address_of(port);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    if (errno != EINPROGRESS || !wait_until(descriptor, POLLOUT, deadline)) return false;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

std::string render(const PlainRequest& request) {
    std::string text = request.method + " " + request.target +
                       " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(request.port) +
                       "\r\nConnection: close\r\n";
    for (const auto& [name, value] : request.headers)
        text.append(name).append(": ").append(value).append("\r\n");
    const bool takes_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (takes_body || !request.body.empty()) {
        text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    return text + "\r\n" + request.body;
}

bool send_all(int descriptor, std::string_view bytes, Time deadline, bool& was_sent) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) {
            was_sent = true;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno != EINTR && (errno != EAGAIN || !wait_until(descriptor, POLLOUT, deadline))) {
            return false;
        }
    }
    return true;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

// Whether `bytes` hold a whole answer, which is then in `answer`.
bool read_answer(std::string_view bytes, PlainAnswer& answer) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == bytes.npos || !bytes.starts_with("HTTP/1.1 ")) return false;
    int status = 0;
    std::from_chars(bytes.data() + 9, bytes.data() + 12, status);
    std::string_view head = bytes.substr(0, end + 2);
    head.remove_prefix(head.find("\r\n") + 2);
    answer.headers.clear();
    while (!head.empty()) {
        const std::size_t line_end = head.find("\r\n");
        const std::string_view line = head.substr(0, line_end);
        head.remove_prefix(line_end + 2);
        const std::size_t colon = std::min(line.find(": "), line.size());
        answer.headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
    }
    std::size_t length = 0;
    const std::string_view text = answer.header("Content-Length");
    std::from_chars(text.data(), text.data() + text.size(), length);
    if (bytes.size() < end + 4 + length) return false;
    answer.body = bytes.substr(end + 4, length);
    answer.status = status;
    return true;
}

}  // namespace

std::string_view PlainAnswer::header(std::string_view name) const {
    for (const auto& [known, value] : headers) {
        if (equal_ignoring_case(known, name)) return value;
    }
    return {};
}

PlainAnswer send_plain(const PlainRequest& request, std::chrono::milliseconds patience) {
    const Time deadline = std::chrono::steady_clock::now() + patience;
    PlainAnswer answer;
    const Socket socket;
    if (!connect_to(socket.descriptor(), request.port, deadline)) return answer;
    const int on = 1;
    ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!send_all(socket.descriptor(), render(request), deadline, answer.was_sent)) return answer;
    std::string bytes;
    char buffer[16384];
    while (!read_answer(bytes, answer)) {
        const ssize_t count = ::recv(socket.descriptor(), buffer, sizeof buffer, 0);
        if (count > 0) {
            bytes.append(buffer, static_cast<std::size_t>(count));
            continue;
        }
        const bool was_interrupted = count < 0 && errno == EINTR;
        const bool has_to_wait = count < 0 && errno == EAGAIN;
        if (was_interrupted || (has_to_wait && wait_until(socket.descriptor(), POLLIN, deadline))) continue;
        break;
    }
    return answer;
}

std::uint16_t free_port() {
    std::random_device random;
    for (int attempt = 0; attempt < 200; ++attempt) {
        const auto port = static_cast<std::uint16_t>(12'000 + random() % 20'000);
        const Socket socket;
        const sockaddr_in address = address_of(port);
        if (::bind(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
            return port;
    }
    throw std::runtime_error("no free port below 32000");
}

}  // namespace returngate::testing
