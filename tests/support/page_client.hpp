#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace linli::tests {

// A browser as far as the door can see it: TLS with the authority's certificate, HTTP/1.1, and
// WebSocket frames made by hand, so that what the server says is not read by the code that wrote
// it. Everything waits for ten seconds and no longer.
class page_client {
public:
    // Throws when the server's certificate isn't good for that name.
    page_client(std::uint16_t port, std::filesystem::path const& authority,
                std::string const& name = "localhost");
    ~page_client();

    struct answer {
        int status = 0;                             // 0: the server closed, or said nothing
        std::map<std::string, std::string> headers; // names in small letters
        std::string body;
    };
    struct words {
        std::string method = "GET";
        std::string path;
        std::string body;
        std::string headers; // lines that end with \r\n
    };

    bool says(std::string const& bytes);
    answer hears();
    answer asks(words const& what); // with Host, Origin, the cookie, and JSON where there is a body
    answer get(std::string const& path) { return asks({"GET", path, {}, {}}); }
    answer post(std::string const& path, std::string const& body, std::string const& headers = {}) {
        return asks({"POST", path, body, headers});
    }
    bool is_shut_out(); // the server has closed

    std::string host() const;
    void set_cookie(std::string const& token) { cookie_ = token; }
    std::string const& cookie() const { return cookie_; }
    void reconnect();

    // WebSocket. The answer to the upgrade; 101 if it was taken.
    answer upgrades(std::string const& path, std::string const& headers = {});
    void frames(int opcode, std::string const& payload, bool is_masked = true);
    struct frame {
        int opcode = -1; // -1: closed without a word
        std::string payload;
        int close_code() const;
    };
    frame next_frame(); // pings are answered and not told
    void answers_no_pings() { is_deaf_ = true; }

private:
    struct line;
    bool read_more();
    std::string take(std::size_t size);

    std::uint16_t port_;
    std::filesystem::path authority_;
    std::string name_;
    std::string cookie_;
    std::string read_;
    bool is_deaf_ = false;
    std::unique_ptr<line> line_;
};

} // namespace linli::tests
