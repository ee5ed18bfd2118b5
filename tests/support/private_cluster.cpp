// tests/support/pg_cluster.sh does it.
#include "tests/support/private_cluster.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace returngate::testing {
namespace {

// A database name makes it one that is kept over its stops.
constexpr const char* kDatabase = "kept";

bool run(const std::string& action, const std::string& folder, const std::string& option = {}) {
    const std::string command =
        RETURNGATE_SOURCE_DIR "/tests/support/pg_cluster.sh " + action + " '" + folder + "' " + option;
    return std::system(command.c_str()) == 0;  // NOLINT(cert-env33-c): our own script, and our own words
}

void require(bool is_done, const std::string& what) {
    if (!is_done) throw std::runtime_error("the private cluster: cannot " + what);
}

}  // namespace

PrivateCluster::PrivateCluster(std::string name) : folder_(RETURNGATE_BINARY_DIR "/pg_" + std::move(name)) {
    require(run("stop", folder_), "remove what an earlier run has left");
    start();
    std::ifstream file(folder_ + "/dsn");
    std::getline(file, dsn_);
    require(!dsn_.empty(), "be reached");
}

PrivateCluster::~PrivateCluster() {
    if (!run("stop", folder_)) std::fprintf(stderr, "%s is left behind\n", folder_.c_str());
}

void PrivateCluster::crash() {
    require(run("kill", folder_), "be killed");
}

void PrivateCluster::start() {
    require(run("start", folder_, kDatabase), "start");
}

}  // namespace returngate::testing
