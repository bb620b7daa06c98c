#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "support/page_client.hpp"

namespace linli::tests {

// What the house gives a page: a name that says until when it is good, and its HMAC.
struct edge_credentials {
    std::string user;
    std::string password;
};
edge_credentials credentials_for(std::string const& name, std::int64_t until_s,
                                 std::string const& secret);

// A browser's telephone as the edge sees it: SIP over secure WebSocket, said by hand.
class browser_phone {
public:
    browser_phone(std::uint16_t port, std::filesystem::path const& authority);

    bool is_let_in() const { return is_let_in_; }

    // The status of the last answer: of 401 the challenge was answered once.
    int registers_as(std::string const& name, edge_credentials const& by);
    // A request of a method by somebody ("": by no name) to somebody, within a dialog that there is
    // none of, or without one.
    int asks(std::string const& method, std::string const& from, std::string const& to,
             std::string const& more_headers = {});
    // The next request that comes, as it is.
    std::string is_asked();
    void answers(std::string const& request, std::string_view status);

private:
    int registers(std::string const& name, std::string const& authorization);
    std::string hears();
    int status();

    std::string const here_;
    page_client line_;
    bool is_let_in_;
    std::string challenge_;
    int said_ = 0;
};

} // namespace linli::tests
