// X.509 by OpenSSL: P-256 keys, two hours of validity before now, one after.
#include "tests/adapters/http/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/adapters/http/openssl.hpp"

namespace returngate::http::testing {
namespace {

void add_extension(X509* certificate, int kind, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate unsigned_certificate(EVP_PKEY* key, const std::string& name, long serial, bool has_expired) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), has_expired ? -3600 : 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return certificate;
}

std::string text_of(BIO* text) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(text, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const Text text(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(text.get(), certificate);
    return text_of(text.get());
}

std::string pem(EVP_PKEY* key) {
    const Text text(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(text.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(text.get());
}

}  // namespace

struct Authority::State {
    Key key{EVP_EC_gen("P-256")};
    Certificate certificate;
};

Authority::Authority(const std::string& name) : state_(std::make_unique<State>()) {
    state_->certificate = unsigned_certificate(state_->key.get(), name, 1, false);
    X509* own = state_->certificate.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    add_extension(own, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(own, state_->key.get(), EVP_sha256());
}
Authority::~Authority() = default;
Authority::Authority(Authority&&) noexcept = default;

std::string Authority::certificate() const {
    return pem(state_->certificate.get());
}

Issued Authority::issue(const CertificateWish& wish) const {
    const Key key(EVP_EC_gen("P-256"));
    const std::string subject = wish.is_named_in_subject_only ? wish.name : "somebody";
    const auto certificate = unsigned_certificate(key.get(), subject, wish.serial, wish.has_expired);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(state_->certificate.get()));
    const bool is_address = wish.name.find_first_not_of("0123456789.") == std::string::npos;
    if (!wish.is_named_in_subject_only)
        add_extension(certificate.get(), NID_subject_alt_name, (is_address ? "IP:" : "DNS:") + wish.name);
    add_extension(certificate.get(), NID_ext_key_usage, wish.is_for_clients ? "clientAuth" : "serverAuth");
    X509_sign(certificate.get(), state_->key.get(), EVP_sha256());
    Issued issued;
    issued.certificate = pem(certificate.get());
    issued.key = pem(key.get());
    return issued;
}

}  // namespace returngate::http::testing
