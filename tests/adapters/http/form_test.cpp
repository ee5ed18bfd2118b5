// Forms are decoded once, strictly; the encoder follows Java's URLEncoder byte for byte.
#include "adapters/http/form.hpp"

#include <gtest/gtest.h>

namespace returngate::http {
namespace {

TEST(Form, DecodesNamesAndValuesOnce) {
    const auto form = parse_form("a=1+2&b%20c=%E9%80%80%2525&empty=&bare&last=x=y");
    ASSERT_TRUE(form) << form.error().message;
    EXPECT_EQ(*form_value(*form, "a"), "1 2");
    EXPECT_EQ(*form_value(*form, "b c"), "退%25");
    EXPECT_EQ(*form_value(*form, "empty"), "");
    EXPECT_EQ(*form_value(*form, "bare"), "");
    EXPECT_EQ(*form_value(*form, "last"), "x=y");
    EXPECT_FALSE(form_value(*form, "absent"));
    EXPECT_TRUE(parse_form("")->empty());
}

TEST(Form, RefusesBrokenEscapesAndAskedForNamesThatRepeat) {
    for (const std::string_view body : {"a=%", "a=%4", "a=%4g", "%zz=1", "a=%00"})
        EXPECT_FALSE(parse_form(body)) << body;
    EXPECT_FALSE(form_value(*parse_form("a=1&%61=1"), "a"));
}

TEST(Form, EncodesLikeJavasUrlEncoder) {
    // Printed by java.net.URLEncoder for this text.
    EXPECT_EQ(
        encode_form_component(R"({"orderId":"RT-1","remark":"退货 a+b*c~d (x)!'_.-/="})"),
        "%7B%22orderId%22%3A%22RT-1%22%2C%22remark%22%3A%22%E9%80%80%E8%B4%A7+a%2Bb*c%7Ed+%28x%29%21%27_.-%"
        "2F%3D%22%7D");
}

}  // namespace
}  // namespace returngate::http
