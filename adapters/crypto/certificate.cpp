// PEM to certificates by OpenSSL.
#include "adapters/crypto/certificate.hpp"

#include <ctime>
#include <memory>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace returngate::crypto {
namespace {

struct Release {
    void operator()(BIO* text) const { BIO_free(text); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using Text = std::unique_ptr<BIO, Release>;
using Parsed = std::unique_ptr<X509, Release>;

// A password would be asked for on the terminal otherwise.
int no_password(char*, int, int, void*) {
    return 0;
}

bool read_facts(const X509& parsed, Certificate& into) {
    unsigned size = 0;
    if (X509_digest(&parsed, EVP_sha256(), into.fingerprint.data(), &size) != 1) return false;
    std::tm utc{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(&parsed), &utc) != 1) return false;
    into.expires_at = Instant(std::chrono::seconds(::timegm(&utc)));
    return size == into.fingerprint.size();
}

}  // namespace

Result<std::vector<Certificate>> read_certificates(std::string_view pem) {
    const Text text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::vector<Certificate> all;
    while (true) {
        const Parsed parsed(PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr));
        if (!parsed) break;
        Certificate certificate;
        if (!read_facts(*parsed, certificate)) {
            return fail(ErrorKind::malformed, "certificate", "holds a certificate that cannot be read");
        }
        all.push_back(certificate);
    }
    // The end of the text is an error, too; it is told from others by its reason.
    const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!is_end) return fail(ErrorKind::malformed, "certificate", "holds a certificate that cannot be read");
    if (all.empty()) return fail(ErrorKind::malformed, "certificate", "holds no certificate in PEM");
    return all;
}

}  // namespace returngate::crypto
