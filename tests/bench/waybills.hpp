// Waybill checks per second in this process, against what one would write first: a std::regex per format.
#pragma once

namespace returngate::bench {

// Prints the figures as JSON. 1 when the two do not name the same couriers.
int run_waybills(double seconds, int numbers);

}  // namespace returngate::bench
