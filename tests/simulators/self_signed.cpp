#include "tests/simulators/self_signed.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

namespace coachd::sim {

self_signed::self_signed(const std::string& address, long valid_for_seconds)
    : folder_(std::filesystem::temp_directory_path() / ("coachd-tls-" + std::to_string(::getpid()) + "-" + address)) {
  std::filesystem::create_directories(folder_);
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const cert = X509_new();
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert), valid_for_seconds < 0 ? 2 * valid_for_seconds : -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert), valid_for_seconds);
  X509_set_pubkey(cert, key);
  X509_NAME* const subject = X509_get_subject_name(cert);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("coachd test"), -1, -1,
                             0);
  X509_set_issuer_name(cert, subject);
  X509_EXTENSION* const san = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("IP:" + address).c_str());
  X509_add_ext(cert, san, -1);
  X509_EXTENSION_free(san);
  X509_sign(cert, key, EVP_sha256());
  std::FILE* file = std::fopen(certificate().c_str(), "w");
  PEM_write_X509(file, cert);
  std::fclose(file);
  file = std::fopen(this->key().c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_free(cert);
  EVP_PKEY_free(key);
}

self_signed::~self_signed() {
  std::error_code ec;
  std::filesystem::remove_all(folder_, ec);
}

}  // namespace coachd::sim
