// A PostgreSQL server of one test, which may do to it what the others would notice.
#pragma once

#include <string>

namespace returngate::testing {

// Made and started by the constructor, stopped and removed by the destructor; it keeps its promises over a
// crash (fsync is on). One of that name at a time in a build folder: what an aborted run has left is removed
// first. Throws std::runtime_error.
class PrivateCluster {
public:
    explicit PrivateCluster(std::string name);
    ~PrivateCluster();
    PrivateCluster(const PrivateCluster&) = delete;
    PrivateCluster& operator=(const PrivateCluster&) = delete;

    [[nodiscard]] const std::string& dsn() const { return dsn_; }
    // kill -9 of all its processes; gone when this returns.
    void crash();
    // After a crash: recovered, and taking connections, when this returns.
    void start();

private:
    std::string folder_;
    std::string dsn_;
};

}  // namespace returngate::testing
