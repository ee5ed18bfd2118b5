// Small things about the store's values.
#include "adapters/store/store.hpp"

namespace returngate::store {

bool Changes::empty() const {
    return orders.empty() && lines.empty() && trusts.empty() && cases.empty() && replaced_pickups.empty() &&
           bookings.empty() && moved_bookings.empty() && doors.empty() && advances.empty() &&
           rulings.empty() && standings.empty() && refunds.empty() && contacts.empty() &&
           applications.empty() && evidence.empty() && transfers.empty() && recoveries.empty() &&
           repayments.empty() && entries.empty() && inbox.empty() && answers.empty() && jobs.empty() &&
           first_jobs.empty();
}

}  // namespace returngate::store
