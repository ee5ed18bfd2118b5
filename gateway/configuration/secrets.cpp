// Reads one secret file, after a look at who else could.
#include "gateway/configuration/secrets.hpp"

#include <fstream>
#include <sstream>

namespace returngate::configuration {
namespace {

constexpr std::uintmax_t kLargest = 64 * 1024;

tl::unexpected<Error> refuse(const std::filesystem::path& file, std::string_view why) {
    return fail(ErrorKind::invalid, "secret_file", file.string() + " " + std::string(why));
}

}  // namespace

Result<std::string> read_secret(const std::filesystem::path& folder, std::string_view name) {
    namespace fs = std::filesystem;
    if (name.empty() || name.find('/') != name.npos || name == "..") {
        return fail(ErrorKind::invalid, "secret_file", "a secret is named by a file name without folders");
    }
    const fs::path file = folder / name;
    std::error_code error;
    const auto status = fs::status(file, error);
    if (error || !fs::is_regular_file(status)) return refuse(file, "is missing; write the secret into it");
    if ((status.permissions() & fs::perms::others_all) != fs::perms::none) {
        return refuse(file, "can be used by everybody; chmod 0600 it");
    }
    if (const auto size = fs::file_size(file, error); error || size > kLargest)
        return refuse(file, "is too large");
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream) return refuse(file, "cannot be read by this user");
    std::string secret = text.str();
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
    if (secret.empty()) return refuse(file, "is empty; write the secret into it");
    return secret;
}

}  // namespace returngate::configuration
