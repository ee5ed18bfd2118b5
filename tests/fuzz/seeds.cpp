// fuzz_seeds CODE FOLDER: the courier's recorded exchanges as the fuzzer's first inputs.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "adapters/courier/registry.hpp"
#include "tests/conformance/recording.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace returngate;

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

// A seed that is refused, or says something else than its recording, would hide the decoder behind it.
void require_same_meaning(const courier::Courier& courier, const courier::Account& account,
                          const conformance::RecordedPush& recorded, const std::string& seed) {
    const auto input = fuzz::read_input(seed, account);
    const auto* push = input ? std::get_if<courier::Push>(&*input) : nullptr;
    const auto proof = push ? courier.authenticate(account, *push) : courier.authenticate(account, {});
    if (!proof) throw std::runtime_error(recorded.name + ": " + proof.error().message);
    const auto events = courier.decode_push(account, *push);
    std::string rendered = "[";
    for (const TrackingEvent& event : events.value())
        rendered += (rendered.size() > 1 ? "," : "") + conformance::render(event);
    if (rendered + "]" != conformance::render(recorded.expected["events"]))
        throw std::runtime_error(recorded.name + " decodes to " + rendered + "]");
}

void write_seeds(const courier::Courier& courier, const std::filesystem::path& folder) {
    const auto recording = conformance::load_recording(courier.profile().code);
    for (const auto& operation : recording.operations)
        for (const auto& answer : operation.answers) {
            const std::string name = std::string(to_string(operation.operation)) + "-" + answer.name;
            write_file(folder / name, fuzz::write_answer(operation.operation, answer.response));
        }
    for (const auto& recorded : recording.pushes) {
        const std::string seed = fuzz::write_push(recorded.push, recording.account);
        require_same_meaning(courier, recording.account, recorded, seed);
        write_file(folder / ("push-" + recorded.name), seed);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const courier::Courier* courier = argc == 3 ? courier::find_courier(argv[1]) : nullptr;
    if (courier == nullptr) {
        std::cerr << "usage: fuzz_seeds CODE FOLDER\n";
        return 2;
    }
    try {
        write_seeds(*courier, argv[2]);
    } catch (const std::exception& error) {
        std::cerr << "fuzz_seeds: " << error.what() << "\n";
        return 1;
    }
    return 0;
}
