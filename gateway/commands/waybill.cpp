// waybill check: what a number is, as JSON, one row per input (decision 31).
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "gateway/commands/commands.hpp"
#include "src/waybill/check.hpp"

namespace returngate::commands {
namespace {

struct WaybillOptions {
    std::vector<std::string> numbers;
    std::string courier;
    bool as_json = false;
};

std::string row_json(std::string_view courier, std::string_view number, const waybill::Report& report) {
    json::Writer row;
    row.begin_object();
    row.member("courier", courier.empty() ? std::optional<std::string>() : std::string(courier));
    row.member("number", number).member("canonical", report.canonical).member("suffix", report.suffix);
    row.member("verdict", to_string(report.verdict)).member("check", to_string(report.check));
    row.key("candidates").begin_array();
    for (const auto& candidate : report.candidates) {
        row.begin_object().member("courier", candidate.courier).member("format", candidate.format);
        row.member("tier", candidate.tier).member("check", to_string(candidate.check)).end_object();
    }
    row.end_array().key("reasons").begin_array();
    for (const auto reason : report.reasons) row.value(reason);
    return row.end_array().end_object().take();
}

void print_plain(std::string_view number, const waybill::Report& report) {
    std::printf("%.*s: %s", static_cast<int>(number.size()), number.data(), to_string(report.verdict).data());
    for (const auto& candidate : report.candidates) {
        std::printf("  %s/%s tier %d check %s", candidate.courier.data(), candidate.format.data(),
                    candidate.tier, to_string(candidate.check).data());
    }
    for (const auto reason : report.reasons) std::printf("  [%s]", reason.data());
    std::printf("\n");
}

void answer(const WaybillOptions& options, std::string_view courier, std::string_view number) {
    const auto declared = courier.empty() ? std::nullopt : std::optional(courier);
    const auto report = waybill::check(number, declared);
    if (options.as_json) {
        std::puts(row_json(courier, number, report).c_str());
    } else {
        print_plain(number, report);
    }
}

// A line is {"number": "…", "courier": "…"}, a JSON string, or the number as it is.
void answer_line(const WaybillOptions& options, const std::string& line) {
    const auto parsed = json::parse(line);
    if (parsed && parsed->is_object()) {
        const auto number = (*parsed)["number"].text();
        const auto courier = (*parsed)["courier"].string().value_or(options.courier);
        return answer(options, courier, number.value_or(""));
    }
    if (parsed && parsed->is_string()) return answer(options, options.courier, *parsed->string());
    answer(options, options.courier, line);
}

int check(const WaybillOptions& options) {
    for (const auto& number : options.numbers) {
        if (number != "-") {
            answer(options, options.courier, number);
            continue;
        }
        std::string line;
        while (std::getline(std::cin, line)) {
            if (!line.empty() && line.back() == '\r') line.pop_back();
            if (!line.empty()) answer_line(options, line);
        }
    }
    return 0;
}

}  // namespace

void add_waybill(CLI::App& app, Action& action) {
    auto* waybills = app.add_subcommand("waybill", "waybill numbers");
    waybills->require_subcommand(1);
    auto* command =
        waybills->add_subcommand("check", "shape, check digit, candidates and verdict of numbers");
    auto options = std::make_shared<WaybillOptions>();
    command
        ->add_option("numbers", options->numbers,
                     "numbers, or - for JSON lines {\"number\", \"courier\"} on stdin")
        ->required();
    command->add_option("--courier", options->courier,
                        "the declared courier's code, for inputs that name none");
    command->add_flag("--json", options->as_json, "one JSON object per number");
    command->callback([options, &action] { action = [options] { return check(*options); }; });
}

}  // namespace returngate::commands
