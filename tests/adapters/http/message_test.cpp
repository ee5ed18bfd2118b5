// Header look-up, targets, forms, URLs.
#include "adapters/http/message.hpp"

#include <gtest/gtest.h>

#include "adapters/http/destination.hpp"
#include "adapters/http/form.hpp"
#include "adapters/http/wire.hpp"

namespace returngate::http {
namespace {

using namespace std::string_literals;

TEST(Headers, AreFoundWhateverTheirCase) {
    Headers headers;
    headers.set("Content-Type", "text/plain");
    EXPECT_EQ(headers.find("content-type"), "text/plain");
    EXPECT_EQ(headers.find("content-typ"), std::nullopt);
    headers.set("CONTENT-TYPE", "a/b");
    EXPECT_EQ(headers.fields.size(), 1U);
    EXPECT_EQ(headers.find("Content-Type"), "a/b");
}

TEST(Request, SplitsItsTargetAtTheFirstQuestionMark) {
    Request request;
    request.target = "/a?b?c";
    EXPECT_EQ(request.path(), "/a");
    EXPECT_EQ(request.query(), "b?c");
    request.target = "/a";
    EXPECT_EQ(request.path(), "/a");
    EXPECT_EQ(request.query(), "");
}

TEST(Form, KeepsOrderAndRepeats) {
    const auto pairs = parse_form("b=1&a=x+y%2B&b=%E4%B8%AD&empty=&bare");
    const FormPairs expected{{"b", "1"}, {"a", "x y+"}, {"b", "\xe4\xb8\xad"}, {"empty", ""}, {"bare", ""}};
    ASSERT_TRUE(pairs.has_value());
    EXPECT_EQ(*pairs, expected);
    EXPECT_EQ(parse_form("").value(), FormPairs());
    EXPECT_EQ(parse_form("a=b=c").value(), (FormPairs{{"a", "b=c"}}));
}

TEST(Form, RefusesWhatCanBeReadInTwoWays) {
    for (const auto& text : {"a=%"s, "a=%4"s, "a=%zz"s, "a=%00"s, "a=\0b"s, "a=%1f"s, "a=%7F"s, "=b"s,
                             "a=1&&b=2"s, "&"s, "a&"s}) {
        SCOPED_TRACE(text);
        const auto pairs = parse_form(text);
        ASSERT_FALSE(pairs.has_value());
        EXPECT_EQ(pairs.error().kind, ErrorKind::invalid);
    }
    EXPECT_FALSE(parse_form("a=1&b=2&c=3", 2).has_value());
    EXPECT_TRUE(parse_form("a=1&b=2", 2).has_value());
}

TEST(Form, GivesAValueOnlyWhenThereIsOne) {
    const FormPairs pairs{{"sign", "x"}, {"data", "1"}, {"data", "2"}};
    EXPECT_EQ(form_value(pairs, "sign").value(), "x");
    EXPECT_EQ(form_value(pairs, "data").error().code, "repeated_field");
    EXPECT_EQ(form_value(pairs, "time").error().code, "missing_field");
}

// Expected text from Python 3.11: urllib.parse.quote_plus(text, safe="*-._") and quote(text, safe="").
TEST(Form, EncodesAsJavaAndPythonDo) {
    const std::string text = "a b*-._~+&=/%\xe4\xb8\xad\xe5\x9b\xbd'";
    EXPECT_EQ(encode_form_component(text), "a+b*-._%7E%2B%26%3D%2F%25%E4%B8%AD%E5%9B%BD%27");
    EXPECT_EQ(percent_encode(text), "a%20b%2A-._~%2B%26%3D%2F%25%E4%B8%AD%E5%9B%BD%27");
    EXPECT_EQ(encode_form({{"a", "1 2"}, {"b&", ""}}), "a=1+2&b%26=");
}

TEST(Form, DecodesWhatItEncodes) {
    std::string every_byte;
    for (int c = 0x20; c < 0x100; ++c) {
        if (c != 0x7f) every_byte.push_back(static_cast<char>(c));
    }
    EXPECT_EQ(percent_decode(percent_encode(every_byte)).value(), every_byte);
    const FormPairs pairs{{"k", every_byte}, {every_byte, ""}};
    EXPECT_EQ(parse_form(encode_form(pairs)).value(), pairs);
}

TEST(Url, IsSplitIntoOriginAndTarget) {
    struct Row {
        const char* text;
        Origin origin;
        const char* target;
    };
    const Row rows[] = {
        {"https://Api.Example.com", {"https", "api.example.com", "443"}, "/"},
        {"http://127.0.0.1:8080/std/service?x=1", {"http", "127.0.0.1", "8080"}, "/std/service?x=1"},
        {"HTTP://a?b", {"http", "a", "80"}, "/?b"},
        {"https://[::1]:8443/x", {"https", "::1", "8443"}, "/x"},
        {"https://[::1]/x", {"https", "::1", "443"}, "/x"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.text);
        const auto url = parse_url(row.text);
        ASSERT_TRUE(url.has_value());
        EXPECT_EQ(url->origin, row.origin);
        EXPECT_EQ(url->target, row.target);
    }
}

TEST(Destination, IsTheTargetsOwnHostWhereThatIsAWholeUrl) {
    Request request;
    request.target = "/path?a=b";
    EXPECT_EQ(take_origin(request, "https://courier.example/root")->host, "courier.example");
    EXPECT_EQ(request.target, "/path?a=b");
    request.target = "http://questions.example:8080/query?a=b";
    const auto origin = take_origin(request, "https://courier.example").value();
    EXPECT_EQ(host_field(origin), "questions.example:8080");
    EXPECT_EQ(request.target, "/query?a=b");
    request.target = "query";
    EXPECT_FALSE(take_origin(request, "https://courier.example"));
    request.target = "/path";
    EXPECT_FALSE(take_origin(request, "courier.example"));
}

TEST(Url, RefusesWhatIsNoPlainHttpUrl) {
    for (const char* text :
         {"", "example.com", "ftp://a/", "http://", "http:///x", "http://a:/", "http://a:0/",
          "http://a:65536/", "http://a:8x/", "http://user@a/", "http://a b/", "http://a/ b",
          "http://a/\r\nX: y", "http://a/#b", "http://[::1", "http://[]/", "http://[::1]x/"}) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(parse_url(text).has_value());
    }
}

TEST(Wire, SendsNoFieldWithALineBreak) {
    EXPECT_TRUE(is_sendable_field("X-A", "caf\xc3\xa9 b"));
    EXPECT_FALSE(is_sendable_field("X-A", "a\r\nSet-Cookie: b"));
    EXPECT_FALSE(is_sendable_field("X-A", "a\nb"));
    EXPECT_FALSE(is_sendable_field("X-A", "a\0b"s));
    EXPECT_FALSE(is_sendable_field("X A", "b"));
    EXPECT_FALSE(is_sendable_field("", "b"));
}

TEST(Wire, WritesTheHeadWithItsOwnFraming) {
    Response response;
    response.status = 404;
    response.headers.set("Content-Length", "99");
    response.headers.set("X-A", "b");
    response.body = "abc";
    std::string out;
    ASSERT_TRUE(append_response_head(out, response, true));
    EXPECT_EQ(out, "HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
    response.status = 204;
    out.clear();
    ASSERT_TRUE(append_response_head(out, response, false));
    EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n");
    response.status = 100;
    EXPECT_FALSE(append_response_head(out, response, false));
}

}  // namespace
}  // namespace returngate::http
