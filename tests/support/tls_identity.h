// Certificates of a test's own authority.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace domspool::test {

struct TlsIdentity {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;
};

// Signs certificates for host names or addresses; each authority has a key of its own.
class TlsAuthority {
  public:
    enum class Validity { now, over };
    TlsAuthority();
    TlsIdentity issue(const std::string& host, Validity validity = Validity::now) const;
    // A certificate that signed itself, and that nobody has reason to trust.
    static TlsIdentity self_signed(const std::string& host);
    // The authority's certificate as PEM, for `ca_file`.
    void write_certificate(const std::string& path) const;

  private:
    TlsIdentity own_;
};

}  // namespace domspool::test
