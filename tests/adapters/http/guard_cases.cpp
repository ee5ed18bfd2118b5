// The table. Sources: RFC 9110, 9112, 3986; the smuggling primitives that Beast 1.81 let through
// (boostorg/beast pull requests 3096 and 3098); the case list of Http11Probe.
#include "tests/adapters/http/guard_cases.hpp"

#include <string_view>

namespace returngate::http::testing {
namespace {

using namespace std::string_literals;

const std::string kHost = "Host: gate.example\r\n";
const std::string kEnd = "\r\n";

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\n" + kHost + kEnd;
}
std::string with(const std::string& fields) {
    return "GET /x HTTP/1.1\r\n" + kHost + fields + kEnd;
}
std::string post(const std::string& fields, const std::string& body) {
    return "POST /x HTTP/1.1\r\n" + kHost + fields + kEnd + body;
}
std::string chunked(const std::string& body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}
std::string line(const std::string& request_line) {
    return request_line + "\r\n" + kHost + kEnd;
}
std::string method(const std::string& name) {
    return line(name + " /x HTTP/1.1");
}
std::string host(const std::string& value) {
    return "GET /x HTTP/1.1\r\nHost:" + value + "\r\n\r\n";
}

std::string many_fields(int count) {
    std::string fields;
    for (int i = 0; i < count; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
    return fields;
}

void add_framing(std::vector<GuardCase>& cases) {
    const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
    const std::vector<GuardCase> framing{
        {"length then chunked", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
         400},
        {"chunked then length", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"),
         400},
        {"gzip then length", post("Transfer-Encoding: gzip\r\nContent-Length: 3\r\n", "abc"), 400},
        {"identity then length", post("Transfer-Encoding: identity\r\nContent-Length: 3\r\n", "abc"), 400},
        {"xchunked then length", post("Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n", "abc"), 400},
        {"chunked, identity then length",
         post("Transfer-Encoding: chunked, identity\r\nContent-Length: 3\r\n", "abc"), 400},
        {"gzip alone", post("Transfer-Encoding: gzip\r\n", hidden), 501},
        {"identity alone", post("Transfer-Encoding: identity\r\n", hidden), 501},
        {"xchunked alone", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
        {"chunked twice in a line", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n" + hidden),
         400},
        {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
        {"chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501},
        {"two encoding lines",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        {"two different encoding lines",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"), 400},
        {"chunked with parameter", post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n"), 400},
        {"chunked with parameter and length",
         post("Transfer-Encoding: chunked;a=b\r\nContent-Length: 3\r\n", "abc"), 400},
        {"chunked in quotes", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 400},
        {"chunked with comma", post("Transfer-Encoding: chunked,\r\n", "0\r\n\r\n"), 400},
        {"empty encoding", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 400},
        {"encoding with tab", post("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n"), 400},
        {"encoding with trailing tab", post("Transfer-Encoding: chunked\t\r\n", "0\r\n\r\n"), 400},
        {"encoding folded", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 400},
        {"encoding with vertical tab", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"), 400},
        {"encoding with space before colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
        {"encoding with form feed", post("Transfer-Encoding: \fchunked\r\n", "0\r\n\r\n"), 400},
        {"encoding with NUL", post("Transfer-Encoding: chunked\0\r\n"s, "0\r\n\r\n"), 400},
        {"encoding with byte above 0x7f", post("Transfer-Encoding: chunked\xff\r\n", "0\r\n\r\n"), 400},
        {"encoding after a comma", post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n"), 400},
        {"encoding without colon", post("Transfer-Encoding chunked\r\n", "0\r\n\r\n"), 400},
        {"encoding split by a bare CR", post("X-A: b\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        {"encoding by underscore", post("Transfer_Encoding: chunked\r\nContent-Length: 0\r\n", ""), 400},
        {"length by underscore", post("Content_Length: 3\r\n", "abc"), 400},
        {"chunked on HTTP/1.0",
         "POST /x HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"chunked on GET", with("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
        {"length twice, equal", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400},
        {"length twice, different", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400},
        {"length as equal list", post("Content-Length: 3, 3\r\n", "abc"), 400},
        {"length with leading zeros", post("Content-Length: 003\r\n", "abc"), 400},
        {"length with plus", post("Content-Length: +3\r\n", "abc"), 400},
        {"length negative", post("Content-Length: -1\r\n", ""), 400},
        {"length hexadecimal", post("Content-Length: 0x3\r\n", "abc"), 400},
        {"length with letter", post("Content-Length: 3a\r\n", "abc"), 400},
        {"length with inner space", post("Content-Length: 3 4\r\n", "abc"), 400},
        {"length with point", post("Content-Length: 3.0\r\n", "abc"), 400},
        {"length with underscore", post("Content-Length: 1_0\r\n", "0123456789"), 400},
        {"length in quotes", post("Content-Length: \"3\"\r\n", "abc"), 400},
        {"length with parameter", post("Content-Length: 3;a=b\r\n", "abc"), 400},
        {"length with exponent", post("Content-Length: 3e0\r\n", "abc"), 400},
        {"length with trailing comma", post("Content-Length: 3,\r\n", "abc"), 400},
        {"length with tab", post("Content-Length:\t3\r\n", "abc"), 400},
        {"length folded", post("Content-Length:\r\n 3\r\n", "abc"), 400},
        {"length with NUL", post("Content-Length: 3\0\r\n"s, "abc"), 400},
        {"length with space before colon", post("Content-Length : 3\r\n", "abc"), 400},
        {"length in names of either case", post("content-length: 3\r\nCONTENT-LENGTH: 4\r\n", "abcd"), 400},
        {"length empty", post("Content-Length:\r\n", ""), 400},
        {"length 2^64", post("Content-Length: 18446744073709551616\r\n", ""), 400},
        {"length of 30 digits", post("Content-Length: 100000000000000000000000000000\r\n", ""), 400},
        {"length 2^64-1", post("Content-Length: 18446744073709551615\r\n", ""), 413},
        {"length one over the limit", post("Content-Length: 65537\r\n", ""), 413},
        {"length at the limit", post("Content-Length: 65536\r\n", std::string(65536, 'a')), 200},
        {"length with spaces around", post("Content-Length:  3  \r\n", "abc"), 200},
        {"length zero", post("Content-Length: 0\r\n", ""), 200},
        {"body on GET", with("Content-Length: 3\r\n") + "abc", 400},
        {"zero length on GET", with("Content-Length: 0\r\n"), 200},
        {"body on HEAD", "HEAD /x HTTP/1.1\r\n" + kHost + "Content-Length: 3\r\n\r\nabc", 400},
        {"body on DELETE", "DELETE /x HTTP/1.1\r\n" + kHost + "Content-Length: 3\r\n\r\nabc", 400},
        {"body on OPTIONS", "OPTIONS /x HTTP/1.1\r\n" + kHost + "Content-Length: 3\r\n\r\nabc", 400},
        {"POST without length", post("", ""), 411},
        {"PUT without length", "PUT /x HTTP/1.1\r\n" + kHost + kEnd, 411},
        {"PATCH without length", "PATCH /x HTTP/1.1\r\n" + kHost + kEnd, 411},
        {"body cut short", post("Content-Length: 10\r\n", "abc"), 408},
    };
    cases.insert(cases.end(), framing.begin(), framing.end());
}

void add_chunks(std::vector<GuardCase>& cases) {
    const std::vector<GuardCase> chunks{
        {"chunks", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 200},
        {"no chunk", chunked("0\r\n\r\n"), 200},
        {"encoding in capitals", post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), 200},
        {"chunk size in capitals", chunked("A\r\n0123456789\r\n0\r\n\r\n"), 200},
        {"chunk size of 16 digits", chunked("0000000000000003\r\nabc\r\n0\r\n\r\n"), 200},
        {"chunk size of 17 digits", chunked("00000000000000003\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk extension", chunked("3;a=b\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk extension without name", chunked("3;\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk extension of 60 KB", chunked("3;" + std::string(60 * 1024, 'a') + "\r\nabc\r\n0\r\n\r\n"),
         400},
        {"extension on the last chunk", chunked("0;a\r\n\r\n"), 400},
        {"trailer", chunked("3\r\nabc\r\n0\r\nX-Signature: forged\r\n\r\n"), 400},
        {"trailers without end", chunked("0\r\n" + many_fields(5000)), 400},
        {"trailer that names a length", chunked("0\r\nContent-Length: 3\r\n\r\n"), 400},
        {"chunk size hexadecimal prefix", chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size negative", chunked("-1\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size with plus", chunked("+3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size after space", chunked(" 3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size before space", chunked("3 \r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size with letter", chunked("3x\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size after a tab", chunked("\t3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size with NUL", chunked("3\0\r\nabc\r\n0\r\n\r\n"s), 400},
        {"chunk size with comma", chunked("3,3\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size with underscore", chunked("1_0\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size empty", chunked("\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size 2^64", chunked("10000000000000000\r\nabc\r\n0\r\n\r\n"), 400},
        {"chunk size 2^64-1", chunked("ffffffffffffffff\r\nabc\r\n0\r\n\r\n"), 413},
        {"chunk size one over the limit", chunked("10001\r\n"), 413},
        {"chunks together over the limit",
         chunked("ffff\r\n" + std::string(65535, 'a') + "\r\n2\r\nbb\r\n0\r\n\r\n"), 413},
        {"chunks together at the limit",
         chunked("ffff\r\n" + std::string(65535, 'a') + "\r\n1\r\nb\r\n0\r\n\r\n"), 200},
        {"no line end after chunk", chunked("3\r\nabc0\r\n\r\n"), 400},
        {"chunk longer than said", chunked("3\r\nabcd\r\n0\r\n\r\n"), 400},
        {"size line ended by bare LF", chunked("3\nabc\r\n0\r\n\r\n"), 400},
        {"chunk ended by bare LF", chunked("3\r\nabc\n0\r\n\r\n"), 400},
        {"last line ended by bare LF", chunked("3\r\nabc\r\n0\r\n\n"), 400},
        {"size line ended by bare CR", chunked("3\rabc\r\n0\r\n\r\n"), 400},
        {"chunks without end", chunked("3\r\nabc\r\n"), 408},
    };
    cases.insert(cases.end(), chunks.begin(), chunks.end());
}

void add_lines(std::vector<GuardCase>& cases) {
    const std::vector<GuardCase> lines{
        {"plain", get("/x"), 200},
        {"HTTP/1.0", "GET /x HTTP/1.0\r\n" + kHost + kEnd, 200},
        {"HTTP/1.2", line("GET /x HTTP/1.2"), 505},
        {"HTTP/2.0", line("GET /x HTTP/2.0"), 505},
        {"HTTP/0.9 with version", line("GET /x HTTP/0.9"), 505},
        {"HTTP/0.9", "GET /x\r\n", 400},
        {"h2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"lower-case protocol", line("GET /x http/1.1"), 400},
        {"no minor version", line("GET /x HTTP/1"), 400},
        {"long minor version", line("GET /x HTTP/1.10"), 400},
        {"other protocol", line("GET /x HTTPS/1.1"), 400},
        {"version without point", line("GET /x HTTP/11"), 400},
        {"two spaces after the method", line("GET  /x HTTP/1.1"), 400},
        {"two spaces before the version", line("GET /x  HTTP/1.1"), 400},
        {"tab in the request line", line("GET\t/x HTTP/1.1"), 400},
        {"space before the method", line(" GET /x HTTP/1.1"), 400},
        {"space after the version", line("GET /x HTTP/1.1 "), 400},
        {"no target", line("GET HTTP/1.1"), 400},
        {"empty target", line("GET  HTTP/1.1"), 400},
        {"space in the target", line("GET /a b HTTP/1.1"), 400},
        {"leading CRLF", "\r\n" + get("/x"), 400},
        {"20 leading CRLF",
         "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" + get("/x"), 400},
        {"CONNECT", line("CONNECT gate.example:443 HTTP/1.1"), 405},
        {"TRACE", method("TRACE"), 405},
        {"unknown method", method("FOO"), 501},
        {"lower-case method", method("post"), 501},
        {"method with NUL", method("GE\0T"s), 400},
        {"method with colon", method("GET:"), 400},
        {"OPTIONS", method("OPTIONS"), 200},
        {"DELETE", method("DELETE"), 200},
        {"bare LF everywhere", "GET /x HTTP/1.1\nHost: x\n\n", 400},
        {"bare LF after the request line", "GET /x HTTP/1.1\nHost: x\r\n\r\n", 400},
        {"bare LF at the end", "GET /x HTTP/1.1\r\nHost: x\r\n\n", 400},
        {"CR CR LF", "GET /x HTTP/1.1\r\r\nHost: x\r\r\n\r\r\n", 400},
        {"bare CR in a value", with("X-A: a\rb\r\n"), 400},
        {"bare CR as line end", "GET /x HTTP/1.1\rHost: x\r\r", 400},
        {"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
        {"head cut short", "GET /x HTTP/1.1\r\nHost: x\r\n", 408},
    };
    cases.insert(cases.end(), lines.begin(), lines.end());
}

void add_targets(std::vector<GuardCase>& cases) {
    const std::vector<GuardCase> targets{
        {"query", get("/a/b?reference=RG00&x=%E4%B8%AD"), 200},
        {"GBK in the query", get("/x?name=%D6%D0"), 200},
        {"slashes in the query", get("/x?to=//y/../z"), 200},
        {"UTF-8 in the path", get("/%E4%B8%AD"), 200},
        {"trailing slash", get("/a/"), 200},
        {"root", get("/"), 200},
        {"fragment", get("/x#y"), 400},
        {"fragment in the query", get("/x?y#z"), 400},
        {"encoded NUL", get("/x%00"), 400},
        {"encoded NUL in the query", get("/x?a=%00"), 400},
        {"encoded dots", get("/%2e%2e%2fetc"), 400},
        {"encoded slash", get("/a%2Fb"), 400},
        {"encoded backslash", get("/a%5cb"), 400},
        {"encoded percent", get("/a%252e"), 400},
        {"encoded CR LF", get("/a%0d%0ab"), 400},
        {"dot segment", get("/a/./b"), 400},
        {"two dot segments", get("/a/../b"), 400},
        {"two dots at the end", get("/a/.."), 400},
        {"dots inside a name", get("/a..b/.c"), 200},
        {"double slash", get("//x"), 400},
        {"double slash inside", get("/a//b"), 400},
        {"backslash", get("/a\\b"), 400},
        {"semicolon", get("/a;b"), 400},
        {"semicolon in the query", get("/a?b;c"), 400},
        {"overlong slash", get("/a%c0%afb"), 400},
        {"overlong three bytes", get("/%e0%80%af"), 400},
        {"encoded surrogate", get("/%ed%a0%80"), 400},
        {"beyond Unicode", get("/%f4%90%80%80"), 400},
        {"UTF-8 cut short", get("/%e4%b8"), 400},
        {"UTF-8 cut by a letter", get("/%e4a%b8%ad"), 400},
        {"broken escape", get("/a%zz"), 400},
        {"escape cut short", get("/a%2"), 400},
        {"broken escape in the query", get("/a?b=%"), 400},
        {"quote", get("/a\"b"), 400},
        {"angle brackets", get("/<a>"), 400},
        {"byte above 0x7f", get("/caf\xc3\xa9"), 400},
        {"DEL", get("/a\x7f"), 400},
        {"no slash", get("x"), 400},
        {"asterisk", line("OPTIONS * HTTP/1.1"), 400},
        {"authority form", line("GET gate.example:80 HTTP/1.1"), 400},
        {"absolute form with user", get("http://root@gate.example/x"), 400},
        {"double encoded dots", get("/%252e%252e/x"), 400},
        {"wide slash", get("/a%ef%bc%8fb"), 200},
        {"absolute form", get("http://gate.example/x"), 400},
        {"absolute form of another host", get("http://other.example/x"), 400},
        {"target of 2,048 bytes", get("/" + std::string(2047, 'a')), 200},
        {"target of 2,049 bytes", get("/" + std::string(2048, 'a')), 414},
        {"target without end", "GET /" + std::string(9000, 'a'), 414},
    };
    cases.insert(cases.end(), targets.begin(), targets.end());
}

void add_fields(std::vector<GuardCase>& cases) {
    const std::vector<GuardCase> fields{
        {"space before the colon", with("X-A : 1\r\n"), 400},
        {"no colon", with("X-A\r\n"), 400},
        {"empty name", with(": 1\r\n"), 400},
        {"name with slash", with("X/A: 1\r\n"), 400},
        {"name with parenthesis", with("X(A): 1\r\n"), 400},
        {"name with byte above 0x7f", with("X-\xc3\xa9: 1\r\n"), 400},
        {"name with NUL", with("X-\0A: 1\r\n"s), 400},
        {"value with NUL", with("X-A: a\0b\r\n"s), 400},
        {"value with 0x01", with("X-A: a\x01\r\n"), 400},
        {"value with DEL", with("X-A: a\x7f\r\n"), 400},
        {"value with byte above 0x7f", with("X-A: caf\xc3\xa9\r\n"), 400},
        {"value with tab", with("X-A: a\tb\r\n"), 400},
        {"folded field", with("X-A: a\r\n b\r\n"), 400},
        {"folded by tab", with("X-A: a\r\n\tb\r\n"), 400},
        {"folded by a line of spaces", with("X-A: a\r\n   \r\n"), 400},
        {"value with escape sequence", with("X-A: \x1b[31mred\r\n"), 400},
        {"first field folded", "GET /x HTTP/1.1\r\n Host: x\r\n\r\n", 400},
        {"empty value", with("X-A:\r\n"), 200},
        {"no space after the colon", with("X-A:1\r\n"), 200},
        {"underscore in a name", with("X_User: root\r\n"), 400},
        {"64 fields", with(many_fields(63)), 200},
        {"65 fields", with(many_fields(64)), 431},
        {"field of 4 KB", with("X-A: " + std::string(4 * 1024 - 5, 'a') + "\r\n"), 200},
        {"field over 4 KB", with("X-A: " + std::string(4 * 1024 - 4, 'a') + "\r\n"), 431},
        {"head over 8 KB",
         with("A: " + std::string(4000, 'a') + "\r\nB: " + std::string(4000, 'b') +
              "\r\nC: " + std::string(400, 'c') + "\r\n"),
         431},
        {"head of 60 KB", with("A: " + std::string(60'000, 'a') + "\r\n"), 431},
        {"no Host", "GET /x HTTP/1.1\r\n\r\n", 400},
        {"no Host on HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n", 400},
        {"two Hosts", with("Host: other.example\r\n"), 400},
        {"two equal Hosts", with(kHost), 400},
        {"empty Host", host(""), 400},
        {"Host with space", host(" a b"), 400},
        {"Host with slash", host(" a/b"), 400},
        {"Host with backslash", host(" a\\b"), 400},
        {"Host with user", host(" root@a"), 400},
        {"Host with comma", host(" a, b"), 400},
        {"Host with scheme", host(" http://a"), 400},
        {"Host with query", host(" a?b"), 400},
        {"Host with percent", host(" a%2eb"), 400},
        {"Host with letters outside ASCII", host(" z\xc3\xbcri"), 400},
        {"Host with port of six digits", host(" a:123456"), 400},
        {"Host with empty port", host(" a:"), 400},
        {"Host with bad port", host(" a:8o"), 400},
        {"Host with two ports", host(" a:80:80"), 400},
        {"Host with port", host(" a:8080"), 200},
        {"Host as IPv6", host(" [::1]:8080"), 200},
        {"Host as broken IPv6", host(" [::1"), 400},
        {"Host with bytes after IPv6", host(" [::1]a"), 400},
        {"Content-Type twice", post("Content-Length: 0\r\nContent-Type: a/b\r\ncontent-type: a/b\r\n", ""),
         400},
        {"Authorization twice", with("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400},
        {"Idempotency-Key twice", with("Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), 400},
        {"webhook-signature twice", with("webhook-signature: a\r\nWebhook-Signature: b\r\n"), 400},
        {"webhook-timestamp twice", with("webhook-timestamp: 1\r\nwebhook-timestamp: 2\r\n"), 400},
        {"webhook-id twice", with("webhook-id: 1\r\nwebhook-id: 2\r\n"), 400},
        {"a courier's digest twice", with("digest: a\r\ndigest: b\r\n"), 400},
        {"Content-Encoding twice", with("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"), 400},
        {"X-Real-IP twice", with("X-Real-IP: 1.2.3.4\r\nX-Real-IP: 5.6.7.8\r\n"), 400},
        {"Last-Event-ID twice", with("Last-Event-ID: 1\r\nLast-Event-ID: 2\r\n"), 400},
        {"Accept twice", with("Accept: a/b\r\nAccept: c/d\r\n"), 200},
        {"X-Forwarded-For twice", with("X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n"), 200},
        {"Expect of something else", post("Content-Length: 0\r\nExpect: 200-ok\r\n", ""), 417},
        {"Expect of two things", post("Content-Length: 0\r\nExpect: 100-continue, x\r\n", ""), 417},
        {"Expect continue without body", with("Expect: 100-continue\r\n"), 200},
        {"upgrade to h2c",
         with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
         200},
        {"Connection with bad option", with("Connection: a b\r\n"), 400},
    };
    cases.insert(cases.end(), fields.begin(), fields.end());
}

}  // namespace

const std::vector<GuardCase>& guard_cases() {
    static const std::vector<GuardCase> cases = [] {
        std::vector<GuardCase> all;
        add_framing(all);
        add_chunks(all);
        add_lines(all);
        add_targets(all);
        add_fields(all);
        return all;
    }();
    return cases;
}

}  // namespace returngate::http::testing
