#include "hotline/system/sipp.hpp"

#include <charconv>
#include <fstream>
#include <iterator>

#include "support/free_port.hpp"

namespace linli::tests {

sipp::sipp(std::filesystem::path folder, call what, std::uint8_t says)
    : port_(free_port()), voice_(says), log_(folder / (what.scenario + std::to_string(port_))) {
    auto const file = std::filesystem::path(LINLI_SCENARIOS) / (what.scenario + ".xml");
    std::vector<std::string> const command{"sipp",
                                           "127.0.0.1:" + std::to_string(what.engine),
                                           "-sf",
                                           file.string(),
                                           "-i",
                                           "127.0.0.1",
                                           "-p",
                                           std::to_string(port_),
                                           "-m",
                                           "1",
                                           "-key",
                                           "rtp",
                                           std::to_string(voice_.port()),
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
    process_ = std::make_unique<process>(command, log_.string() + ".out");
}

sipp::~sipp() = default;

std::uint16_t sipp::finds_whom_to_speak_to() {
    std::ifstream in(log_.string() + ".log");
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    constexpr std::string_view words = "send to ";
    auto const at = text.rfind(words);
    std::uint16_t port = 0;
    if (at == text.npos || text.find('\n', at) == text.npos) return 0;
    std::from_chars(text.data() + at + words.size(), text.data() + text.size(), port);
    voice_.speaks_to(port);
    return port;
}

std::string sipp::ends() {
    if (process_->exit_code() == 0) return {};
    std::ifstream in(log_.string() + ".errors");
    std::string const errors{std::istreambuf_iterator<char>(in), {}};
    return errors.empty() ? process_->words() : errors;
}

} // namespace linli::tests
