#include "adapters/http/certificates.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <boost/asio/ip/address.hpp>
#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace linli::http {

namespace {

namespace fs = std::filesystem;

constexpr long day = 24 * 3600;
constexpr long authority_days = 3650;
constexpr long server_days = 397;

template <auto free>
struct freeing {
    template <class T>
    void operator()(T* what) const {
        free(what);
    }
};
using certificate = std::unique_ptr<X509, freeing<X509_free>>;
using key = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using memory = std::unique_ptr<BIO, freeing<BIO_free_all>>;

// What OpenSSL refuses here is no input of anybody's: memory, or random numbers.
template <class T>
T must(T done) {
    if (!done) throw std::runtime_error("OpenSSL could not make the certificate");
    return done;
}

bool is_address(std::string const& name) {
    boost::system::error_code no;
    boost::asio::ip::make_address(name, no);
    return !no;
}

// Also keeps a name from saying something else in OpenSSL's own little language.
bool is_name(std::string const& name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    return !name.empty() && name.size() <= 200 && !name.starts_with('.') &&
           !name.starts_with('-') && name.find_first_not_of(letters) == name.npos;
}

std::string alternative(std::string const& name) {
    return (is_address(name) ? "IP:" : "DNS:") + name;
}

std::string permitted(std::string const& name) {
    if (!is_address(name)) return "permitted;DNS:" + name;
    bool const is_v6 = boost::asio::ip::make_address(name).is_v6();
    return "permitted;IP:" + name + "/" +
           (is_v6 ? "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "255.255.255.255");
}

template <class Word>
std::string joined(std::vector<std::string> const& names, Word word) {
    std::string all;
    for (auto const& each : names)
        all += (all.empty() ? "" : ",") + word(each);
    return all;
}

void add_extension(X509& to, X509& by, int which, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, &by, &to, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, freeing<X509_EXTENSION_free>> const made(
        must(X509V3_EXT_conf_nid(nullptr, &context, which, value.c_str())));
    must(X509_add_ext(&to, made.get(), -1));
}

void name_it(X509_NAME* name, std::string const& common) {
    auto const* text = reinterpret_cast<unsigned char const*>(common.c_str());
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0));
}

certificate blank(key const& of, std::string const& common, long days) {
    certificate made(must(X509_new()));
    must(X509_set_version(made.get(), X509_VERSION_3));
    std::unique_ptr<BIGNUM, freeing<BN_free>> const number(must(BN_new()));
    must(BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY));
    must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())));
    // An hour back: clocks in an installation differ.
    must(X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600));
    must(X509_gmtime_adj(X509_getm_notAfter(made.get()), days * day - 3600));
    must(X509_set_pubkey(made.get(), of.get()));
    name_it(X509_get_subject_name(made.get()), common);
    return made;
}

certificate authority_of(key const& own, std::vector<std::string> const& names) {
    auto made = blank(own, "Linli private authority", authority_days);
    must(X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())));
    add_extension(*made, *made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(*made, *made, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(*made, *made, NID_subject_key_identifier, "hash");
    add_extension(*made, *made, NID_name_constraints, "critical," + joined(names, permitted));
    must(X509_sign(made.get(), own.get(), EVP_sha256()));
    return made;
}

certificate server_of(key const& own, certificate const& authority, key const& authority_key,
                      std::vector<std::string> const& names) {
    auto made = blank(own, names.front().substr(0, 60), server_days);
    must(X509_set_issuer_name(made.get(), X509_get_subject_name(authority.get())));
    add_extension(*made, *authority, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*made, *authority, NID_key_usage, "critical,digitalSignature");
    add_extension(*made, *authority, NID_ext_key_usage, "serverAuth");
    add_extension(*made, *authority, NID_subject_alt_name, joined(names, alternative));
    add_extension(*made, *authority, NID_subject_key_identifier, "hash");
    add_extension(*made, *authority, NID_authority_key_identifier, "keyid");
    must(X509_sign(made.get(), authority_key.get(), EVP_sha256()));
    return made;
}

// As a browser will: an older authority may not be good for a new name.
void check(certificate const& made, certificate const& authority) {
    std::unique_ptr<X509_STORE, freeing<X509_STORE_free>> const store(must(X509_STORE_new()));
    must(X509_STORE_add_cert(store.get(), authority.get()));
    std::unique_ptr<X509_STORE_CTX, freeing<X509_STORE_CTX_free>> const trial(
        must(X509_STORE_CTX_new()));
    must(X509_STORE_CTX_init(trial.get(), store.get(), made.get(), nullptr));
    if (X509_verify_cert(trial.get()) == 1) return;
    throw std::runtime_error(fmt::format(
        "the authority in ca.crt is not good for this: {}. Make a new one in an empty folder; "
        "every browser must be told of it",
        X509_verify_cert_error_string(X509_STORE_CTX_get_error(trial.get()))));
}

std::string text_of(memory const& from) {
    char* bytes = nullptr;
    auto const size = BIO_get_mem_data(from.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string pem(certificate const& what) {
    memory const into(must(BIO_new(BIO_s_mem())));
    must(PEM_write_bio_X509(into.get(), what.get()));
    return text_of(into);
}

std::string pem(key const& what) {
    memory const into(must(BIO_new(BIO_s_mem())));
    must(PEM_write_bio_PrivateKey(into.get(), what.get(), nullptr, nullptr, 0, nullptr, nullptr));
    return text_of(into);
}

void write_new(fs::path const& file, std::string const& text) {
    int const fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    auto const written = fd < 0 ? -1 : ::write(fd, text.data(), text.size());
    bool const is_safe = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    auto const why = errno;
    if (fd >= 0) ::close(fd);
    if (!is_safe)
        throw std::runtime_error(fmt::format("{}: can't be written ({})", file.string(),
                                             std::generic_category().message(why)));
}

template <class Reader>
auto read_pem(fs::path const& file, Reader reader) {
    memory const from(BIO_new_file(file.c_str(), "r"));
    auto* read = from ? reader(from.get(), nullptr, nullptr, nullptr) : nullptr;
    if (!read) throw std::runtime_error(file.string() + " can't be read as PEM");
    return read;
}

std::vector<std::string> checked(std::vector<std::string> names) {
    if (names.empty()) throw std::runtime_error("name the server as browsers call it: --name HOST");
    for (auto const& each : names)
        if (!is_address(each) && !is_name(each))
            throw std::runtime_error("\"" + each +
                                     "\" is no host: small letters, digits, - and dots, or an "
                                     "IP address");
    for (auto const* own : {"localhost", "127.0.0.1"})
        if (std::find(names.begin(), names.end(), own) == names.end()) names.emplace_back(own);
    return names;
}

} // namespace

made_certificates make_certificates(fs::path const& folder, std::vector<std::string> const& given) {
    auto const names = checked(given);
    made_certificates made{folder / "ca.crt", folder / "console.crt", folder / "console.key"};
    for (auto const& each : {made.certificate, made.key})
        if (fs::exists(each))
            throw std::runtime_error(each.string() + " is there already and stays; move it away "
                                                     "if it shall be made anew");
    auto const authority_key_file = folder / "ca.key";
    bool const has_authority = fs::exists(made.authority);
    if (has_authority != fs::exists(authority_key_file))
        throw std::runtime_error(
            fmt::format("of {} and its key ca.key only one is there", made.authority.string()));
    if (!fs::exists(folder)) {
        fs::create_directories(folder);
        fs::permissions(folder, fs::perms::owner_all);
    }
    key const authority_key(has_authority ? read_pem(authority_key_file, PEM_read_bio_PrivateKey)
                                          : must(EVP_EC_gen("P-256")));
    certificate const authority(has_authority ? read_pem(made.authority, PEM_read_bio_X509)
                                              : authority_of(authority_key, names).release());
    key const own(must(EVP_EC_gen("P-256")));
    auto const server = server_of(own, authority, authority_key, names);
    check(server, authority);
    if (!has_authority) {
        write_new(authority_key_file, pem(authority_key));
        write_new(made.authority, pem(authority));
        made.is_new_authority = true;
    }
    write_new(made.key, pem(own));
    write_new(made.certificate, pem(server) + pem(authority));
    return made;
}

} // namespace linli::http
