// What the JSON reader refuses, what it keeps exactly, and what the writer escapes.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "adapters/json/decimal.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::json {
namespace {

std::string code_of(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? "accepted" : parsed.error().code;
}

TEST(JsonReader, ReadsEveryKindAndChainsOverMissingMembers) {
    const auto parsed = parse(R"( {"a":{"b":[1,"two",true,null,-3.50]},"n":-9223372036854775808} )");
    ASSERT_TRUE(parsed) << parsed.error().message;
    const auto items = (*parsed)["a"]["b"].items();
    ASSERT_EQ(items.size(), 5U);
    EXPECT_EQ(items[0].integer(), 1);
    EXPECT_EQ(items[1].string(), "two");
    EXPECT_EQ(items[2].boolean(), true);
    EXPECT_TRUE(items[3].is_null());
    EXPECT_EQ(items[4].decimal(), "-3.50");
    EXPECT_FALSE(items[4].integer());
    EXPECT_EQ((*parsed)["n"].integer(), std::numeric_limits<std::int64_t>::min());
    EXPECT_TRUE((*parsed)["x"]["y"]["z"].is_null());
    EXPECT_EQ(parsed->members()[0].name, "a");
}

TEST(JsonReader, KeepsTheTextOfNumbersInOrderAcrossStringsThatLookLikeNumbers) {
    const auto parsed = parse(R"(["1\"2",0.10,{"3":"\\","k":12e2},"-7",18446744073709551615,5])");
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->items()[1].decimal(), "0.10");
    EXPECT_EQ(parsed->items()[2]["k"].decimal(), "12e2");
    EXPECT_EQ(parsed->items()[4].decimal(), "18446744073709551615");
    EXPECT_FALSE(parsed->items()[4].integer());
    EXPECT_EQ(parsed->items()[5].integer(), 5);
}

TEST(JsonReader, RefusesWhatIsNotOneWholeDocument) {
    for (const std::string_view text : {"", " ", "{", "{}{}", "[1,]", "{\"a\":1,}", "nul", "'a'", "{a:1}",
                                        "[1]x", "\"\xff\"", "\"\\ud800\"", "\"a\nb\"", "\xef\xbb\xbf{}x"})
        EXPECT_EQ(code_of(text), "json_syntax") << text;
    EXPECT_NE(code_of("[01]"), "accepted");
    EXPECT_NE(code_of("[+1]"), "accepted");
    EXPECT_NE(code_of("[1.]"), "accepted");
    EXPECT_EQ(code_of("[1e999]"), "json_number");
    EXPECT_EQ(code_of("[18446744073709551616]"), "json_number");
}

TEST(JsonReader, GivesEachBadDocumentItsCode) {
    struct Row {
        const char* name;
        std::string text;
        const char* code;
    };
    using namespace std::string_literals;
    const std::vector<Row> rows{
        {"byte order mark", "\xef\xbb\xbf{}", "json_syntax"},
        {"UTF-16, little end first", "\xff\xfe{\0}\0"s, "json_syntax"},
        {"UTF-16 without mark", "{\0}\0"s, "json_syntax"},
        {"UTF-32", "{\0\0\0}\0\0\0"s, "json_syntax"},
        {"GBK", "{\"a\":\"\xd6\xd0\"}", "json_syntax"},
        {"overlong", "{\"a\":\"\xc0\xaf\"}", "json_syntax"},
        {"surrogates as UTF-8", "{\"a\":\"\xed\xa0\xbd\xed\xb8\x80\"}", "json_syntax"},
        {"beyond Unicode", "{\"a\":\"\xf4\x90\x80\x80\"}", "json_syntax"},
        {"high surrogate alone", R"({"a":"\ud83d"})", "json_syntax"},
        {"low surrogate first", R"({"a":"\ude00\ud83d"})", "json_syntax"},
        {"pair of surrogates", R"({"a":"\ud83d\ude00"})", "accepted"},
        {"NUL between tokens", "{\0}"s, "json_syntax"},
        {"NUL raw in a string", "{\"a\":\"\0\"}"s, "json_syntax"},
        {"NUL escaped", R"({"a":"\u0000"})", "json_nul"},
        {"tab raw in a string", "{\"a\":\"\t\"}", "json_syntax"},
        {"unknown escape", R"({"a":"\x41"})", "json_syntax"},
        {"block comment", "{/* */}", "json_syntax"},
        {"line comment", "{}// x", "json_syntax"},
        {"single quotes", "{'a':1}", "json_syntax"},
        {"trailing comma in an object", R"({"a":5,})", "json_syntax"},
        {"trailing comma in a list", "[5,]", "json_syntax"},
        {"missing comma", R"({"a":1 "b":2})", "json_syntax"},
        {"two documents", R"({"a":1}{"a":2})", "json_syntax"},
        {"two documents in lines", "{}\n{}", "json_syntax"},
        {"NaN", R"({"a":NaN})", "json_syntax"},
        {"Infinity", R"({"a":Infinity})", "json_syntax"},
        {"True", R"({"a":True})", "json_syntax"},
        {"bad atom in a member nobody reads", R"({"a":1,"b":nulll})", "json_syntax"},
        {"plus sign", R"({"a":+5})", "json_syntax"},
        {"no-break space between tokens",
         "{\"a\":\xc2\xa0"
         "5}",
         "json_syntax"},
        {"leading zero", R"({"a":05})", "json_number"},
        {"hexadecimal", R"({"a":0x5})", "json_number"},
        {"point without digits", R"({"a":5.})", "json_number"},
        {"exponent without digits", R"({"a":5e})", "json_number"},
        {"two minus signs", R"({"a":--5})", "json_number"},
        {"beyond double", R"({"a":1e999})", "json_number"},
        {"2^64", R"({"a":18446744073709551616})", "json_number"},
        {"2^63", R"({"a":9223372036854775808})", "accepted"},
        {"minus zero", R"({"a":-0})", "accepted"},
        {"member twice", R"({"amount":1,"amount":2})", "json_duplicate_key"},
        {"member twice, once escaped", R"({"amount":1,"am\u006funt":2})", "json_duplicate_key"},
        {"member twice, deep inside", R"({"a":[{"b":{"c":1,"c":1}}]})", "json_duplicate_key"},
        {"members that differ in case", R"({"a":1,"A":2})", "accepted"},
        {"words of other languages", R"({"__proto__":{},"constructor":1})", "accepted"},
    };
    // Where simdjson tells a number from a syntax error is its own affair: both are 400.
    const auto of_family = [](const std::string& code) {
        return code == "json_number" ? "json_syntax" : code;
    };
    for (const auto& row : rows) EXPECT_EQ(of_family(code_of(row.text)), of_family(row.code)) << row.name;
}

TEST(JsonReader, TakesNoHarmFromManyMembersOrLongNames) {
    std::string many = "{";
    for (int i = 0; i < 90'000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
    EXPECT_EQ(code_of(many + "\"z\":1}"), "accepted");
    EXPECT_EQ(code_of(many + "\"k7\":1}"), "json_duplicate_key");
    EXPECT_EQ(code_of("{\"" + std::string(60'000, 'k') + "\":1}"), "accepted");
    std::string list = "[";
    for (int i = 0; i < 100'000; ++i) list += "0,";
    EXPECT_EQ(code_of(list + "0]"), "accepted");
}

TEST(JsonReader, RefusesDuplicateNamesAfterUnescaping) {
    EXPECT_EQ(code_of(R"({"a":1,"\u0061":2})"), "json_duplicate_key");
    EXPECT_EQ(code_of(R"({"x":{"b":1,"c":2,"b":3}})"), "json_duplicate_key");
    std::string many = "{";
    for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i) + "\":1,";
    EXPECT_EQ(code_of(many + "\"z\":1}"), "accepted");
    EXPECT_EQ(code_of(many + "\"k7\":1}"), "json_duplicate_key");
}

TEST(JsonReader, RefusesNulInValuesAndNames) {
    EXPECT_EQ(code_of(R"({"a":"x\u0000y"})"), "json_nul");
    EXPECT_EQ(code_of(R"({"a\u0000":1})"), "json_nul");
}

TEST(JsonReader, BoundsDepthAndSize) {
    const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
    EXPECT_EQ(code_of(nested(32)), "accepted");
    EXPECT_EQ(code_of(nested(33)), "json_depth");
    EXPECT_EQ(code_of(nested(5000)), "json_depth");
    Limits small;
    small.bytes = 4;
    EXPECT_EQ(parse("[1,2]", small).error().code, "json_size");
}

TEST(JsonReader, EveryTruncationOfADocumentIsRefused) {
    const std::string_view document = R"({"a":[1,2.5,"x\"y"],"b":{"c":null}})";
    for (std::size_t n = 0; n < document.size(); ++n)
        EXPECT_NE(code_of(document.substr(0, n)), "accepted") << n;
}

TEST(JsonReader, RequiredMembersNameTheMemberAndNotItsValue) {
    const auto parsed = parse(R"({"name":"secret","n":1.5})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*require_string(*parsed, "name"), "secret");
    EXPECT_EQ(require_string(*parsed, "other").error().code, "missing_member");
    const auto wrong = require_integer(*parsed, "name");
    EXPECT_EQ(wrong.error().code, "wrong_type");
    EXPECT_EQ(wrong.error().message.find("secret"), std::string::npos);
    EXPECT_EQ(require_integer(*parsed, "n").error().code, "wrong_type");
}

TEST(JsonWriter, WritesMembersInOrderWithCommasInPlace) {
    Writer w;
    w.begin_object().member("a", 1).member("b", "x").member("c", true).key("d").begin_array();
    w.value(1).value("y").null().begin_object().end_object().end_array();
    w.member("e", std::optional<std::string>()).member_if_set("f", "").raw_member("g", "1.50").end_object();
    EXPECT_EQ(w.take(), R"({"a":1,"b":"x","c":true,"d":[1,"y",null,{}],"e":null,"g":1.50})");
}

TEST(JsonWriter, EscapesWhatMustBeAndKeepsUtf8) {
    EXPECT_EQ(quoted(std::string_view("\"\\/\n\r\t\b\f\x01\x1f\0退货", 17)),
              "\"\\\"\\\\/\\n\\r\\t\\b\\f\\u0001\\u001f\\u0000退货\"");
}

TEST(Decimal, ScalesExactlyOrNotAtAll) {
    EXPECT_EQ(parse_scaled("1.25", 3), 1250);
    EXPECT_EQ(parse_scaled("12", 2), 1200);
    EXPECT_EQ(parse_scaled("-0.01", 2), -1);
    EXPECT_EQ(parse_scaled("1.2500", 2), 125);
    EXPECT_EQ(parse_scaled("92233720368547758.07", 2), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(parse_scaled("-92233720368547758.08", 2), std::numeric_limits<std::int64_t>::min());
    for (const std::string_view text :
         {"", "-", ".", "1.", ".5", "1e2", "+1", " 1", "1.255", "1.2x", "0x1", "92233720368547758.08"})
        EXPECT_FALSE(parse_scaled(text, 2)) << text;
}

TEST(Decimal, FormatsTheShortestText) {
    EXPECT_EQ(format_scaled(1500, 3), "1.5");
    EXPECT_EQ(format_scaled(1000, 3), "1");
    EXPECT_EQ(format_scaled(5, 3), "0.005");
    EXPECT_EQ(format_scaled(-5, 2), "-0.05");
    EXPECT_EQ(format_scaled(0, 2), "0");
    EXPECT_EQ(format_scaled(100, 0), "100");
}

}  // namespace
}  // namespace returngate::json
