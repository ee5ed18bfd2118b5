// The real gateway binary as a child process of a test: its files, its start, and every way to end it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace returngate::testing {

// Made under the system's folder for temporary files, removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// One key of one of the three configuration files, as TOML: {"policy.toml", "clocks", "…", "1"}.
struct TomlSetting {
    std::string file;
    std::string table;
    std::string key;
    std::string value;
};

// The secrets that the sandbox world has to know, too.
struct GatewaySecrets {
    std::string yto = "e2eYtoSecret";
    std::string yto_push = "e2eYtoPushSecret";
    std::string sf = "e2eSfCheckword";
    std::string kuaidi100_key = "e2eKuaidi100Key";
    std::string kuaidi100 = "e2eKuaidi100Secret";
    std::string payout = "e2ePayoutApiKey";
    std::string webhook_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    std::string yto_callback_token = "ytoCallbackToken0123456789abcdef0";
    std::string sf_callback_token = "sfCallbackToken00123456789abcdef0";
    std::string kuaidi100_callback_token = "kuaidi100Token000123456789abcdef0";
};

// What a secret file that a config/couriers.CODE.toml names holds: mostly made from its name.
[[nodiscard]] std::string secret_in(std::string_view file_name);
// "couriers.zto.toml" for ZTO; "" for a courier that stands in couriers.toml itself.
[[nodiscard]] std::string own_file_of(std::string_view courier);

struct GatewayFiles {
    std::string dsn;
    std::uint16_t port = 0;
    std::string world_url;  // couriers and payment provider
    std::chrono::seconds clock_offset{0};
    std::vector<TomlSetting> settings;         // whatever else differs from config/
    std::vector<std::string> more_couriers{};  // files of config/ that go to the end of couriers.toml
};

// Writes returngate.toml, policy.toml, couriers.toml (config/'s, with these changes) and secrets/ into
// `folder`; returns the first one's path.
std::filesystem::path write_gateway_files(const std::filesystem::path& folder, const GatewayFiles& files);

// Seconds from now to ten in the morning in Shanghai, today's: pickups have opening hours, tests have not.
[[nodiscard]] std::chrono::seconds offset_to_ten_in_shanghai();

// A command of the binary, run to its end with these bytes on standard input.
struct CommandEnd {
    int code = 0;
    std::string output;
    std::string errors;
};
CommandEnd run_command(const std::vector<std::string>& arguments, const std::string& input);

// The same without input: what it printed. Throws with its standard error when it failed.
std::string run_returngate(const std::vector<std::string>& arguments);

// Uses one thread: the child dies with the thread that started it, so that none outlives a crashed test.
class GatewayProcess {
public:
    GatewayProcess(std::filesystem::path configuration, std::uint16_t port, std::filesystem::path log);
    ~GatewayProcess();
    GatewayProcess(const GatewayProcess&) = delete;
    GatewayProcess& operator=(const GatewayProcess&) = delete;

    // Returns when /readyz says so. Throws std::runtime_error with the log's end when it ends before.
    void start();
    // The same for a gateway that speaks TLS: `is_ready` asks it.
    void start(const std::function<bool()>& is_ready);
    void send_signal(int signal) const;
    // kill -9, and gone when this returns.
    void kill_outright();
    // SIGTERM; the exit code. Throws when it has not ended after `patience` (and kills it).
    int terminate(std::chrono::seconds patience = std::chrono::seconds(30));

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string log() const;  // of all its lives
    [[nodiscard]] std::string end_of_log() const;

private:
    // True once the child has ended; its status is in `status`.
    [[nodiscard]] bool has_ended(int& status);

    std::filesystem::path configuration_;
    std::uint16_t port_;
    std::filesystem::path log_;
    pid_t pid_ = 0;  // 0: not running
};

}  // namespace returngate::testing
