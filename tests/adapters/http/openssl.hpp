// OpenSSL's objects with an owner, for the tests that use it by hand.
#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace returngate::http::testing {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<&EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<&X509_free>>;
using Text = std::unique_ptr<BIO, Release<&BIO_free_all>>;
using SslContext = std::unique_ptr<SSL_CTX, Release<&SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Release<&SSL_free>>;

}  // namespace returngate::http::testing
