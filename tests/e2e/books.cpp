// SQL and the comparison of the books.
#include "tests/e2e/books.hpp"

#include <map>
#include <pqxx/pqxx>
#include <set>

#include "adapters/postgres/ledger_checks.hpp"
#include "tests/support/eventually.hpp"

namespace returngate::e2e {

struct Books::Session {
    explicit Session(const std::string& dsn) : connection(dsn) {}
    pqxx::connection connection;
};

Books::Books(const std::string& dsn) : session_(std::make_unique<Session>(dsn)) {}
Books::~Books() = default;

std::vector<std::vector<std::string>> Books::rows(const std::string& sql) {
    pqxx::nontransaction work(session_->connection);
    std::vector<std::vector<std::string>> all;
    for (const auto& row : work.exec(sql)) {
        auto& values = all.emplace_back();
        for (const auto& field : row) values.emplace_back(field.is_null() ? "" : field.c_str());
    }
    return all;
}

std::vector<std::string> Books::column(const std::string& sql) {
    std::vector<std::string> values;
    for (auto& row : rows(sql)) values.push_back(std::move(row.at(0)));
    return values;
}

std::int64_t Books::number(const std::string& sql) {
    return std::stoll(rows(sql).at(0).at(0));
}

void Books::expect_clean_ledger() {
    std::int64_t examined = 0;
    for (const auto& check : postgres::check_ledger(session_->connection)) {
        EXPECT_EQ(check.violations, 0) << check.name << ": " << check.promise << " First: " << check.first;
        examined += check.examined;
    }
    EXPECT_GT(examined, 0);
}

namespace {

std::string uuid_of(const std::string& return_id) {
    return return_id.substr(return_id.find('_') + 1);
}

}  // namespace

std::vector<std::string> bookings_of(Books& books, const std::string& return_id) {
    return books.column("SELECT courier || ' ' || status FROM booking WHERE return_id = '" +
                        uuid_of(return_id) + "' ORDER BY placed_at, booking_reference");
}

std::string advance_state(Books& books, const std::string& return_id) {
    const auto states =
        books.column("SELECT state FROM advance WHERE return_id = '" + uuid_of(return_id) + "'");
    return states.empty() ? "" : states.front();
}

void expect_square(Scene& scene) {
    Books books(scene.dsn());
    // A payout whose worker died is taken up again when its lease has run out, after half a minute.
    const bool is_quiet = testing::eventually(
        [&] {
            return books.number(
                       "SELECT (SELECT count(*) FROM advance WHERE state = 'committed') + "
                       "(SELECT count(*) FROM refund WHERE state = 'committed')") == 0;
        },
        std::chrono::seconds(75));
    EXPECT_TRUE(is_quiet) << "a payout never ended";
    books.expect_clean_ledger();

    std::map<std::string, std::vector<std::string>> paid;  // by the provider's key
    for (auto& row : books.rows(
             "SELECT a.provider_key, a.amount_fen, c.payee_reference, 'goods' FROM advance a "
             "JOIN contact c ON c.cell = a.cell AND c.contact_id = a.payee_contact_id "
             "WHERE a.state IN ('paid', 'recovered') UNION ALL "
             "SELECT r.provider_key, r.amount_fen, c.payee_reference, "
             "CASE WHEN r.kind IN ('postage', 'restitution') THEN r.kind ELSE 'goods' END FROM refund r "
             "JOIN contact c ON c.cell = r.cell AND c.contact_id = r.payee_contact_id "
             "WHERE r.state = 'paid'")) {
        paid[row.at(0)] = row;
    }
    const json::Value book = scene.provider_book();
    EXPECT_TRUE(book["incidents"].items().empty()) << "a key came with two bodies";
    std::set<std::string> payees;  // each with what for: postage and restitution are paid beside the goods
    for (const auto& payout : book["payouts"].items()) {
        const std::string key(payout["key"].string().value_or(""));
        const std::string payee(payout["payee_reference"].string().value_or(""));
        const auto advance = paid.find(key);
        if (advance == paid.end()) {
            ADD_FAILURE() << "the provider paid " << key << ", which is nothing that we call paid";
            continue;
        }
        EXPECT_EQ(std::to_string(payout["amount_fen"].integer().value_or(0)), advance->second.at(1)) << key;
        EXPECT_EQ(payee, advance->second.at(2)) << key;
        EXPECT_TRUE(payees.insert(payee + " " + advance->second.at(3)).second) << payee << " was paid twice";
        paid.erase(advance);
    }
    for (const auto& [key, advance] : paid)
        ADD_FAILURE() << "we call " << key << " paid, and the provider does not";
}

void expect_one_live_booking_each(Scene& scene) {
    Books books(scene.dsn());
    std::map<std::string, std::string> return_of;  // by booking reference
    for (auto& row : books.rows("SELECT booking_reference, return_id FROM booking"))
        return_of[row.at(0)] = row.at(1);
    std::map<std::string, std::string> live;  // return → reference
    for (const char* courier : {"YTO", "SF"}) {
        const json::Value book = scene.courier_book(courier);
        EXPECT_TRUE(book["twins"].items().empty()) << courier << " is to fetch the same goods twice";
        EXPECT_TRUE(book["changed"].items().empty())
            << courier << " was sent one reference with two contents";
        for (const auto& parcel : book["bookings"].items()) {
            const std::string reference(parcel["reference"].string().value_or(""));
            const auto known = return_of.find(reference);
            if (known == return_of.end()) {
                ADD_FAILURE() << courier << " has a booking that we do not know: " << reference;
            } else if (parcel["live"].boolean() == true) {
                EXPECT_TRUE(live.emplace(known->second, reference).second)
                    << "return " << known->second << " has two live bookings: " << reference << " and "
                    << live[known->second];
            }
        }
    }
}

}  // namespace returngate::e2e
