#include "hotline/media/digits.hpp"

#include <array>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "hotline/media/session_name.hpp"
#include "runtime/log.hpp"

namespace linli::hotline {

namespace {

namespace json = boost::json;

constexpr std::size_t largest_datagram = 65'535;
constexpr std::string_view all_digits = "0123456789*#ABCD"; // by their event codes

std::string_view text_of(json::object const& in, std::string_view key) {
    auto const* const found = in.if_contains(key);
    auto const* const text = found ? found->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

std::optional<char> digit_of(json::object const& in) {
    auto const* const code = in.if_contains("event");
    auto const* const number = code ? code->if_int64() : nullptr;
    if (!number || *number < 0 || *number >= static_cast<std::int64_t>(all_digits.size()))
        return std::nullopt;
    return all_digits[static_cast<std::size_t>(*number)];
}

} // namespace

digits::digits(boost::asio::any_io_executor loop, boost::asio::ip::udp::endpoint at,
               std::string run, on_input tell)
    : socket_(std::move(loop), at), run_(std::move(run)), tell_(std::move(tell)) {}

runtime::task<> digits::read() {
    std::array<char, largest_datagram> buffer; // in the frame, which is on the heap
    for (;;) {
        auto const into = boost::asio::buffer(buffer);
        auto const [error, size] = co_await socket_.async_receive(into, runtime::use_task_tuple);
        if (error == boost::asio::error::operation_aborted) co_return;
        if (!error) take({buffer.data(), size});
    }
}

void digits::take(std::string_view datagram) const {
    boost::system::error_code error;
    auto const read = json::parse(datagram, error);
    auto const* const told = error ? nullptr : read.if_object();
    if (!told) return;
    auto const session = parse_session_name(text_of(*told, "callid"), run_);
    auto const digit = digit_of(*told);
    // What an operator presses in a talk is nobody's choice.
    if (!session || !digit || text_of(*told, "source_tag") != "caller") return;
    tell_(session->first, digit_pressed{std::nullopt, *digit, session->second});
}

} // namespace linli::hotline
