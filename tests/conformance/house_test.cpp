// What every courier must bring along: folder, registry row, recordings, README, blanked logs.
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

#include "tests/conformance/kit.hpp"

namespace returngate::conformance {
namespace {

namespace fs = std::filesystem;
using courier::Courier;

class CourierHouse : public CourierKit {};
INSTANTIATE_TEST_SUITE_P(Registry, CourierHouse, every_courier(), courier_name);

TEST_P(CourierHouse, RedactionShowsNeitherSecretNorPersonButTheReference) {
    std::set<std::string> hidden;
    for (const std::string& key : recording_.secret_settings) hidden.emplace(account().get(key));
    for (const RecordedOperation& recorded : recording_.operations)
        for (const courier::Party& party : {recorded.order.sender, recorded.order.recipient})
            hidden.insert({party.name, party.phone, party.address,
                           party.phone.substr(party.phone.starts_with("+86") ? 3 : 0)});
    for (const RecordedPush& recorded : recording_.pushes)
        for (const TrackingEvent& event : events_of(courier(), account(), recorded.push))
            hidden.insert({event.courier_person, event.courier_phone});
    hidden.erase("");

    std::vector<std::string> bodies;
    for (const RecordedOperation& recorded : recording_.operations) {
        const std::string& request = recorded.request;
        bodies.push_back(request.substr(request.find("\n\n") + 2));
        const std::string shown = courier().redact(bodies.back());
        const std::string& key = recorded.courier_key;
        const std::string named = key.empty() ? recorded.order.reference.value : key.substr(0, key.find(':'));
        const std::string& subject = recorded.waybill.empty() || !key.empty() ? named : recorded.waybill;
        if (!recording_.hides_what_it_asks) {
            EXPECT_NE(shown.find(subject), std::string::npos) << shown;
        }
        for (const RecordedAnswer& answer : recorded.answers) bodies.push_back(answer.response.body);
    }
    for (const RecordedPush& recorded : recording_.pushes) bodies.push_back(recorded.push.request.body);
    for (const std::string& body : bodies)
        for (std::size_t size = body.size();; size = size * 3 / 4) {  // cut bodies reach logs too
            const std::string shown = courier().redact(std::string_view(body).substr(0, size));
            for (const std::string& word : hidden)
                ASSERT_EQ(shown.find(word), std::string::npos) << word << " in " << shown;
            if (size == 0) break;
        }
}

TEST_P(CourierHouse, ReadmeNamesEverySettingThatTheRecordingUses) {
    const fs::path path = fs::path(RETURNGATE_SOURCE_DIR) / "adapters/courier" /
                          folder_of(courier().profile().code) / "README.md";
    std::ifstream in(path);
    ASSERT_TRUE(in) << path;
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    for (const auto& [key, value] : account().settings)
        EXPECT_NE(text.find("`" + key + "`"), std::string::npos) << key;
    for (const std::string_view heading : {"## Sources", "## Settings", "## Doubts"})
        EXPECT_NE(text.find(heading), std::string::npos) << heading;
}

std::set<std::string> folders_in(const fs::path& root) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(root))
        if (entry.is_directory()) names.insert(entry.path().filename().string());
    return names;
}

TEST(CourierRegistry, FolderIsRegistryIsFixtures) {
    std::set<std::string> registered;
    for (const Courier* courier : courier::all_couriers())
        registered.insert(folder_of(courier->profile().code));
    EXPECT_EQ(registered.size(), courier::all_couriers().size()) << "two rows with one code";
    const fs::path root = RETURNGATE_SOURCE_DIR;
    EXPECT_EQ(folders_in(root / "adapters/courier"), registered)
        << "each courier's folder needs a row in registry.cpp";
    EXPECT_EQ(folders_in(root / "tests/conformance"), registered) << "each courier needs its recordings";
}

TEST(CourierRegistry, FindsByCodeOnly) {
    EXPECT_EQ(courier::find_courier("SF")->profile().code, "SF");
    EXPECT_EQ(courier::find_courier("sf"), nullptr);
    EXPECT_EQ(courier::find_courier(""), nullptr);
}

}  // namespace
}  // namespace returngate::conformance
