// Leases: due jobs come once, come back when their worker is silent, and bring what their call needs.
#include "adapters/postgres/job_queue.hpp"

#include <set>
#include <thread>

#include "tests/adapters/postgres/stored.hpp"
#include "tests/support/migrated_database.hpp"

namespace returngate::test {
namespace {

using namespace std::chrono_literals;
using postgres::JobQueue;
using postgres::LeaseTerms;

class Jobs : public ::testing::Test {
protected:
    Jobs() { must_save(*store_, a_stored_case()); }

    void schedule(JobKind kind, const std::string& subject, Instant due) {
        store::Changes changes;
        changes.jobs = {{{kReturn, kind, subject}, due}};
        must_save(*store_, changes);
    }
    static LeaseTerms terms_at(Instant now) {
        LeaseTerms terms;
        terms.now = now;
        return terms;
    }

    testing::MigratedDatabase database_;
    std::unique_ptr<store::Store> store_ = open_store(database_.dsn());
    JobQueue queue_{database_.dsn()};
};

TEST_F(Jobs, ComeWhenTheyAreDueTheOldestFirst) {
    schedule(JobKind::ship_deadline, "", at("12:00"));
    schedule(JobKind::pay, "adv", at("11:00"));
    EXPECT_TRUE(queue_.lease(terms_at(at("10:59:59"))).empty());
    const auto jobs = queue_.lease(terms_at(at("12:00")));
    ASSERT_EQ(jobs.size(), 2U);
    EXPECT_EQ(jobs[0].key, (JobKey{kReturn, JobKind::pay, "adv"}));
    EXPECT_EQ(jobs[0].due_at, at("11:00"));
    EXPECT_EQ(jobs[0].attempt, 1);
    EXPECT_EQ(jobs[1].key.kind, JobKind::ship_deadline);
}

TEST_F(Jobs, AreHiddenWhileLeasedAndComeBackAfterwards) {
    schedule(JobKind::ship_deadline, "", at("11:00"));
    EXPECT_EQ(queue_.lease(terms_at(at("11:00"))).size(), 1U);
    EXPECT_TRUE(queue_.lease(terms_at(at("11:00:29"))).empty());
    const auto again = queue_.lease(terms_at(at("11:00:30")));
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].attempt, 2);
    EXPECT_EQ(again[0].due_at, at("11:00"));
}

TEST_F(Jobs, NoMoreThanAskedForAreLeased) {
    for (int i = 0; i < 5; ++i) schedule(JobKind::door_give_up, std::to_string(i), at("11:00"));
    LeaseTerms terms = terms_at(at("11:00"));
    terms.most = 3;
    EXPECT_EQ(queue_.lease(terms).size(), 3U);
    EXPECT_EQ(queue_.lease(terms).size(), 2U);
}

TEST_F(Jobs, OfOtherKindsAreLeftToOthers) {
    schedule(JobKind::pay, "adv", at("11:00"));
    schedule(JobKind::ship_deadline, "", at("11:00"));
    LeaseTerms terms = terms_at(at("11:00"));
    terms.kinds = {JobKind::pay, JobKind::resolve_payout};
    const auto jobs = queue_.lease(terms);
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].key.kind, JobKind::pay);
}

TEST_F(Jobs, OfCouriersThatHaveNoPlaceLeftAreLeftWhereTheyAre) {
    store::Changes changes;
    changes.bookings = {{kReturn, a_new_booking(1, BookingStatus::refused)},
                        {kReturn, a_new_booking(2, BookingStatus::placing)}};
    changes.bookings[1].second.courier.value = "YTO";
    must_save(*store_, changes);
    schedule(JobKind::place_booking, reference_of(1).value, at("11:00"));
    schedule(JobKind::place_booking, reference_of(2).value, at("11:00"));
    LeaseTerms terms = terms_at(at("11:00"));
    terms.without = {CourierCode{"ZTO"}, CourierCode{"SF"}};
    const auto jobs = queue_.lease(terms);
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].courier.value, "YTO");
    EXPECT_EQ(database_.number("SELECT attempts FROM job WHERE subject = '" + reference_of(1).value + "'"),
              0);
}

TEST_F(Jobs, HandedBackAreDueAsTheyWereAndWereNotTried) {
    schedule(JobKind::pay, "adv", at("11:00"));
    schedule(JobKind::ship_deadline, "", at("11:00"));
    auto jobs = queue_.lease(terms_at(at("11:05")));
    ASSERT_EQ(jobs.size(), 2U);
    EXPECT_TRUE(queue_.lease(terms_at(at("11:05"))).empty());
    std::erase_if(jobs, [](const auto& job) { return job.key.kind != JobKind::pay; });
    queue_.hand_back(jobs);
    jobs = queue_.lease(terms_at(at("11:05")));
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].key.kind, JobKind::pay);
    EXPECT_EQ(jobs[0].attempt, 1);
}

TEST_F(Jobs, OfANewerProgramAreLeftToIt) {
    database_.run(
        "INSERT INTO job (cell, return_id, kind, subject, due_at, run_at) "
        "SELECT cell, return_id, 'invented_later', '', '2026-01-01', '2026-01-01' FROM return_case");
    schedule(JobKind::ship_deadline, "", at("11:00"));
    const auto jobs = queue_.lease(terms_at(at("11:00")));
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].key.kind, JobKind::ship_deadline);
    EXPECT_EQ(database_.number("SELECT attempts FROM job WHERE kind = 'invented_later'"), 0);
}

TEST_F(Jobs, PayoutsStayWhereTheyAreWhileMoneyIsHalted) {
    schedule(JobKind::pay, "adv", at("11:00"));
    schedule(JobKind::resolve_payout, "adv", at("11:00"));
    LeaseTerms terms = terms_at(at("11:00"));
    terms.payouts_halted = true;
    const auto halted = queue_.lease(terms);
    ASSERT_EQ(halted.size(), 1U);
    EXPECT_EQ(halted[0].key.kind, JobKind::resolve_payout);
    EXPECT_TRUE(halted[0].payouts_halted);
    EXPECT_EQ(database_.number("SELECT attempts FROM job WHERE kind = 'pay'"), 0);
    terms.payouts_halted = false;
    ASSERT_EQ(queue_.lease(terms).size(), 1U);
    terms.kinds = {JobKind::pay};
    terms.payouts_halted = true;
    EXPECT_TRUE(queue_.lease(terms).empty());
}

TEST_F(Jobs, TwoQueuesNeverLeaseTheSameJobWithinItsLease) {
    constexpr std::size_t kJobs = 400;
    store::Changes changes;
    for (std::size_t i = 0; i < kJobs; ++i) {
        changes.jobs.push_back({{kReturn, JobKind::door_give_up, std::to_string(i)}, at("11:00")});
    }
    must_save(*store_, changes);
    std::array<std::vector<std::string>, 3> leased;
    {
        std::vector<std::jthread> workers;
        for (auto& mine : leased) {
            workers.emplace_back([&mine, this] {
                JobQueue queue(database_.dsn());
                LeaseTerms terms = terms_at(at("11:00"));
                terms.most = 7;
                for (auto jobs = queue.lease(terms); !jobs.empty(); jobs = queue.lease(terms)) {
                    for (const auto& job : jobs) mine.push_back(job.key.subject);
                }
            });
        }
    }
    std::multiset<std::string> all;
    for (const auto& mine : leased) all.insert(mine.begin(), mine.end());
    EXPECT_EQ(all.size(), std::set<std::string>(all.begin(), all.end()).size());
    // SKIP LOCKED may show a queue nothing while others hold the rest; nothing is lost by that.
    const auto rest = queue_.lease(terms_at(at("11:00")));
    EXPECT_EQ(all.size() + rest.size(), kJobs);
}

TEST_F(Jobs, BringWhatTheirCallNeeds) {
    store::Changes changes;
    const Pickup pickup = a_new_pickup();
    ReturnCase row = saved_once(a_new_case());
    row.pickup = pickup;
    Booking booking = a_new_booking(1, BookingStatus::placing);
    booking.carrying_courier = "JT";
    booking.waybill = kJtNumber;
    changes.cases = {row};
    changes.bookings = {{kReturn, booking}};
    changes.contacts = {Contact{pickup.contact, "pickup", "张三", "13900000001", "浙江省", "杭州市", "西湖区",
                                "某路 1 号", ""},
                        Contact{ContactId{{0, 7}}, "return_address", "某店", "13900000002", "广东省",
                                "广州市", "", "某街 2 号", ""},
                        a_contact(an_id<ContactId>(4), "payee", "payer-token")};
    Advance advance = a_new_advance();
    changes.advances = {{kReturn, kBuyer, advance}};
    changes.jobs = {{{kReturn, JobKind::place_booking, booking.reference.value}, at("11:00")}};
    must_save(*store_, changes);
    database_.run("INSERT INTO seller VALUES ('" + kSeller.value + "', '某店', true, '" +
                  detail::to_hex(ContactId{{0, 7}}.bytes) + "', now())");

    const auto jobs = queue_.lease(terms_at(at("11:00")));
    ASSERT_EQ(jobs.size(), 1U);
    const auto& job = jobs[0];
    EXPECT_EQ(job.courier.value, "SF");
    EXPECT_EQ(job.number_courier, "JT");
    EXPECT_EQ(job.waybill, kJtNumber);
    EXPECT_EQ(job.window, booking.window);
    EXPECT_EQ(job.sender.name, "张三");
    EXPECT_EQ(job.sender.county, "西湖区");
    EXPECT_EQ(job.recipient.phone, "13900000002");
    EXPECT_EQ(job.recipient.address, "某街 2 号");
    EXPECT_EQ(job.advance, advance.id);
    EXPECT_EQ(job.advance_state, AdvanceState::committed);
    EXPECT_EQ(job.amount_fen, 9900);
    EXPECT_EQ(job.payee_reference, "payer-token");
}

TEST_F(Jobs, ToPayARefundHaveItsAmountAndPayee) {
    store::Changes changes;
    changes.contacts = {a_contact(an_id<ContactId>(4), "payee", "payer-token")};
    Refund refund = a_new_refund();
    refund.amount_fen = 1234;
    changes.refunds = {{kReturn, refund}};
    changes.jobs = {{{kReturn, JobKind::pay, refund.provider_key()}, at("11:00")}};
    must_save(*store_, changes);
    const auto jobs = queue_.lease(terms_at(at("11:00")));
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0].refund_state, RefundState::committed);
    EXPECT_EQ(jobs[0].amount_fen, 1234);
    EXPECT_EQ(jobs[0].payee_reference, "payer-token");
    EXPECT_TRUE(jobs[0].advance.is_nil());
}

// A kind that nobody leases is a promise that nobody keeps.
TEST_F(Jobs, OfEveryKindAreLeased) {
    store::Changes changes;
    for (std::size_t i = 0; i < kJobKinds; ++i)
        changes.jobs.push_back({{kReturn, static_cast<JobKind>(i), "subject"}, at("11:00")});
    must_save(*store_, changes);
    EXPECT_EQ(queue_.lease(terms_at(at("11:00"))).size(), kJobKinds);
}

TEST_F(Jobs, WithoutABookingOrAnAdvanceLeaveThosePartsEmpty) {
    schedule(JobKind::ship_deadline, "", at("11:00"));
    const auto jobs = queue_.lease(terms_at(at("11:00")));
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_TRUE(jobs[0].courier.value.empty());
    EXPECT_TRUE(jobs[0].sender.name.empty());
    EXPECT_TRUE(jobs[0].advance.is_nil());
}

TEST_F(Jobs, MoneyIsHaltedOnceAndTheLatestWordStands) {
    EXPECT_FALSE(queue_.money_halted());
    queue_.halt_money("echoed_amount_differs", at("11:00"));
    queue_.halt_money("echoed_amount_differs", at("11:01"));
    EXPECT_TRUE(queue_.money_halted());
    EXPECT_EQ(database_.number("SELECT count(*) FROM money_halt"), 1);
    database_.run(
        "INSERT INTO money_halt (halted, reason, by_whom, at) VALUES (false, 'looked', 'a person', now())");
    EXPECT_FALSE(queue_.money_halted());
}

TEST_F(Jobs, TheQueueWorksAgainAfterALostConnection) {
    schedule(JobKind::ship_deadline, "", at("11:00"));
    (void)queue_.money_halted();
    database_.cut_connections();
    EXPECT_ANY_THROW((void)queue_.lease(terms_at(at("11:00"))));
    queue_.reset();
    EXPECT_EQ(queue_.lease(terms_at(at("11:00"))).size(), 1U);
}

}  // namespace
}  // namespace returngate::test
