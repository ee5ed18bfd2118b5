// Reading bodies, texts, queries and cursors.
#include "gateway/api/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/api/query.hpp"
#include "gateway/api/text_rules.hpp"

namespace returngate::api {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> lines(const std::vector<FieldError>& faults) {
    std::vector<std::string> all;
    for (const auto& fault : faults) all.push_back(fault.pointer + " " + fault.code);
    return all;
}

json::Value parsed(std::string_view text) {
    return json::parse(text).value();
}

TEST(Fields, TakeStrictTypesOnly) {
    const auto body = parsed(R"({"a":"5","b":5.0,"c":5e0,"d":true,"e":9223372036854775808,"f":-1,"g":5})");
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    for (const auto* name : {"a", "b", "c", "d", "e", "f"}) static_cast<void>(fields.integer(name, 0, 10));
    EXPECT_EQ(fields.integer("g", 0, 10), 5);
    EXPECT_THAT(lines(faults), ElementsAre("/a wrong_type", "/b wrong_type", "/c wrong_type", "/d wrong_type",
                                           "/e wrong_type", "/f out_of_range"));
}

TEST(Fields, NameNestedMembersByPointer) {
    const auto body = parsed(R"({"list":[{"x":1},{"y":2}],"a/b":1,"m~n":1})");
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    for (auto& item : fields.objects("list", 5)) {
        static_cast<void>(item.integer("x", 1, 1));
        item.refuse_the_rest();
    }
    fields.refuse_the_rest();
    EXPECT_THAT(lines(faults), ElementsAre("/list/1/x missing", "/list/1/y unknown_member",
                                           "/a~1b unknown_member", "/m~0n unknown_member"));
}

TEST(Fields, SayOnceThatAnObjectIsMissing) {
    const auto body = parsed(R"({"window":5})");
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Fields window = fields.object("window");
    static_cast<void>(window.instant("start"));
    Fields contact = fields.object("contact");
    static_cast<void>(contact.text("name", 10));
    EXPECT_THAT(lines(faults), ElementsAre("/window wrong_type", "/contact missing"));
}

TEST(Fields, MayBeNullWhenTheyAreOptionalOnly) {
    const auto body = parsed(R"({"a":null,"b":null,"c":null})");
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    EXPECT_EQ(fields.optional_integer("a", 0, 1), std::nullopt);
    EXPECT_EQ(fields.optional_text("b", 5), "");
    static_cast<void>(fields.text("c", 5));
    EXPECT_THAT(lines(faults), ElementsAre("/c wrong_type"));
}

TEST(Fields, TimesCarryAnOffset) {
    const auto body = parsed(R"({"a":"2026-01-10T15:20:00+08:00","b":"2026-01-10 15:20:00","c":1})");
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    EXPECT_EQ(fields.instant("a"), parse_rfc3339("2026-01-10T07:20:00Z"));
    static_cast<void>(fields.instant("b"));
    static_cast<void>(fields.instant("c"));
    EXPECT_THAT(lines(faults), ElementsAre("/b not_rfc3339", "/c wrong_type"));
}

TEST(Texts, MayHoldRareHanAndEmojiButNothingInvisible) {
    EXPECT_EQ(text_fault("𠮷野家 👍", 64), std::nullopt);
    for (const auto* bad : {"a\xe2\x80\xae"
                            "b",
                            "a\xe2\x80\x8b"
                            "b",
                            "a\nb", "a\x7f",
                            "\xef\xbb\xbf"
                            "a",
                            "a\xc2\x85", "\xf3\xa0\x81\x81",
                            "a\xe2\x80\xa8"
                            "b"}) {
        EXPECT_EQ(text_fault(bad, 64), "forbidden_character") << bad;
    }
    EXPECT_EQ(text_fault("\xff", 64), "not_utf8");
    EXPECT_EQ(text_fault("张三", 5), "too_long");
}

TEST(Identifiers, AreVisibleAscii) {
    EXPECT_EQ(identifier_fault("A-1/b:c", 64), std::nullopt);
    EXPECT_EQ(identifier_fault("", 64), "empty");
    EXPECT_EQ(identifier_fault("a b", 64), "not_visible_ascii");
    EXPECT_EQ(identifier_fault("\xd0\x90", 64), "not_visible_ascii");
    EXPECT_EQ(identifier_fault(std::string(65, 'a'), 64), "too_long");
}

TEST(Cursor, ComesBackAsItWasAndIsNotGuessed) {
    postgres::PagePosition position;
    position.at = parse_rfc3339("2026-01-10T07:20:00.123456Z").value();
    position.id.fill(0xa5);
    const auto read = read_cursor(make_cursor(position));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->at, position.at);
    EXPECT_EQ(read->id, position.id);
    EXPECT_FALSE(read_cursor(""));
    EXPECT_FALSE(read_cursor(std::string(48, 'f')));
    EXPECT_FALSE(read_cursor(make_cursor(position) + "00"));
}

TEST(Query, ReadsItsParametersOnce) {
    auto query = Query::parse("limit=7&state=a");
    ASSERT_TRUE(query);
    EXPECT_EQ(query->limit(), 7);
    EXPECT_EQ(query->value("state"), "a");
    EXPECT_TRUE(query->finish());
    EXPECT_FALSE(Query::parse("a=%0"));
}

}  // namespace
}  // namespace returngate::api
