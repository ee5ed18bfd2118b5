// The checker itself: what it must find.
#include "tests/support/openapi_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace returngate::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kDocument = R"({
  "paths": {"/things/{id}": {"put": {
    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
    "responses": {
      "200": {"content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}},
      "default": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}}}}},
  "components": {"schemas": {"Thing": {"type": "object", "additionalProperties": false, "required": ["name"],
    "properties": {"name": {"type": "string", "enum": ["a", "b"]}, "size": {"type": ["integer", "null"], "minimum": 1}}}}}
})";

std::string first_fault(const std::string& request, const std::string& response, int status = 200,
                        const std::string& type = "application/json") {
    const OpenApiCheck check(kDocument);
    const auto faults =
        check.faults({"PUT", "/things/7", "application/json", request, status, type, response});
    return faults.empty() ? "" : faults.front();
}

TEST(OpenApiCheck, ListsTheOperations) {
    EXPECT_THAT(OpenApiCheck(kDocument).operations(), ElementsAre("PUT /things/{id}"));
}

TEST(OpenApiCheck, AcceptsWhatTheDocumentAllows) {
    EXPECT_EQ(first_fault(R"({"name":"a","size":null})", R"([{"name":"b","size":3}])"), "");
    EXPECT_EQ(first_fault("nonsense", R"({"any":"thing"})", 400, "application/problem+json"), "");
}

TEST(OpenApiCheck, FindsEachKindOfFault) {
    EXPECT_THAT(first_fault(R"({"size":1})", "[]"), HasSubstr("lacks name"));
    EXPECT_THAT(first_fault(R"({"name":"c"})", "[]"), HasSubstr("not in enum"));
    EXPECT_THAT(first_fault(R"({"name":"a","more":1})", "[]"), HasSubstr("/more: not in the document"));
    EXPECT_THAT(first_fault(R"({"name":"a","size":0})", "[]"), HasSubstr("below minimum"));
    EXPECT_THAT(first_fault(R"({"name":"a"})", R"([{"name":1}])"), HasSubstr("/0/name: wrong type"));
    EXPECT_THAT(first_fault(R"({"name":"a"})", "{}"), HasSubstr("wrong type"));
    EXPECT_THAT(first_fault(R"({"name":"a"})", "[]", 200, "text/plain"), HasSubstr("content type"));
    EXPECT_THAT(first_fault("", "[]"), HasSubstr("a body is required"));
}

TEST(OpenApiCheck, APathOutsideTheDocumentMayOnlyBeMissing) {
    const OpenApiCheck check(kDocument);
    EXPECT_THAT(check.faults({"GET", "/elsewhere", "", "", 404, "application/problem+json", "{}"}),
                IsEmpty());
    EXPECT_FALSE(check.faults({"GET", "/elsewhere", "", "", 200, "application/json", "{}"}).empty());
}

// {"/value": schema} as the answer of GET /values, which knows nothing but 200.
std::vector<std::string> faults_of(const std::string& schema, const std::string& value, int status = 200,
                                   const std::string& target = "/values") {
    const OpenApiCheck check(
        R"({"paths":{"/values":{"get":{"parameters":[{"name":"limit","in":"query"}],"responses":)"
        R"({"200":{"content":{"application/json":{"schema":)" +
        schema + "}}}}}}}}");
    return check.faults({"GET", target, "", "", status, "application/json", value});
}

TEST(OpenApiCheck, ReportsAStatusThatIsNotInTheDocument) {
    EXPECT_THAT(faults_of(R"({"type":"string"})", R"("a")"), IsEmpty());
    EXPECT_THAT(faults_of(R"({"type":"string"})", R"("a")", 202),
                ElementsAre(HasSubstr("status 202 is not in the document")));
}

TEST(OpenApiCheck, ReportsAMethodAndAParameterThatAreNotInTheDocument) {
    const OpenApiCheck check(kDocument);
    EXPECT_FALSE(check.faults({"DELETE", "/things/7", "", "", 200, "application/json", "{}"}).empty());
    EXPECT_THAT(check.faults({"DELETE", "/things/7", "", "", 405, "application/problem+json", "{}"}),
                IsEmpty());
    EXPECT_THAT(faults_of(R"({"type":"string"})", R"("a")", 200, "/values?limit=1"), IsEmpty());
    EXPECT_THAT(faults_of(R"({"type":"string"})", R"("a")", 200, "/values?most=1"),
                ElementsAre(HasSubstr("?most")));
}

struct Case {
    std::string schema;
    std::string good;
    std::string bad;
};

TEST(OpenApiCheck, HoldsEachKeyword) {
    const std::vector<Case> cases{
        {R"({"type":"integer"})", "5", "5.0"},
        {R"({"type":["boolean","null"]})", "null", R"("no")"},
        {R"({"enum":[true,null,3,"a"]})", "true", "false"},
        {R"({"enum":[true,null,3,"a"]})", "3", "4"},
        {R"({"enum":[false]})", "false", "null"},
        {R"({"type":"integer","maximum":9})", "9", "10"},
        {R"({"type":"string","minLength":1})", R"("a")", R"("")"},
        {R"({"type":"string","maxLength":3})", R"("三")", R"("三a")"},
        {R"({"type":"string","pattern":"^ret_[0-9a-f]{4}$"})", R"("ret_00ff")", R"("ret_00FF")"},
        {R"({"type":"string","format":"date-time"})", R"("2026-01-10T07:20:00Z")", R"("2026-01-10 07:20")"},
        {R"({"type":"array","minItems":1,"maxItems":2})", "[1,2]", "[1,2,3]"},
        {R"({"type":"object","additionalProperties":{"type":"integer"}})", R"({"a":1})", R"({"a":"1"})"},
        {R"({"oneOf":[{"type":"integer"},{"type":"integer","minimum":5}]})", "4", "6"},
        {R"({"anyOf":[{"type":"integer"},{"type":"null"}]})", "null", "true"},
    };
    for (const auto& [schema, good, bad] : cases) {
        EXPECT_THAT(faults_of(schema, good), IsEmpty()) << schema;
        EXPECT_FALSE(faults_of(schema, bad).empty()) << schema << " " << bad;
    }
}

TEST(OpenApiCheck, RefusesADocumentWithRulesThatItWouldNotCheck) {
    EXPECT_THROW(static_cast<void>(faults_of(R"({"type":"integer","multipleOf":5})", "5")),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(faults_of(R"({"type":"array","items":{"uniqueItems":true}})", "[]")),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(faults_of(R"({"type":"string","format":"email"})", "5")),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(faults_of(R"({"$ref":"#/components/schemas/Gone"})", "5")),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(faults_of(R"({"$ref":"#/x","minimum":1})", "5")), std::invalid_argument);
    EXPECT_THROW(OpenApiCheck("nonsense"), std::invalid_argument);
}

}  // namespace
}  // namespace returngate::testing
