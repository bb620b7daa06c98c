#include "system/faults/certificate.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "system/faults/second_network.hpp"

namespace linli::tests::faults {

namespace {

constexpr long hour = 3600;
constexpr long day = 24 * hour;

template <auto free>
struct freeing {
    template <class T>
    void operator()(T* what) const {
        free(what);
    }
};
using file = std::unique_ptr<std::FILE, freeing<std::fclose>>;
using key_pair = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using x509 = std::unique_ptr<X509, freeing<X509_free>>;

template <class T>
T must(T done) {
    if (!done) throw std::runtime_error("OpenSSL could not make the broker's certificate");
    return done;
}

file open(std::filesystem::path const& path, char const* how) {
    return file(must(std::fopen(path.c_str(), how)));
}

key_pair new_key(std::filesystem::path const& into) {
    key_pair made(must(EVP_EC_gen("P-256")));
    auto const out = open(into, "w");
    must(PEM_write_PrivateKey(out.get(), made.get(), nullptr, nullptr, 0, nullptr, nullptr));
    return made;
}

key_pair read_key(std::filesystem::path const& from) {
    auto const in = open(from, "r");
    return key_pair(must(PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr)));
}

x509 read_certificate(std::filesystem::path const& from) {
    auto const in = open(from, "r");
    return x509(must(PEM_read_X509(in.get(), nullptr, nullptr, nullptr)));
}

void write(X509& what, std::filesystem::path const& into) {
    auto const out = open(into, "w");
    must(PEM_write_X509(out.get(), &what));
}

x509 blank(EVP_PKEY& of, char const* common, long ends_in_s) {
    x509 made(must(X509_new()));
    must(X509_set_version(made.get(), X509_VERSION_3));
    must(ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1));
    must(X509_gmtime_adj(X509_getm_notBefore(made.get()), -day));
    must(X509_gmtime_adj(X509_getm_notAfter(made.get()), ends_in_s));
    must(X509_set_pubkey(made.get(), &of));
    auto const* text = reinterpret_cast<unsigned char const*>(common);
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text,
                                    -1, -1, 0));
    return made;
}

void add(X509& to, X509& by, int which, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, &by, &to, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, freeing<X509_EXTENSION_free>> const made(
        must(X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str())));
    must(X509_add_ext(&to, made.get(), -1));
}

} // namespace

certificate::certificate(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    new_key(key());
    auto const own = new_key(authority_key());
    auto const made = blank(*own, "authority of the faults", day);
    must(X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())));
    add(*made, *made, NID_basic_constraints, "critical,CA:TRUE");
    must(X509_sign(made.get(), own.get(), EVP_sha256()));
    write(*made, authority());
    sign(day);
}

void certificate::expires() const {
    sign(-hour);
}

void certificate::is_renewed() const {
    sign(day);
}

void certificate::sign(long ends_in_s) const {
    auto const own = read_key(key());
    auto const by = read_certificate(authority());
    auto const made = blank(*own, "broker of the faults", ends_in_s);
    must(X509_set_issuer_name(made.get(), X509_get_subject_name(by.get())));
    add(*made, *by, NID_subject_alt_name, std::string("IP:127.0.0.1,IP:") + second_network::here);
    must(X509_sign(made.get(), read_key(authority_key()).get(), EVP_sha256()));
    write(*made, file());
}

} // namespace linli::tests::faults
