// From a case to the buyer's standing: the case promises a job, and the job writes the standing beside the
// case. Callbacks and bookings neither read nor write it (docs/decisions/0014).
#pragma once

#include "src/returns/draft.hpp"

namespace returngate {

// The buyer did this in this return.
void remember_conduct(Draft& draft, std::string_view fact);
// It was not so after all. Empty: nothing of this return is held against the buyer any more.
void forget_conduct(Draft& draft, std::string_view fact);

// The command of such a job's subject.
[[nodiscard]] NoteConduct conduct_of(ReturnId id, std::string_view subject);

}  // namespace returngate
