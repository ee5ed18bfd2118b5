// Of a line, nothing but its text.
#include "tests/scenarios/text.hpp"

#include <algorithm>
#include <sstream>

namespace returngate::test {

Words words_of(const std::string& line) {
    std::istringstream in(line.substr(0, line.find('#')));
    Words words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

std::string join(const Words& words, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < words.size(); ++i) text += (text.empty() ? "" : " ") + words[i];
    return text;
}

Fen fen(const std::string& cny) {
    const auto point = cny.find('.');
    if (point == cny.npos || cny.size() - point != 3) throw NotUnderstood("no amount: " + cny);
    return std::stoll(cny.substr(0, point)) * 100 + std::stoll(cny.substr(point + 1));
}

std::string cny(Fen amount_fen) {
    const std::string cents = std::to_string(100 + amount_fen % 100).substr(1);
    return std::to_string(amount_fen / 100) + "." + cents;
}

std::optional<Instant> moment(const std::string& day, const std::string& clock) {
    const auto point = std::min(clock.find('.'), clock.size());
    const std::string seconds = point == 5 ? ":00" : "";
    const auto whole = parse_shanghai(day + " " + clock.substr(0, point) + seconds);
    if (!whole || point == clock.size()) return whole;
    return *whole + std::chrono::milliseconds(std::stoi(clock.substr(point + 1)));
}

std::vector<std::filesystem::path> scenario_files() {
    std::vector<std::filesystem::path> files;
    const auto folder = std::filesystem::path(RETURNGATE_SOURCE_DIR) / "tests" / "scenarios";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace returngate::test
