// What a caller was told, written down outside of the program that told it: a crash of that one cannot
// take it back.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace returngate::testing {

// One 2xx answer: what kind of promise, and the ids that were promised about.
struct Acknowledgement {
    std::string kind;  // order, return, pickup, cancellation, …
    std::vector<std::string> ids;
};

// An O_APPEND file, one line each. Any thread.
class AcknowledgementLog {
public:
    explicit AcknowledgementLog(std::filesystem::path file);
    ~AcknowledgementLog();
    AcknowledgementLog(const AcknowledgementLog&) = delete;
    AcknowledgementLog& operator=(const AcknowledgementLog&) = delete;

    // The line has left for the file when this returns. Throws when it cannot.
    void append(const Acknowledgement& acknowledgement);
    [[nodiscard]] std::vector<Acknowledgement> read() const;

private:
    std::filesystem::path file_;
    int descriptor_;
};

}  // namespace returngate::testing
