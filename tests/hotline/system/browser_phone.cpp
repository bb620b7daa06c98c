#include "hotline/system/browser_phone.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace linli::tests {

namespace {

constexpr std::string_view domain = "hotline.invalid";

std::string digest_of(std::string const& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_md5(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[bytes[i] >> 4U];
        hex += "0123456789abcdef"[bytes[i] & 15U];
    }
    return hex;
}

// name="value" within a header.
std::string value_of(std::string const& text, std::string const& name) {
    auto const at = text.find(name + "=\"");
    if (at == text.npos) return {};
    auto const begin = at + name.size() + 2;
    return text.substr(begin, text.find('"', begin) - begin);
}

std::string line_of(std::string const& message, std::string const& name) {
    auto const at = message.find("\r\n" + name + ":");
    if (at == message.npos) return {};
    return message.substr(at + 2, message.find("\r\n", at + 2) - at);
}

int browsers = 0; // each has a contact of its own

bool is_answer(std::string const& message) {
    return message.starts_with("SIP/2.0 ");
}

} // namespace

edge_credentials credentials_for(std::string const& name, std::int64_t until_s,
                                 std::string const& secret) {
    auto user = std::to_string(until_s) + ":" + name;
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned int size = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(user.data()), user.size(), mac.data(), &size);
    std::array<unsigned char, 64> text{};
    auto const length = EVP_EncodeBlock(text.data(), mac.data(), static_cast<int>(size));
    return {std::move(user),
            {reinterpret_cast<char const*>(text.data()), static_cast<std::size_t>(length)}};
}

browser_phone::browser_phone(std::uint16_t port, std::filesystem::path const& authority)
    : here_("b" + std::to_string(++browsers)), line_(port, authority),
      is_let_in_(line_.upgrades("/", "Sec-WebSocket-Protocol: sip\r\n").status == 101) {}

std::string browser_phone::hears() {
    for (;;) {
        auto const frame = line_.next_frame();
        if (frame.opcode != 1) throw std::runtime_error("the edge has hung up");
        if (frame.payload.size() > 4) return frame.payload; // else a blank line that keeps it alive
    }
}

int browser_phone::status() {
    for (;;) {
        auto const message = hears();
        if (!is_answer(message)) continue;
        int code = 0;
        std::from_chars(message.data() + 8, message.data() + 11, code);
        if (code < 200) continue;
        challenge_ = line_of(message, "WWW-Authenticate");
        return code;
    }
}

int browser_phone::registers(std::string const& name, std::string const& authorization) {
    auto const address = "<sip:" + name + "@" + std::string(domain) + ">";
    auto const n = std::to_string(++said_);
    line_.frames(1, "REGISTER sip:" + std::string(domain) +
                        " SIP/2.0\r\nVia: SIP/2.0/WSS b.invalid;branch=z9hG4bK-r" + n +
                        "\r\nFrom: " + address + ";tag=f\r\nTo: " + address + "\r\nCall-ID: r-" +
                        here_ + "\r\nCSeq: " + n +
                        " REGISTER\r\nMax-Forwards: 70\r\nContact: <sip:" + here_ +
                        "@b.invalid;transport=ws>;expires=120\r\n" + authorization +
                        "Content-Length: 0\r\n\r\n");
    return status();
}

int browser_phone::registers_as(std::string const& name, edge_credentials const& by) {
    auto const first = registers(name, {});
    if (first != 401) return first;
    auto const nonce = value_of(challenge_, "nonce");
    auto const uri = "sip:" + std::string(domain);
    auto const who = digest_of(by.user + ":" + std::string(domain) + ":" + by.password);
    auto const proof =
        digest_of(who + ":" + nonce + ":00000001:c:auth:" + digest_of("REGISTER:" + uri));
    return registers(name, "Authorization: Digest username=\"" + by.user + "\",realm=\"" +
                               std::string(domain) + "\",nonce=\"" + nonce + "\",uri=\"" + uri +
                               "\",response=\"" + proof +
                               "\",algorithm=MD5,qop=auth,nc=00000001,cnonce=\"c\"\r\n");
}

int browser_phone::asks(std::string const& method, std::string const& from, std::string const& to,
                        std::string const& more_headers) {
    auto const n = std::to_string(++said_);
    auto const user = from.empty() ? from : from + "@";
    line_.frames(1, method + " " + to + " SIP/2.0\r\nVia: SIP/2.0/WSS b.invalid;branch=z9hG4bK-a" +
                        n + "\r\nFrom: <sip:" + user + std::string(domain) + ">;tag=f\r\n" +
                        more_headers + "Call-ID: a-" + n + "\r\nCSeq: " + n + " " + method +
                        "\r\nMax-Forwards: 70\r\nContact: <sip:" + user +
                        "b.invalid;transport=ws>\r\nContent-Length: 0\r\n\r\n");
    return status();
}

std::string browser_phone::is_asked() {
    for (;;)
        if (auto message = hears(); !is_answer(message)) return message;
}

void browser_phone::answers(std::string const& request, std::string_view status) {
    std::string answer = "SIP/2.0 " + std::string(status) + "\r\n";
    for (std::size_t at = request.find("\r\n") + 2; request[at] != '\r';) {
        auto const end = request.find("\r\n", at) + 2;
        auto const line = request.substr(at, end - at);
        for (std::string_view const kept : {"Via:", "Record-Route:", "From:", "Call-ID:", "CSeq:"})
            if (line.starts_with(kept)) answer += line;
        if (line.starts_with("To:")) answer += line.substr(0, line.size() - 2) + ";tag=b\r\n";
        at = end;
    }
    line_.frames(1, answer + "Content-Length: 0\r\n\r\n");
}

} // namespace linli::tests
