// A snapshot of many buyers: every line is taken or named, none is lost, and the same file again changes
// nothing.
#include "gateway/trust_file.hpp"

#include <sstream>

#include "tests/gateway/pipeline/world.hpp"

namespace returngate::test {
namespace {

SetTrust read(std::string_view header, std::string_view line) {
    const auto columns = TrustColumns::of_header(header);
    EXPECT_TRUE(columns) << (columns ? "" : columns.error().message);
    const auto trust = columns ? columns->read(line, at("10:00")) : fail(ErrorKind::invalid, "", "");
    EXPECT_TRUE(trust) << (trust ? "" : trust.error().message);
    return trust.value_or(SetTrust{});
}

std::string fault(std::string_view header, std::string_view line) {
    const auto columns = TrustColumns::of_header(header);
    if (!columns) return columns.error().code;
    const auto trust = columns->read(line, at("10:00"));
    return trust ? "none" : trust.error().code;
}

TEST(TrustFile, NamesItsColumnsInAnyOrder) {
    const auto trust =
        read("excluded,stars,buyer_id,selected,line_fen,refund_rate_bp,complaints,dispute_rate_bp",
             "\"fraud, \"\"twice\"\"\",4,buyer-7,true,50000,1250,2,30");
    EXPECT_EQ(trust.buyer.value, "buyer-7");
    EXPECT_EQ(trust.stars, 4);
    EXPECT_EQ(trust.line_fen, 50000);
    EXPECT_EQ(trust.trust.refund_rate_bp, 1250);
    EXPECT_EQ(trust.trust.complaints, 2);
    EXPECT_EQ(trust.trust.dispute_rate_bp, 30);
    EXPECT_TRUE(trust.trust.is_selected);
    EXPECT_EQ(trust.trust.excluded, "fraud, \"twice\"");
    EXPECT_EQ(trust.as_of, at("10:00"));
    const auto bare = read(
        "\xEF\xBB\xBF"
        "buyer_id,stars,line_fen",
        "buyer-7,1,");
    EXPECT_FALSE(bare.line_fen);
}

TEST(TrustFile, SaysWhatIsWrongWithALine) {
    EXPECT_EQ(fault("buyer_id,stars", "buyer-7,5"), "none");
    EXPECT_EQ(fault("buyer_id,stars,mood", ""), "unknown_column");
    EXPECT_EQ(fault("buyer_id,stars,stars", ""), "column_named_twice");
    EXPECT_EQ(fault("buyer_id", ""), "column_missing");
    EXPECT_EQ(fault("buyer_id,stars", "buyer-7"), "invalid_count");
    EXPECT_EQ(fault("buyer_id,stars", "buyer-7,5,1"), "invalid_count");
    for (const auto* line :
         {"buyer-7,6", "buyer-7,0", "buyer-7,", "buyer-7,4.5", "buyer-7, 4", ",4", "a b,4"})
        EXPECT_EQ(fault("buyer_id,stars", line), "invalid_field") << line;
    EXPECT_EQ(fault("buyer_id,stars,selected", "buyer-7,4,yes"), "invalid_field");
    for (const auto* line : {"\"buyer-7,4", "buy\"er,4", "\"buyer\"7,4"})
        EXPECT_EQ(fault("buyer_id,stars", line), "invalid_quotes") << line;
}

TEST(TrustFile, TriesAgainWhatIsNotAvailableAndNamesWhatIsRefused) {
    std::istringstream file("buyer_id,stars\nbuyer-1,4\n\nbuyer-2,9\nbuyer-3,3\n" + std::string(5000, 'x') +
                            "\nbuyer-5,2");
    std::map<std::string, int> asked;
    const SubmitTrust submit = [&](const SetTrust& trust, const std::function<void(Result<void>)>& done) {
        const int attempt = ++asked[trust.buyer.value];
        if (trust.buyer.value == "buyer-1" && attempt == 1) return false;
        if (trust.buyer.value == "buyer-3" && attempt == 1) {
            done(fail(ErrorKind::unavailable, "database_unavailable", ""));
        } else if (trust.buyer.value == "buyer-5") {
            done(fail(ErrorKind::conflict, "snapshot_older", ""));
        } else {
            done({});
        }
        return true;
    };
    std::map<std::uint64_t, std::string> refused;
    const auto count = import_trust(file, at("10:00"), submit, [&](std::uint64_t line, const Error& error) {
        refused.emplace(line, error.code);
    });
    ASSERT_TRUE(count);
    EXPECT_EQ(count->lines, 5U);
    EXPECT_EQ(count->taken, 2U);
    EXPECT_EQ(count->refused, 3U);
    const std::map<std::uint64_t, std::string> wanted{
        {4, "invalid_field"}, {6, "line_too_long"}, {7, "snapshot_older"}};
    EXPECT_EQ(refused, wanted);
    EXPECT_EQ(asked["buyer-3"], 2);
}

class TrustImports : public World {
protected:
    TrustImport imported(Gateway& gateway, const std::string& text, Instant as_of) {
        std::istringstream file(text);
        const SubmitTrust submit = [&](const SetTrust& trust, std::function<void(Result<void>)> done) {
            return gateway.pipeline().try_submit(
                a_submission(trust), [done = std::move(done)](const Result<Committed>& outcome) {
                    outcome ? done({}) : done(tl::unexpected(outcome.error()));
                });
        };
        const auto count = import_trust(file, as_of, submit, [this](std::uint64_t line, const Error& error) {
            refused_.emplace(line, error.code);
        });
        EXPECT_TRUE(count);
        return count.value_or(TrustImport{});
    }
    std::map<std::uint64_t, std::string> refused_;
};

TEST_F(TrustImports, OfThousandsOfBuyersAreCompleteAndRepeatable) {
    std::string text = "buyer_id,stars,complaints\n";
    for (int i = 0; i < 3000; ++i)
        text += "buyer-" + std::to_string(i) + ",4," + std::to_string(i % 3) + "\n";
    text += "buyer-1,9,0\n";
    Gateway gateway(database_.dsn(), clock_);
    const auto first = imported(gateway, text, at("09:00"));
    EXPECT_EQ(first.lines, 3001U);
    EXPECT_EQ(first.taken, 3000U);
    EXPECT_EQ(refused_, (std::map<std::uint64_t, std::string>{{3002, "invalid_field"}}));
    EXPECT_EQ(count("credit_line WHERE stars = 4"), 3000);
    EXPECT_EQ(count("buyer_trust WHERE complaints = 2"), 1000);
    EXPECT_EQ(imported(gateway, text, at("09:00")).taken, 3000U);
    EXPECT_EQ(count("credit_line WHERE version > 1"), 0);
    EXPECT_EQ(count("buyer_standing WHERE version > 1"), 0);
    refused_.clear();
    EXPECT_EQ(imported(gateway, "buyer_id,stars\nbuyer-1,1\n", at("08:00")).refused, 1U);
    EXPECT_EQ(refused_, (std::map<std::uint64_t, std::string>{{2, "snapshot_older"}}));
    EXPECT_EQ(line_of(BuyerId{"buyer-1"}).stars, 4);
}

}  // namespace
}  // namespace returngate::test
