// Reading bodies, texts, queries and cursors.
#include "gateway/api/fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"
#include "gateway/api/contacts.hpp"
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

TEST(MaskedPhone, ShowsItsLastFourDigitsOrNone) {
    EXPECT_EQ(masked_phone("13700001234"), "***1234");
    EXPECT_EQ(masked_phone("+86 137-0000-1234"), "***1234");
    EXPECT_EQ(masked_phone("845215"), "***") << "of a short one, four digits would be most of it";
    EXPECT_EQ(masked_phone(""), "");
    EXPECT_EQ(masked_phone("unknown"), "");
}

TEST(MaskedName, HidesTheNumberThatACourierWroteIntoIt) {
    EXPECT_EQ(masked_name("李师傅"), "李师傅");
    EXPECT_EQ(masked_name("845215"), "845215") << "the courier's own number of a person";
    EXPECT_EQ(masked_name("李师傅 13800000001"), "李师傅 ***0001");
    EXPECT_EQ(masked_name("13800000001李13800000002"), "***0001李***0002");
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

TEST(Fields, NameAHundredFaultsAndNoMore) {
    std::string text = "{";
    for (int i = 0; i < 5000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
    const auto body = parsed(text + "\"z\":1}");
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    fields.refuse_the_rest();
    EXPECT_EQ(faults.size(), 100U);
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

TEST(Texts, GiveEachHiddenCharacterAway) {
    struct Row {
        const char* name;
        const char* text;
        bool is_taken;
    };
    const Row rows[] = {
        {"C0", "a\x01z", false},
        {"escape sequence", "a\x1b[31mz", false},
        {"tab", "a\tz", false},
        {"line feed", "a\nz", false},
        {"carriage return", "a\rz", false},
        {"DEL", "a\x7fz", false},
        {"C1", "a\xc2\x80z", false},
        {"C1, last", "a\xc2\x9fz", false},
        {"no-break space", "a\u00a0z", true},
        {"zero width space", "a\u200bz", false},
        {"zero width joiner", "a\u200dz", false},
        {"right-to-left mark", "a\u200fz", false},
        {"line separator", "a\u2028z", false},
        {"paragraph separator", "a\u2029z", false},
        {"right-to-left override", "a\u202ez", false},
        {"word joiner", "a\u2060z", false},
        {"isolate", "a\u2066z", false},
        {"end of isolate", "a\u2069z", false},
        {"byte order mark inside", "a\ufeffz", false},
        {"annotation", "a\ufff9z", false},
        {"tag", "a\U000e0041z", false},
        {"flag made of tags", "\U0001f3f4\U000e0067\U000e0062\U000e007f", false},
        {"flag of two letters", "\U0001f1e8\U0001f1f3", true},
        {"ideographic space", "张\u3000三", true},
        {"rare Han of four bytes", "\U00020bb7野家", true},
        {"Arabic", "\u0645\u0631\u062d\u0628\u0627", true},
        {"not normalised", "e\u0301", true},
        {"eight marks on a letter", "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307z", true},
        {"nine marks on a letter", "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308z", false},
        {"SQL", "'; DROP TABLE advance; --", true},
        {"template", "{{7*7}}${7*7}<%= 7 %>", true},
        {"look-up", "${jndi:ldap://127.0.0.1/a}", true},
        {"format", "%n%s%x", true},
        {"markup", "<script>alert(1)</script>", true},
        {"spreadsheet formula", "=1+1", true},
    };
    for (const auto& row : rows) EXPECT_EQ(!text_fault(row.text, 64).has_value(), row.is_taken) << row.name;
}

TEST(Phones, AreFiveToFifteenAsciiDigits) {
    const std::pair<const char*, const char*> rows[] = {
        {"+86 138-0013-8000", "+8613800138000"},
        {"13800138000", "13800138000"},
        {"10086", "10086"},
        {"123456789012345", "123456789012345"},
        {"1234", ""},
        {"1234567890123456", ""},
        {"+", ""},
        {"- -", ""},
        {"++8613800138000", ""},
        {"86+13800138000", ""},
        {"138(0013)8000", ""},
        {"tel:13800138000", ""},
        {"13800138OOO", ""},
        {"\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18", ""},
        {"\u0661\u0663\u0668\u0660\u0660\u0661\u0663\u0668", ""},
        {"13800138000;ext=1", ""},
    };
    for (const auto& [phone, dialled] : rows) {
        const auto body = parsed(R"({"name":"n","province":"p","city":"c","address":"a","phone":)" +
                                 json::quoted(phone) + "}");
        std::vector<FieldError> faults;
        EXPECT_EQ(read_contact(Fields(body, faults), "pickup").phone, dialled) << phone;
        EXPECT_EQ(lines(faults).size(), *dialled == '\0' ? 1U : 0U) << phone;
    }
}

TEST(Identifiers, AreVisibleAscii) {
    EXPECT_EQ(identifier_fault("A-1/b:c", 64), std::nullopt);
    EXPECT_EQ(identifier_fault("", 64), "empty");
    EXPECT_EQ(identifier_fault("a b", 64), "not_visible_ascii");
    // Cyrillic, full width, superscript, Arabic-Indic, and what nobody sees: never repaired, never taken.
    for (const auto* text : {"\u0410-1", "\uff21-1", "A-\u00b2", "A-\u0661", "A\u00a0", "A\u200b", "A\u0301",
                             "A\n", "A\t", "\x7f", "\xff", "\xc0\xaf"}) {
        EXPECT_EQ(identifier_fault(text, 64), "not_visible_ascii") << text;
    }
    for (const auto* text : {"__proto__", "constructor", "';--", "${jndi:x}", "%n%s", "../../etc", "<b>"})
        EXPECT_EQ(identifier_fault(text, 64), std::nullopt) << text;
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
    EXPECT_FALSE(Query::parse("%ff=1")) << "an unknown name stands in the answer";
    EXPECT_FALSE(Query::parse("state=%d6%d0"));
}

}  // namespace
}  // namespace returngate::api
