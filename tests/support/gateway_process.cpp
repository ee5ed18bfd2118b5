// Files by editing config/, processes by fork and exec.
#include "tests/support/gateway_process.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/plain_http.hpp"

namespace returngate::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kBinary = RETURNGATE_BINARY_DIR "/returngate";
const fs::path kConfig = RETURNGATE_SOURCE_DIR "/config";
constexpr std::chrono::seconds kReadyWithin{60};

// Secrets that are not just any text: a key of 16 bytes, and keys of 32 as Standard Webhooks writes them.
constexpr std::pair<std::string_view, std::string_view> kShapedSecrets[] = {
    {"ems_sign_key", "MDEyMzQ1Njc4OWFiY2RlZg=="},
    {"open_secret", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
    {"open_push_secret", "whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA="},
};

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

void write_file(const fs::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw std::runtime_error("cannot write " + file.string());
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

bool sets_key(const std::string& line, const std::string& key) {
    if (!line.starts_with(key)) return false;
    const std::size_t next = line.find_first_not_of(' ', key.size());
    return next != line.npos && line[next] == '=';
}

// Replaces `key = …` of [table], or adds it to the table, or both to the end.
void set_key(std::string& text, const TomlSetting& setting) {
    std::istringstream in(text);
    std::string out;
    std::string table;
    bool is_done = false;
    const std::string wanted = setting.key + " = " + setting.value + "\n";
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('[')) {
            if (table == setting.table && !is_done) {
                out += wanted;
                is_done = true;
            }
            table = line.substr(1, line.find(']') - 1);
        }
        if (table == setting.table && !is_done && sets_key(line, setting.key)) {
            out += wanted;
            is_done = true;
            continue;
        }
        out += line + "\n";
    }
    if (!is_done && table != setting.table) out += "\n[" + setting.table + "]\n";
    if (!is_done) out += wanted;
    text = std::move(out);
}

// What every test changes: who is where, and no waiting for anybody longer than a moment.
std::vector<TomlSetting> common_settings(const fs::path& folder, const GatewayFiles& files) {
    const std::string main = "returngate.toml";
    const std::string couriers = "couriers.toml";
    return {
        {main, "database", "dsn", quoted(files.dsn)},
        {main, "http", "port", std::to_string(files.port)},
        {main, "http", "public_url", quoted("http://127.0.0.1:" + std::to_string(files.port))},
        {main, "workers", "poll_ms", "20"},
        {main, "payout", "base_url", quoted(files.world_url)},
        {main, "payout", "timeout_ms", "700"},
        {main, "secrets", "directory", quoted((folder / "secrets").string())},
        {main, "development", "clock_offset_seconds", std::to_string(files.clock_offset.count())},
        {couriers, "couriers.YTO", "base_url", quoted(files.world_url)},
        {couriers, "couriers.YTO", "timeout_ms", "700"},
        {couriers, "couriers.SF", "base_url", quoted(files.world_url)},
        {couriers, "couriers.SF", "timeout_ms", "700"},
        {"policy.toml", "advance", "confirm_poll_seconds", "1"},
    };
}

// One for each `…_file = "name"` of the text.
void write_named_secrets(const fs::path& folder, const std::string& text) {
    constexpr std::string_view kNames = "_file = \"";
    for (std::size_t at = text.find(kNames); at != text.npos; at = text.find(kNames, at)) {
        at += kNames.size();
        const std::string name = text.substr(at, text.find('"', at) - at);
        write_file(folder / name, secret_in(name) + "\n");
    }
}

void write_secrets(const fs::path& folder, const GatewayFiles& files) {
    const GatewaySecrets secrets;
    fs::create_directories(folder);
    for (const auto& more : files.more_couriers) write_named_secrets(folder, content_of(kConfig / more));
    write_file(folder / "payout_api_key", secrets.payout + "\n");
    write_file(folder / "webhook_key", secrets.webhook_key + "\n");
    write_file(folder / "yto_callback_token", secrets.yto_callback_token + "\n");
    write_file(folder / "sf_callback_token", secrets.sf_callback_token + "\n");
    write_file(folder / "yto_secret", secrets.yto + "\n");
    write_file(folder / "yto_push_secret", secrets.yto_push + "\n");
    write_file(folder / "sf_checkword", secrets.sf + "\n");
    write_file(folder / "kuaidi100_callback_token", secrets.kuaidi100_callback_token + "\n");
    write_file(folder / "kuaidi100_key", secrets.kuaidi100_key + "\n");
    write_file(folder / "kuaidi100_secret", secrets.kuaidi100 + "\n");
}

// Nothing of ours is inherited but `output`: a copy of a socket would keep its peer waiting.
pid_t spawn(const std::vector<std::string>& arguments, int output, int errors, const fs::path& input) {
    std::vector<const char*> argv{kBinary.c_str()};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    argv.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child > 0) return child;
    // Only what is safe between fork and exec of a program with threads.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    const int source = ::open(input.c_str(), O_RDONLY);
    if (::dup2(source, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(errors, 2) < 0) ::_exit(126);
    ::close_range(3, ~0U, 0);
    // POSIX: execv changes neither the array nor the texts.
    ::execv(argv[0], const_cast<char* const*>(argv.data()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
    ::_exit(127);
}

int open_for_appending(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) throw std::runtime_error("cannot open " + file.string());
    return descriptor;
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw std::runtime_error("cannot wait for the child");
    }
    return status;
}

int exit_code(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "returngate-e2e.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for temporary files");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
    if (error) std::fprintf(stderr, "%s is left behind: %s\n", path_.c_str(), error.message().c_str());
}

std::string secret_in(std::string_view file_name) {
    for (const auto& [name, secret] : kShapedSecrets)
        if (name == file_name) return std::string(secret);
    constexpr std::size_t kTokenLength = 33;  // of a callback token at least 32, letters and digits only
    std::string secret = "e2e";
    std::ranges::copy_if(file_name, std::back_inserter(secret), [](char c) { return c != '_'; });
    secret.resize(std::max(secret.size(), kTokenLength), '0');
    return secret;
}

std::string own_file_of(std::string_view courier) {
    if (courier == "YTO" || courier == "SF") return "";
    std::string file = "couriers.";
    std::ranges::transform(courier, std::back_inserter(file),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return file + ".toml";
}

fs::path write_gateway_files(const fs::path& folder, const GatewayFiles& files) {
    auto settings = common_settings(folder, files);
    settings.insert(settings.end(), files.settings.begin(), files.settings.end());
    for (const char* name : {"returngate.toml", "policy.toml", "couriers.toml"}) {
        std::string text = content_of(kConfig / name);
        if (std::string_view(name) == "couriers.toml")
            for (const auto& more : files.more_couriers) text += "\n" + content_of(kConfig / more);
        for (const auto& setting : settings) {
            if (setting.file == name) set_key(text, setting);
        }
        write_file(folder / name, text);
    }
    write_secrets(folder / "secrets", files);
    return folder / "returngate.toml";
}

std::chrono::seconds offset_to_ten_in_shanghai() {
    using namespace std::chrono;
    // China has had no summer time since 1991.
    const auto local = floor<seconds>(system_clock::now()) + hours(8);
    return hours(10) - (local - floor<days>(local));
}

CommandEnd run_command(const std::vector<std::string>& arguments, const std::string& input) {
    const TemporaryFolder folder;
    write_file(folder.path() / "input", input);
    const int output = open_for_appending(folder.path() / "output");
    const int errors = open_for_appending(folder.path() / "errors");
    const pid_t child = spawn(arguments, output, errors, folder.path() / "input");
    ::close(output);
    ::close(errors);
    CommandEnd end;
    end.code = exit_code(wait_for(child));
    end.output = content_of(folder.path() / "output");
    end.errors = content_of(folder.path() / "errors");
    return end;
}

std::string run_returngate(const std::vector<std::string>& arguments) {
    const CommandEnd end = run_command(arguments, "");
    if (end.code != 0) {
        throw std::runtime_error("returngate " + arguments.front() + " ended with " +
                                 std::to_string(end.code) + ": " + end.errors);
    }
    return end.output;
}

GatewayProcess::GatewayProcess(fs::path configuration, std::uint16_t port, fs::path log)
    : configuration_(std::move(configuration)), port_(port), log_(std::move(log)) {}

GatewayProcess::~GatewayProcess() {
    kill_outright();
}

void GatewayProcess::start() {
    const PlainRequest question{.port = port_, .target = "/readyz", .headers = {}, .body = {}};
    start([&] { return send_plain(question, std::chrono::seconds(2)).status == 200; });
}

void GatewayProcess::start(const std::function<bool()>& is_ready) {
    const int log = open_for_appending(log_);
    pid_ = spawn({"serve", "--config", configuration_.string()}, log, log, "/dev/null");
    ::close(log);
    const auto deadline = std::chrono::steady_clock::now() + kReadyWithin;
    while (std::chrono::steady_clock::now() < deadline) {
        if (is_ready()) return;
        int status = 0;
        if (has_ended(status)) {
            throw std::runtime_error("the gateway ended with " + std::to_string(exit_code(status)) + ":\n" +
                                     end_of_log());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("the gateway is not ready after a minute:\n" + end_of_log());
}

bool GatewayProcess::has_ended(int& status) {
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = 0;
    return true;
}

void GatewayProcess::send_signal(int signal) const {
    ::kill(pid_, signal);
}

void GatewayProcess::kill_outright() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    // Whatever else waitpid says: there is no such child any more.
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
}

int GatewayProcess::terminate(std::chrono::seconds patience) {
    ::kill(pid_, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    int status = 0;
    while (!has_ended(status)) {
        if (std::chrono::steady_clock::now() > deadline) {
            kill_outright();
            throw std::runtime_error("the gateway did not end:\n" + end_of_log());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return exit_code(status);
}

std::string GatewayProcess::log() const {
    return fs::exists(log_) ? content_of(log_) : std::string();
}

std::string GatewayProcess::end_of_log() const {
    constexpr std::size_t kMost = 6000;
    const std::string text = log();
    return text.size() <= kMost ? text : "…" + text.substr(text.size() - kMost);
}

}  // namespace returngate::testing
