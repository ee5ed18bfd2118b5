// A month's trust snapshot as a file: one buyer a line, through the same door as PUT /v1/buyers/{id}/trust.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.hpp"
#include "src/returns/command.hpp"

namespace returngate {

// The first line names the columns, in any order: buyer_id and stars, and any of line_fen, refund_rate_bp,
// complaints, dispute_rate_bp, selected and excluded; an empty field is an absent one. Fields with a comma or
// a quote stand in quotes (RFC 4180); a line is one record.
class TrustColumns {
public:
    [[nodiscard]] static Result<TrustColumns> of_header(std::string_view line);
    // `invalid` with the column at fault.
    [[nodiscard]] Result<SetTrust> read(std::string_view line, Instant as_of) const;

private:
    std::vector<std::string> names_;
};

struct TrustImport {
    std::uint64_t lines = 0;    // but for the header and empty ones
    std::uint64_t taken = 0;    // also those that changed nothing
    std::uint64_t refused = 0;  // each was reported; lines = taken + refused
};

// `submit` is false when nothing more can be taken just now; else it calls back once, from any thread.
using SubmitTrust = std::function<bool(const SetTrust&, std::function<void(Result<void>)>)>;
// Called by one thread at a time.
using ReportLine = std::function<void(std::uint64_t line, const Error& error)>;

// Holds some hundred lines at a time, however long the file is. What is unavailable is tried again for a
// while. The same file again changes nothing. An error: the header is not understood, nothing was taken.
[[nodiscard]] Result<TrustImport> import_trust(std::istream& file, Instant as_of, const SubmitTrust& submit,
                                               const ReportLine& report);

}  // namespace returngate
