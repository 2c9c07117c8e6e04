#include "support/tls_identity.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <cstdio>
#include <random>
#include <stdexcept>

namespace domspool::test {
namespace {

constexpr long kDay = 24 * 60 * 60;

void require(bool is_well) {
    if (!is_well) throw std::runtime_error("OpenSSL could not make a certificate");
}

std::shared_ptr<EVP_PKEY> new_key() {
    std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    require(key != nullptr);
    return key;
}

void add_extension(X509* certificate, int number, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, number, value.c_str()), X509_EXTENSION_free);
    require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::shared_ptr<X509> blank_certificate(const std::string& name, EVP_PKEY* key,
                                        TlsAuthority::Validity validity) {
    std::shared_ptr<X509> certificate(X509_new(), X509_free);
    require(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()),
                     static_cast<long>(std::random_device{}() >> 1));
    const bool is_over = validity == TlsAuthority::Validity::over;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), is_over ? -2 * kDay : -kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), is_over ? -kDay : kDay);
    require(X509_set_pubkey(certificate.get(), key) == 1);
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                                       text, -1, -1, 0) == 1);
    return certificate;
}

void sign(X509* certificate, const X509* issuer, EVP_PKEY* key) {
    require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
    require(X509_sign(certificate, key, EVP_sha256()) > 0);
}

std::string alternative_name(const std::string& host) {
    in6_addr ignored{};
    const bool is_address = ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
                            ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
    return (is_address ? "IP:" : "DNS:") + host;
}

}  // namespace

TlsAuthority::TlsAuthority() : own_{new_key(), nullptr} {
    own_.certificate = blank_certificate("Test Authority", own_.key.get(), Validity::now);
    add_extension(own_.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own_.certificate.get(), NID_key_usage, "critical,keyCertSign");
    sign(own_.certificate.get(), own_.certificate.get(), own_.key.get());
}

TlsIdentity TlsAuthority::issue(const std::string& host, Validity validity) const {
    TlsIdentity identity{new_key(), nullptr};
    identity.certificate = blank_certificate(host, identity.key.get(), validity);
    add_extension(identity.certificate.get(), NID_subject_alt_name, alternative_name(host));
    sign(identity.certificate.get(), own_.certificate.get(), own_.key.get());
    return identity;
}

TlsIdentity TlsAuthority::self_signed(const std::string& host) {
    TlsIdentity identity{new_key(), nullptr};
    identity.certificate = blank_certificate(host, identity.key.get(), Validity::now);
    add_extension(identity.certificate.get(), NID_subject_alt_name, alternative_name(host));
    sign(identity.certificate.get(), identity.certificate.get(), identity.key.get());
    return identity;
}

void TlsAuthority::write_certificate(const std::string& path) const {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"),
                                                               std::fclose);
    require(file != nullptr && PEM_write_X509(file.get(), own_.certificate.get()) == 1);
}

}  // namespace domspool::test
