#include "cli/new_password.hpp"

#include <iostream>
#include <stdexcept>
#include <string_view>

#include <termios.h>
#include <unistd.h>

namespace linli::cli {

namespace {

constexpr char control_c = '\x03';
constexpr std::size_t longest_line = 4'096;

// A terminal that shows nothing. Control-C ends the line in place of the process, which would leave
// the terminal silent.
class hidden_typing {
public:
    hidden_typing() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0)
            throw std::runtime_error("the terminal can't hide a password: use --password-stdin");
        auto hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        hidden.c_cc[VEOL] = static_cast<cc_t>(control_c);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    hidden_typing(hidden_typing const&) = delete;
    hidden_typing& operator=(hidden_typing const&) = delete;
    ~hidden_typing() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

private:
    termios before_{};
};

// Byte by byte: what stands behind the line is somebody else's.
std::string first_line() {
    std::string line;
    char c = 0;
    while (line.size() < longest_line && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        if (c == control_c) throw std::runtime_error("stopped; nothing was changed");
        line += c;
    }
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

std::string typed(std::string_view question) {
    std::cerr << question << std::flush;
    std::string line;
    {
        hidden_typing const hidden;
        line = first_line();
    }
    std::cerr << '\n';
    return line;
}

} // namespace

std::string new_password(app::account const& of, bool from_stdin) {
    if (!from_stdin && ::isatty(STDIN_FILENO) == 0)
        throw std::runtime_error("there is no terminal to ask for the password: give it on "
                                 "standard input with --password-stdin");
    auto const password =
        from_stdin ? first_line() : typed("New password for " + of.user.value + ": ");
    if (auto const objection = objection_to_password(password, of); !objection.empty())
        throw std::runtime_error(objection);
    if (!from_stdin && typed("Once more: ") != password)
        throw std::runtime_error("the two are not the same; nothing was changed: try again");
    return password;
}

} // namespace linli::cli
