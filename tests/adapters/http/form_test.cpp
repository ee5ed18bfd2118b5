// Forms are decoded once, strictly; the encoder follows Java's URLEncoder byte for byte.
#include "adapters/http/form.hpp"

#include <gtest/gtest.h>

namespace returngate::http {
namespace {

TEST(Form, DecodesNamesAndValuesOnce) {
    const auto form = parse_form("a=1+2&b%20c=%E9%80%80%2525&empty=&bare&&last=x=y");
    ASSERT_TRUE(form) << form.error().message;
    EXPECT_EQ(form->find("a"), "1 2");
    EXPECT_EQ(form->find("b c"), "退%25");
    EXPECT_EQ(form->find("empty"), "");
    EXPECT_EQ(form->find("bare"), "");
    EXPECT_EQ(form->find("last"), "x=y");
    EXPECT_FALSE(form->find("absent"));
    EXPECT_TRUE(parse_form("")->fields.empty());
}

TEST(Form, RefusesBrokenEscapesAndRepeatedNames) {
    for (const std::string_view body : {"a=%", "a=%4", "a=%4g", "%zz=1"})
        EXPECT_EQ(parse_form(body).error().code, "form_escape") << body;
    EXPECT_EQ(parse_form("a=1&a=2").error().code, "form_duplicate");
    EXPECT_EQ(parse_form("a=1&%61=1").error().code, "form_duplicate");
    std::string many;
    for (int i = 0; i < 65; ++i) append_form_field(many, "f" + std::to_string(i), "");
    EXPECT_EQ(parse_form(many).error().code, "form_size");
}

TEST(Form, EncodesLikeJavasUrlEncoder) {
    // Printed by java.net.URLEncoder for this text.
    EXPECT_EQ(
        form_encode(R"({"orderId":"RT-1","remark":"退货 a+b*c~d (x)!'_.-/="})"),
        "%7B%22orderId%22%3A%22RT-1%22%2C%22remark%22%3A%22%E9%80%80%E8%B4%A7+a%2Bb*c%7Ed+%28x%29%21%27_.-%"
        "2F%3D%22%7D");
    std::string body;
    append_form_field(body, "a", "1 &");
    append_form_field(body, "b", "=");
    EXPECT_EQ(body, "a=1+%26&b=%3D");
}

TEST(Form, WhatIsEncodedDecodesToTheSameBytes) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    EXPECT_EQ(form_decode(form_encode(bytes)), bytes);
}

}  // namespace
}  // namespace returngate::http
