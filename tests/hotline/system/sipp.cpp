#include "hotline/system/sipp.hpp"

#include <charconv>
#include <fstream>
#include <iterator>

#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"
#include "support/places.hpp"

namespace linli::tests {

namespace {

std::string attribute(std::string const& key) {
    return key.empty() ? "a=sendrecv" : "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + key;
}

} // namespace

sipp::sipp(std::filesystem::path folder, call what, std::uint8_t says)
    : port_(free_sip_port()), voice_(says), log_(folder / (what.scenario + std::to_string(port_))) {
    auto const file = in_tests("hotline/scenarios/" + what.scenario + ".xml");
    auto const elsewhere = what.elsewhere != 0 ? what.elsewhere : voice_.port();
    std::vector<std::string> const command{"sipp",
                                           "127.0.0.1:" + std::to_string(what.engine),
                                           "-sf",
                                           file,
                                           "-i",
                                           what.at,
                                           "-p",
                                           std::to_string(port_),
                                           "-m",
                                           std::to_string(what.calls),
                                           "-r",
                                           std::to_string(what.a_second),
                                           "-key",
                                           "rtp",
                                           std::to_string(voice_.port()),
                                           "-key",
                                           "elsewhere",
                                           std::to_string(elsewhere),
                                           "-key",
                                           "carried",
                                           what.key.empty() ? "RTP/AVP" : "RTP/SAVP",
                                           "-key",
                                           "key",
                                           attribute(what.key),
                                           "-key",
                                           "next_key",
                                           attribute(what.next_key),
                                           "-key",
                                           "number",
                                           what.number,
                                           "-nostdin",
                                           "-timeout",
                                           "30s",
                                           "-timeout_error",
                                           "-trace_logs",
                                           "-log_file",
                                           log_.string() + ".log",
                                           "-trace_err",
                                           "-error_file",
                                           log_.string() + ".errors"};
    if (!what.key.empty()) voice_.speaks_by(what.key);
    process_ = std::make_unique<process>(command, log_.string() + ".out");
    until("sipp listens", [this] { return is_bound(port_) || !process_->is_running(); });
}

sipp::~sipp() = default;

std::string sipp::logged(std::string_view words) const {
    std::ifstream in(log_.string() + ".log");
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    auto const at = text.rfind(words);
    auto const end = at == text.npos ? at : text.find('\n', at);
    if (end == text.npos) return {};
    return text.substr(at + words.size(), end - at - words.size());
}

std::uint16_t sipp::is_to_send_to() const {
    auto const text = logged("send to ");
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port;
}

std::uint16_t sipp::finds_whom_to_speak_to() {
    auto const port = is_to_send_to();
    if (port != 0) voice_.speaks_to(port);
    return port;
}

// sipp takes every request with its Call-ID to be of its call: such a one is our hand.
void sipp::is_told(std::string_view to) {
    std::string id;
    until("it waits for our hand", [&] {
        id = logged(to);
        return !id.empty();
    });
    auto const request = "MESSAGE sip:phone@127.0.0.1 SIP/2.0\r\n"
                         "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-hand\r\n"
                         "From: <sip:hand@127.0.0.1>;tag=hand\r\nTo: <sip:phone@127.0.0.1>\r\n"
                         "Call-ID: " +
                         id + "\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";
    auto const s = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    send_datagram(s, request, port_);
    ::close(s);
}

void sipp::hangs_up() {
    is_told("hangs up ");
}

void sipp::answers() {
    is_told("answers ");
}

void sipp::changes() {
    is_told("changes ");
}

void sipp::returns() {
    is_told("returns ");
}

std::string sipp::ends() {
    if (process_->exit_code() == 0) return {};
    std::ifstream in(log_.string() + ".errors");
    std::string const errors{std::istreambuf_iterator<char>(in), {}};
    return errors.empty() ? process_->words() : errors;
}

} // namespace linli::tests
