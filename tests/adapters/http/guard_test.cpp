// The guard as a pure function, over the table of raw requests.
#include "adapters/http/guard.hpp"

#include <gtest/gtest.h>

#include "adapters/http/chunked.hpp"
#include "tests/adapters/http/guard_cases.hpp"

namespace returngate::http {
namespace {

constexpr GuardLimits kLimits{};

int judge_body(const ParsedHead& head, std::string_view rest) {
    if (head.framing == Framing::none) return 200;
    if (head.framing == Framing::length) return rest.size() < head.content_length ? 408 : 200;
    ChunkDecoder decoder(kLimits.body_bytes);
    std::string body;
    switch (decoder.feed(rest, body)) {
        case ChunkDecoder::State::done: return 200;
        case ChunkDecoder::State::more: return 408;
        case ChunkDecoder::State::malformed: return 400;
        case ChunkDecoder::State::too_large: return 413;
    }
    return 0;
}

int judge(std::string_view bytes) {
    std::size_t seen = 0;
    const auto end = find_head_end(bytes.substr(0, kLimits.head_bytes), seen, kLimits);
    if (!end) return end.error().status;
    if (*end == 0) return 408;
    const auto head = inspect(bytes.substr(0, *end), kLimits);
    return head ? judge_body(*head, bytes.substr(*end)) : head.error().status;
}

TEST(Guard, GivesEachCaseItsStatus) {
    EXPECT_GE(testing::guard_cases().size(), 200U);
    for (const auto& one : testing::guard_cases()) {
        SCOPED_TRACE(one.name);
        EXPECT_EQ(judge(one.bytes), one.status);
    }
}

TEST(Guard, FindsTheSameEndHoweverTheBytesArrive) {
    for (const auto& one : testing::guard_cases()) {
        SCOPED_TRACE(one.name);
        const std::string_view bytes = std::string_view(one.bytes).substr(0, kLimits.head_bytes);
        std::size_t seen_at_once = 0;
        const auto at_once = find_head_end(bytes, seen_at_once, kLimits);
        std::size_t seen = 0;
        tl::expected<std::size_t, Refusal> piecewise = 0;
        for (std::size_t size = 1; size <= bytes.size() && piecewise && *piecewise == 0; ++size) {
            piecewise = find_head_end(bytes.substr(0, size), seen, kLimits);
        }
        ASSERT_EQ(at_once.has_value(), piecewise.has_value());
        if (at_once) {
            EXPECT_EQ(*at_once, *piecewise);
        } else {
            EXPECT_EQ(at_once.error().code, piecewise.error().code);
        }
    }
}

TEST(Guard, InspectsWithoutRelyingOnTheSearchForTheEnd) {
    const std::string_view heads[] = {
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: b\x80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n",
        "",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET",
        "GET / HTTP/1.1\r\nHost: \tx\r\n\r\n",
    };
    for (const std::string_view head : heads) {
        SCOPED_TRACE(head);
        const auto parsed = inspect(head, kLimits);
        ASSERT_FALSE(parsed.has_value());
        EXPECT_EQ(parsed.error().status, 400);
    }
}

TEST(Guard, HandsOverWhatWasSent) {
    const auto head =
        inspect("POST /a%20b?c=d HTTP/1.1\r\nHost: x:1\r\nContent-Length: 12\r\nX-Name:  two words \r\n\r\n",
                kLimits);
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->request.method, "POST");
    EXPECT_EQ(head->request.target, "/a%20b?c=d");
    EXPECT_EQ(head->request.path(), "/a%20b");
    EXPECT_EQ(head->request.query(), "c=d");
    EXPECT_EQ(head->request.headers.find("x-name"), "two words");
    EXPECT_EQ(head->framing, Framing::length);
    EXPECT_EQ(head->content_length, 12U);
    EXPECT_FALSE(head->wants_close);
}

TEST(Guard, ReadsTheConnectionOptions) {
    const auto closes = [](std::string_view version, std::string_view field) {
        const std::string head =
            "GET / " + std::string(version) + "\r\nHost: x\r\n" + std::string(field) + "\r\n\r\n";
        return inspect(head, kLimits).value().wants_close;
    };
    EXPECT_TRUE(closes("HTTP/1.1", "Connection: close"));
    EXPECT_TRUE(closes("HTTP/1.1", "Connection: keep-alive, Close"));
    EXPECT_TRUE(closes("HTTP/1.1", "Connection: x\r\nConnection: close"));
    EXPECT_FALSE(closes("HTTP/1.1", "Connection: keep-alive"));
    EXPECT_TRUE(closes("HTTP/1.0", "Connection: keep-alive"));
}

TEST(Guard, ExpectsContinueOnlyWithABody) {
    const std::string start = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: ";
    EXPECT_TRUE(inspect(start + "1\r\n\r\n", kLimits).value().expects_continue);
    EXPECT_FALSE(inspect(start + "0\r\n\r\n", kLimits).value().expects_continue);
    const auto old =
        inspect("POST / HTTP/1.0\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", kLimits);
    EXPECT_FALSE(old.value().expects_continue);
}

TEST(Guard, AnswersForItsOwnHostsOnly) {
    const std::vector<std::string> hosts{"gate.example", "[::1]"};
    GuardLimits limits;
    limits.hosts = hosts;
    const auto status = [&](const std::string& host) {
        const auto head = inspect("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", limits);
        return head ? 200 : head.error().status;
    };
    EXPECT_EQ(status("gate.example"), 200);
    EXPECT_EQ(status("Gate.Example:8443"), 200);
    EXPECT_EQ(status("[::1]:80"), 200);
    EXPECT_EQ(status("gate.example.evil"), 421);
    EXPECT_EQ(status("127.0.0.1"), 421);
}

TEST(ChunkDecoder, DecodesTheSameHoweverTheBytesArrive) {
    const std::string good = "4\r\nWiki\r\n9\r\npedia in \r\n7\r\nchunks.\r\n0\r\n\r\nGET";
    for (std::size_t step = 1; step <= good.size(); ++step) {
        ChunkDecoder decoder(100);
        std::string decoded;
        std::size_t used = 0;
        auto state = ChunkDecoder::State::more;
        while (state == ChunkDecoder::State::more && used < good.size()) {
            std::string_view part = std::string_view(good).substr(used, step);
            const std::size_t before = part.size();
            state = decoder.feed(part, decoded);
            used += before - part.size();
        }
        EXPECT_EQ(state, ChunkDecoder::State::done);
        EXPECT_EQ(decoded, "Wikipedia in chunks.");
        EXPECT_EQ(good.substr(used), "GET");
    }
}

}  // namespace
}  // namespace returngate::http
