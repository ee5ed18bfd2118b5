// spdlog behind a formatter that makes every line one JSON object.
#include "gateway/log.hpp"

#include <spdlog/async.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "adapters/json/utf8.hpp"
#include "adapters/json/writer.hpp"
#include "src/base/time.hpp"

namespace returngate::log {
namespace {

constexpr std::size_t kQueue = 8192;
// Our own lines come as ready members behind this byte, which no text of a log line holds.
constexpr char kReady = '\x01';

class JsonFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const std::string_view payload(message.payload.data(), message.payload.size());
        const auto level = spdlog::level::to_string_view(message.level);
        std::string line = "{\"at\":\"";
        line += format_rfc3339(std::chrono::time_point_cast<Duration>(message.time));
        line += "\",\"level\":\"";
        line.append(level.data(), level.size());
        line += "\",";
        if (payload.starts_with(kReady)) {
            line += payload.substr(1);
        } else {
            line += "\"message\":";
            json::append_quoted(line, json::is_utf8(payload) ? payload : "(bytes that are no text)");
        }
        line += "}\n";
        out.append(line.data(), line.data() + line.size());
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JsonFormatter>();
    }
};

spdlog::level::level_enum level_of(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

void append_member(std::string& line, std::string_view name, const Value& value) {
    if (const auto* text = std::get_if<std::string_view>(&value); text != nullptr && text->empty()) return;
    line += ',';
    json::append_quoted(line, name);
    line += ':';
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        json::append_quoted(line, json::is_utf8(*text) ? *text : "(bytes that are no text)");
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        line += std::to_string(*number);
    } else {
        line += std::get<bool>(value) ? "true" : "false";
    }
}

}  // namespace

void start(std::string_view level) {
    spdlog::init_thread_pool(kQueue, 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::async_logger>("returngate", std::move(sink), spdlog::thread_pool(),
                                                         spdlog::async_overflow_policy::overrun_oldest);
    logger->set_formatter(std::make_unique<JsonFormatter>());
    logger->set_level(spdlog::level::from_str(level == "warn" ? "warning" : std::string(level)));
    logger->flush_on(spdlog::level::warn);
    spdlog::set_default_logger(std::move(logger));
}

void stop() {
    spdlog::shutdown();
}

void write(Level level, std::string_view event, Fields fields) {
    auto* logger = spdlog::default_logger_raw();
    if (logger == nullptr || !logger->should_log(level_of(level))) return;
    std::string line(1, kReady);
    line += "\"event\":";
    json::append_quoted(line, event);
    for (const auto& [name, value] : fields) append_member(line, name, value);
    logger->log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace returngate::log
