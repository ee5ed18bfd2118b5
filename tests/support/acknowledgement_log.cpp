// Kind and ids with tabs between them.
#include "tests/support/acknowledgement_log.hpp"

#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace returngate::testing {

AcknowledgementLog::AcknowledgementLog(std::filesystem::path file)
    : file_(std::move(file)),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) throw std::runtime_error("cannot open " + file_.string());
}

AcknowledgementLog::~AcknowledgementLog() {
    ::close(descriptor_);
}

void AcknowledgementLog::append(const Acknowledgement& acknowledgement) {
    std::string line = acknowledgement.kind;
    for (const auto& id : acknowledgement.ids) line += '\t' + id;
    line += '\n';
    // One call: with O_APPEND lines of several threads never mix.
    if (::write(descriptor_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        throw std::runtime_error("cannot write " + file_.string());
    }
}

std::vector<Acknowledgement> AcknowledgementLog::read() const {
    std::vector<Acknowledgement> all;
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        Acknowledgement one;
        std::getline(words, one.kind, '\t');
        for (std::string id; std::getline(words, id, '\t');) one.ids.push_back(id);
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace returngate::testing
