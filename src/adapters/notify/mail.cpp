#include "adapters/notify/mail.hpp"

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "adapters/notify/signature.hpp"

namespace linli::notify {

namespace {

using domain::sending;

// RFC 5322: "Mon, 23 Nov 2026 16:20:01 +0000".
std::string date_text(domain::instant at) {
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(std::chrono::floor<std::chrono::seconds>(at - day));
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count());
}

// In encoded words of whole characters, each short enough for its line.
std::string encoded_words(std::string_view text) {
    constexpr std::size_t bytes_a_word = 39;
    std::string all;
    while (!text.empty()) {
        auto size = std::min(bytes_a_word, text.size());
        while (size > 1 && size < text.size() && (text[size] & 0xC0) == 0x80)
            --size;
        all += (all.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + base64(text.substr(0, size)) + "?=");
        text.remove_prefix(size);
    }
    return all;
}

std::string in_lines(std::string const& encoded) {
    constexpr std::size_t line = 76;
    std::string all;
    for (std::size_t at = 0; at < encoded.size(); at += line)
        all += encoded.substr(at, line) + "\r\n";
    return all;
}

std::string message(runtime::email_config const& mail, app::letter const& what) {
    auto const at = mail.from.find('@');
    auto const domain = at == std::string::npos ? "localhost" : mail.from.substr(at + 1);
    return fmt::format("Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nMessage-ID: <{}@{}>\r\n"
                       "Subject: {}\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\n{}",
                       date_text(what.at), mail.from, what.email, what.key, domain,
                       encoded_words(what.subject), in_lines(base64(what.text)));
}

} // namespace

transfer mail_of(runtime::email_config const& mail, std::string const& password,
                 app::letter const& what) {
    transfer t;
    t.url = mail.url;
    t.user = mail.user;
    t.password = password;
    t.from = mail.from;
    t.to = what.email;
    t.body = message(mail, what);
    t.verify = mail.verify;
    t.timeout_s = mail.timeout_s;
    return t;
}

// Of the server's own answers only a 5xx about this mail is final; a wrong password can be mended.
app::carried mail_judged(answer const& got) {
    if (got.how == ending::answered) return {sending::accepted, {}};
    if (got.how == ending::silent) return {sending::silent, "timeout"};
    bool const final = got.why == "connection" && got.status >= 500 && got.status < 600;
    if (final) return {sending::refused, "smtp_" + std::to_string(got.status)};
    return {sending::unreachable, got.why};
}

} // namespace linli::notify
