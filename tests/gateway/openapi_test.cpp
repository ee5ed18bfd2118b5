// The document against the program: routes, callers, keys, words, and its own examples.
#include "gateway/api/openapi.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <sstream>

#include "gateway/api/route.hpp"
#include "src/reconcile/reconcile.hpp"
#include "src/returns/case_file.hpp"
#include "tests/support/openapi_check.hpp"

namespace returngate::api {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;
using Texts = std::vector<std::string>;

const json::Value& document() {
    static const json::Value parsed = json::parse(openapi_json()).value();
    return parsed;
}

const json::Value& operation_of(const Route& route) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    return document()["paths"][route.path][method];
}

const json::Value& component(const json::Value& value) {
    const auto reference = value["$ref"].string();
    if (!reference) return value;
    const json::Value* at = &document();
    std::istringstream names(std::string(reference->substr(2)));
    for (std::string name; std::getline(names, name, '/');) at = &(*at)[name];
    return *at;
}

Texts texts_of(const json::Value& list) {
    Texts all;
    for (const auto& item : list.items()) all.emplace_back(item.string().value_or(""));
    return all;
}

Texts parameters_of(const Route& route, std::string_view in) {
    Texts names;
    for (const auto& given : operation_of(route)["parameters"].items()) {
        const json::Value& parameter = component(given);
        if (parameter["in"].string() == in) names.emplace_back(parameter["name"].string().value_or(""));
    }
    return names;
}

TEST(OpenApi, HasExactlyTheRoutesOfTheTable) {
    Texts table;
    for (const auto& route : routes()) table.push_back(route.label());
    EXPECT_THAT(testing::OpenApiCheck(openapi_json()).operations(), UnorderedElementsAreArray(table));
}

TEST(OpenApi, NamesTheCallersOfEachRoute) {
    for (const auto& route : routes()) {
        Texts callers;
        for (std::size_t i = 0; i < kCallerWords.size(); ++i) {
            if (route.callers.has(static_cast<Caller>(i))) callers.emplace_back(kCallerWords.at(i));
        }
        const json::Value& operation = operation_of(route);
        EXPECT_THAT(texts_of(operation["x-callers"]), UnorderedElementsAreArray(callers)) << route.label();
        const json::Value* security = operation.find("security");
        EXPECT_EQ(security != nullptr && security->is_array() && security->items().empty(), route.is_open())
            << route.label();
    }
}

TEST(OpenApi, HasTheIdempotencyKeyWhereTheRouteTakesIt) {
    for (const auto& route : routes()) {
        auto use = KeyUse::none;
        for (const auto& given : operation_of(route)["parameters"].items()) {
            const json::Value& parameter = component(given);
            if (parameter["name"].string() != "Idempotency-Key") continue;
            use = parameter["required"].boolean() == true ? KeyUse::required : KeyUse::optional;
        }
        EXPECT_EQ(use, route.idempotency) << route.label();
    }
}

TEST(OpenApi, HasTheParametersOfEachPath) {
    const std::regex parameter(R"(\{(\w+)\})");
    for (const auto& route : routes()) {
        const std::string path(route.path);
        Texts names;
        for (std::sregex_iterator at(path.begin(), path.end(), parameter), end; at != end; ++at)
            names.push_back((*at)[1]);
        EXPECT_THAT(parameters_of(route, "path"), ElementsAreArray(names)) << route.label();
    }
}

TEST(OpenApi, SaysOfEveryRouteWithAKeyThatItRefusesOthers) {
    for (const auto& route : routes()) {
        if (route.is_open()) continue;
        for (const char* status : {"401", "403", "500", "503"}) {
            EXPECT_NE(operation_of(route)["responses"].find(status), nullptr)
                << route.label() << " " << status;
        }
    }
}

// No status may hide behind a default: then the checks of real exchanges would see nothing.
TEST(OpenApi, NamesEveryStatusByItself) {
    for (const auto& route : routes()) {
        for (const auto& response : operation_of(route)["responses"].members()) {
            EXPECT_TRUE(std::regex_match(response.name, std::regex("[2-5][0-9]{2}")))
                << route.label() << " " << response.name;
        }
    }
}

void expect_examples_fit(const testing::OpenApiCheck& check, const json::Value& part,
                         const std::string& where, int& count) {
    const json::Value* example = part.find("example");
    const json::Value* schema = part.find("schema");
    if (example != nullptr && schema != nullptr) {
        ++count;
        EXPECT_THAT(check.faults(*example, *schema, where), IsEmpty());
    }
    for (const auto& member : part.members())
        expect_examples_fit(check, member.value, where + "/" + member.name, count);
    for (const auto& item : part.items()) expect_examples_fit(check, item, where, count);
}

TEST(OpenApi, ItsExamplesFitTheirSchemas) {
    int count = 0;
    expect_examples_fit(testing::OpenApiCheck(openapi_json()), document(), "", count);
    EXPECT_GT(count, 20);
}

template <class Enum>
Texts words_up_to(Enum last) {
    Texts words;
    for (int i = 0; i <= static_cast<int>(last); ++i) words.emplace_back(to_string(static_cast<Enum>(i)));
    return words;
}

TEST(OpenApi, SpellsTheWordsOfTheDomain) {
    const json::Value& schemas = document()["components"]["schemas"];
    const json::Value& shown = schemas["Return"]["properties"];
    EXPECT_EQ(texts_of(schemas["ReturnStatus"]["enum"]), words_up_to(CaseStatus::closed));
    EXPECT_EQ(texts_of(schemas["AdvanceState"]["enum"]), words_up_to(AdvanceState::reversed));
    EXPECT_EQ(texts_of(schemas["Pickup"]["properties"]["status"]["enum"]),
              words_up_to(PickupStatus::cancelled));
    EXPECT_EQ(texts_of(schemas["Receipt"]["properties"]["outcome"]["enum"]),
              words_up_to(ReceiptOutcome::disputed));
    EXPECT_EQ(texts_of(shown["approval"]["properties"]["verdict"]["enum"]), words_up_to(Approval::seller));
    EXPECT_EQ(texts_of(shown["refund"]["properties"]["verdict"]["enum"]), words_up_to(RefundPath::direct));
    EXPECT_EQ(texts_of(schemas["Run"]["properties"]["breaks"]["items"]["properties"]["kind"]["enum"]),
              words_up_to(reconcile::BreakKind::provider_payout_missing));
}

// Event types are literals where they are noted; nothing else in src/ looks like one.
TEST(OpenApi, ListsTheEventsThatTheDomainNotes) {
    const std::regex literal(
        R"re("((?:return|pickup|waybill|advance|refund|clawback|courier|intervention|parcel|receipt|appeal|evidence|conduct|penalty|reservation)\.[a-z_]+)")re");
    std::set<std::string> noted;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(RETURNGATE_SOURCE_DIR "/src")) {
        if (entry.path().extension() != ".cpp") continue;
        std::ifstream file(entry.path());
        const std::string text(std::istreambuf_iterator<char>(file), {});
        for (std::sregex_iterator at(text.begin(), text.end(), literal), end; at != end; ++at)
            noted.insert((*at)[1]);
    }
    const json::Value& type = document()["components"]["schemas"]["Event"]["properties"]["type"];
    EXPECT_THAT(texts_of(type["enum"]), UnorderedElementsAreArray(noted));
}

}  // namespace
}  // namespace returngate::api
