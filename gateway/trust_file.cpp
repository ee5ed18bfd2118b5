// Lines are read as fast as they are taken; the slowest of some hundred holds the reading up.
#include "gateway/trust_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "gateway/api/fields.hpp"
#include "gateway/api/text_rules.hpp"

namespace returngate {
namespace {

constexpr std::array<std::string_view, 8> kColumns{"buyer_id",       "stars",      "line_fen",
                                                   "refund_rate_bp", "complaints", "dispute_rate_bp",
                                                   "selected",       "excluded"};
constexpr std::size_t kMostBytes = 4096;  // of a line
constexpr std::size_t kAtOnce = 512;      // lines under way
constexpr int kMostAttempts = 20;         // of a line that is not available
constexpr std::chrono::milliseconds kPause{50};

Error wrong(std::string_view column, std::string_view what) {
    return Error{ErrorKind::invalid, "invalid_field", std::string(column) + " " + std::string(what)};
}

// Absent: a quote that does not end, or that stands inside a bare field.
std::optional<std::vector<std::string>> fields_of(std::string_view line) {
    std::vector<std::string> fields(1);
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (is_quoted) {
            const bool is_doubled = c == '"' && i + 1 < line.size() && line[i + 1] == '"';
            if (c == '"' && !is_doubled) {
                is_quoted = false;
                if (i + 1 < line.size() && line[i + 1] != ',') return std::nullopt;
                continue;
            }
            if (is_doubled) ++i;
            fields.back() += c;
        } else if (c == ',') {
            fields.emplace_back();
        } else if (c == '"') {
            if (!fields.back().empty()) return std::nullopt;
            is_quoted = true;
        } else {
            fields.back() += c;
        }
    }
    if (is_quoted) return std::nullopt;
    return fields;
}

class Record {
public:
    Record(const std::vector<std::string>& names, const std::vector<std::string>& fields)
        : names_(names), fields_(fields) {}

    [[nodiscard]] const std::string& text(std::string_view column) const {
        static const std::string kNothing;
        const auto found = std::ranges::find(names_, column);
        return found == names_.end() ? kNothing : fields_[static_cast<std::size_t>(found - names_.begin())];
    }
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view column, std::int64_t least,
                                                      std::int64_t most) {
        const std::string& text = this->text(column);
        if (text.empty()) return std::nullopt;
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < least || number > most) {
            fault =
                wrong(column, "is to be from " + std::to_string(least) + " to " + std::to_string(most) + ".");
            return std::nullopt;
        }
        return number;
    }
    [[nodiscard]] bool flag(std::string_view column) {
        const std::string& text = this->text(column);
        if (!text.empty() && text != "true" && text != "false")
            fault = wrong(column, "is to be true or false.");
        return text == "true";
    }

    std::optional<Error> fault;  // the last one

private:
    const std::vector<std::string>& names_;
    const std::vector<std::string>& fields_;
};

std::int32_t figure(Record& record, std::string_view column, std::int64_t most) {
    return static_cast<std::int32_t>(record.integer(column, 0, most).value_or(0));
}

struct Line {
    std::uint64_t number = 0;
    SetTrust trust;
    int attempts = 0;
};

// What is under way, and what came of it. Completions may come from any thread.
class UnderWay {
public:
    UnderWay(const SubmitTrust& submit, const ReportLine& report, TrustImport& count)
        : submit_(submit), report_(report), count_(count) {}

    void refuse(std::uint64_t number, const Error& error) {
        const std::lock_guard lock(mutex_);
        refuse_locked(number, error);
    }
    void send(Line line) {
        wait_for_room();
        {
            const std::lock_guard lock(mutex_);
            ++under_way_;
        }
        push(std::move(line));
    }
    void finish() {
        for (;;) {
            send_again();
            std::unique_lock lock(mutex_);
            if (under_way_ == 0 && again_.empty()) return;
            moved_.wait_for(lock, kPause);
        }
    }

private:
    void wait_for_room() {
        for (;;) {
            send_again();
            std::unique_lock lock(mutex_);
            if (under_way_ + again_.size() < kAtOnce) return;
            moved_.wait_for(lock, kPause);
        }
    }
    // Counted as under way already.
    void push(Line line) {
        line.attempts += 1;
        auto done = [this, line](const Result<void>& outcome) { this->done(line, outcome); };
        while (!submit_(line.trust, done)) std::this_thread::sleep_for(kPause);
    }
    void send_again() {
        std::deque<Line> waiting;
        {
            const std::lock_guard lock(mutex_);
            std::swap(waiting, again_);
            under_way_ += waiting.size();
        }
        if (waiting.empty()) return;
        std::this_thread::sleep_for(kPause);  // the database may be coming back
        for (auto& line : waiting) push(std::move(line));
    }
    void done(const Line& line, const Result<void>& outcome) {
        const std::lock_guard lock(mutex_);
        --under_way_;
        if (outcome) {
            ++count_.taken;
        } else if (outcome.error().kind == ErrorKind::unavailable && line.attempts < kMostAttempts) {
            again_.push_back(line);
        } else {
            refuse_locked(line.number, outcome.error());
        }
        moved_.notify_all();
    }
    void refuse_locked(std::uint64_t number, const Error& error) {
        ++count_.refused;
        report_(number, error);
    }

    const SubmitTrust& submit_;
    const ReportLine& report_;
    TrustImport& count_;
    std::mutex mutex_;
    std::condition_variable moved_;
    std::deque<Line> again_;
    std::size_t under_way_ = 0;
};

// The rest of a line that is too long is read over. False at the end of the file.
bool read_line(std::istream& file, std::string& line, bool& is_too_long) {
    line.clear();
    is_too_long = false;
    bool is_any = false;
    for (int c = file.get(); c != std::istream::traits_type::eof(); c = file.get()) {
        is_any = true;
        if (c == '\n') break;
        if (line.size() < kMostBytes) {
            line += static_cast<char>(c);
        } else {
            is_too_long = true;
        }
    }
    if (line.ends_with('\r')) line.pop_back();
    return is_any;
}

}  // namespace

Result<TrustColumns> TrustColumns::of_header(std::string_view line) {
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);  // as spreadsheets write it
    auto names = fields_of(line);
    if (!names) return fail(ErrorKind::invalid, "invalid_header", "The first line is to name the columns.");
    std::set<std::string_view> seen;
    for (const auto& name : *names) {
        if (std::ranges::find(kColumns, name) == kColumns.end())
            return fail(ErrorKind::invalid, "unknown_column", "There is no column \"" + name + "\".");
        if (!seen.insert(name).second)
            return fail(ErrorKind::invalid, "column_named_twice", "A column is named twice: " + name + ".");
    }
    if (!seen.contains("buyer_id") || !seen.contains("stars"))
        return fail(ErrorKind::invalid, "column_missing", "The columns buyer_id and stars are needed.");
    TrustColumns columns;
    columns.names_ = *std::move(names);
    return columns;
}

Result<SetTrust> TrustColumns::read(std::string_view line, Instant as_of) const {
    const auto fields = fields_of(line);
    if (!fields)
        return fail(ErrorKind::invalid, "invalid_quotes", "A quoted field does not end as it should.");
    if (fields->size() != names_.size()) {
        return fail(ErrorKind::invalid, "invalid_count",
                    std::to_string(fields->size()) + " fields, not " + std::to_string(names_.size()) + ".");
    }
    Record record(names_, *fields);
    SetTrust trust;
    trust.buyer.value = record.text("buyer_id");
    trust.as_of = as_of;
    trust.stars = static_cast<int>(record.integer("stars", 1, 5).value_or(0));
    trust.line_fen = record.integer("line_fen", 0, api::kMostFen);
    trust.trust.refund_rate_bp = figure(record, "refund_rate_bp", 10'000);
    trust.trust.complaints = figure(record, "complaints", 1'000'000);
    trust.trust.dispute_rate_bp = figure(record, "dispute_rate_bp", 10'000);
    trust.trust.is_selected = record.flag("selected");
    trust.trust.excluded = record.text("excluded");
    if (api::identifier_fault(trust.buyer.value, api::kIdentifierBytes))
        record.fault = wrong("buyer_id", "is to be an identifier.");
    if (api::text_fault(trust.trust.excluded, 200)) record.fault = wrong("excluded", "is no text of ours.");
    if (trust.stars == 0 && !record.fault) record.fault = wrong("stars", "is required.");
    if (record.fault) return tl::unexpected(*record.fault);
    return trust;
}

Result<TrustImport> import_trust(std::istream& file, Instant as_of, const SubmitTrust& submit,
                                 const ReportLine& report) {
    std::string text;
    bool is_too_long = false;
    if (!read_line(file, text, is_too_long))
        return fail(ErrorKind::invalid, "invalid_header", "The file is empty.");
    const auto columns = TrustColumns::of_header(text);
    if (!columns) return tl::unexpected(columns.error());
    TrustImport count;
    UnderWay under_way(submit, report, count);
    for (std::uint64_t number = 2; read_line(file, text, is_too_long); ++number) {
        if (text.empty()) continue;
        ++count.lines;
        if (is_too_long) {
            under_way.refuse(number, Error{ErrorKind::invalid, "line_too_long", "The line is too long."});
            continue;
        }
        auto trust = columns->read(text, as_of);
        if (!trust) {
            under_way.refuse(number, trust.error());
        } else {
            under_way.send({number, *std::move(trust)});
        }
    }
    under_way.finish();
    return count;
}

}  // namespace returngate
