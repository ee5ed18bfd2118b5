// Requests out of files: what people and tests write down is read, what is ambiguous is not.
#include "gateway/commands/raw_request.hpp"

#include <gtest/gtest.h>

namespace returngate::commands {
namespace {

TEST(RawRequest, IsReadToTheByte) {
    const auto request = parse_raw_request(
        "POST /callbacks?reference=RG01 HTTP/1.1\r\nHost: a\r\nX-Sign:  x y \r\nContent-Length: "
        "5\r\n\r\na=1\r\n");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->method, "POST");
    EXPECT_EQ(request->target, "/callbacks?reference=RG01");
    EXPECT_EQ(request->headers.find("x-sign"), "x y");
    EXPECT_EQ(request->body, "a=1\r\n");
}

TEST(RawRequest, MayEndItsLinesWithABareLineFeedAndNameNoHost) {
    const auto request = parse_raw_request("POST /cb HTTP/1.1\nContent-Type: text/plain\n\nbody\n");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->headers.find("Content-Type"), "text/plain");
    EXPECT_EQ(request->body, "body\n") << "without a length the body is all that follows";
}

TEST(RawRequest, TakesEveryFormOfTarget) {
    for (const std::string_view target : {"/cb?x=1", "cb?x=1", "https://gateway.example:8443/cb?x=1"}) {
        const auto request = parse_raw_request("POST " + std::string(target) + " HTTP/1.0\n\n");
        ASSERT_TRUE(request) << target << request.error().message;
        EXPECT_EQ(request->target, "/cb?x=1") << target;
    }
}

TEST(RawRequest, DecodesAChunkedBody) {
    const auto request = parse_raw_request(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->body, "abcde");
}

TEST(RawRequest, ForgivesAnEditorsLineEndAfterTheBody) {
    const auto request = parse_raw_request("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc\n");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->body, "abc");
}

TEST(RawRequest, IsRefusedWhereItCouldBeReadTwoWays) {
    for (const std::string_view bytes :
         {"", "hello", "{\"a\":1}\n", "POST /\n\n", "POST /a b HTTP/1.1\n\n", "POST / HTTP/2\n\n",
          "POST / HTTP/1.1\n", "POST / HTTP/1.1\nno colon\n\n", "POST / HTTP/1.1\nA: b\n folded\n\n",
          "POST / HTTP/1.1\nContent-Length: 4\n\nabc", "POST / HTTP/1.1\nContent-Length: 2\n\nabc",
          "POST / HTTP/1.1\nContent-Length: +3\n\nabc",
          "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\r\nabc"}) {
        const auto request = parse_raw_request(bytes);
        ASSERT_FALSE(request) << bytes;
        EXPECT_EQ(request.error().kind, ErrorKind::invalid);
    }
}

TEST(RawRequest, IsWrittenAsOurClientSendsIt) {
    http::Request request;
    request.method = "POST";
    request.target = "/std/service";
    request.headers.set("Content-Type", "text/plain");
    request.body = "abc";
    EXPECT_EQ(render_raw_request(request, "https://courier.example:443/other"),
              "POST /std/service HTTP/1.1\r\nHost: courier.example\r\nContent-Type: text/plain\r\n"
              "Content-Length: 3\r\n\r\nabc");
    EXPECT_EQ(render_raw_request(request, "http://127.0.0.1:8090")->substr(0, 50),
              "POST /std/service HTTP/1.1\r\nHost: 127.0.0.1:8090\r\n");
    EXPECT_FALSE(render_raw_request(request, "courier.example"));
    request.target = "/a b";
    EXPECT_FALSE(render_raw_request(request, "https://courier.example"));
}

}  // namespace
}  // namespace returngate::commands
