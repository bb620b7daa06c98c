#include "adapters/hotline_link/edge_reach.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <ifaddrs.h>

#include "runtime/peer_certificate.hpp"

namespace linli::hotline_link {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::seconds answers_within{2};
constexpr std::string_view scheme = "wss://";
constexpr std::string_view usual_port = "443";

// The edge listens on the address that the trunk sees, which the loopback need not be.
std::vector<tcp::endpoint> addresses_of_this_machine(asio::ip::port_type port) {
    std::vector<tcp::endpoint> found;
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return {{asio::ip::address_v4::loopback(), port}};
    std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> const owned(all, &::freeifaddrs);
    for (auto const* each = all; each; each = each->ifa_next) {
        if (!each->ifa_addr || each->ifa_addr->sa_family != AF_INET) continue;
        auto const* const at = reinterpret_cast<sockaddr_in const*>(each->ifa_addr);
        found.emplace_back(asio::ip::address_v4(ntohl(at->sin_addr.s_addr)), port);
    }
    return found;
}

std::vector<tcp::endpoint> addresses_of(asio::io_context& loop, std::string_view host,
                                        std::string_view port) {
    std::vector<tcp::endpoint> found;
    boost::system::error_code unknown;
    for (auto const& each : tcp::resolver(loop).resolve(host, port, unknown))
        found.push_back(each.endpoint());
    return found;
}

struct place {
    std::string where; // in words
    std::string host;  // as browsers call it; empty: by this machine's addresses
    std::vector<tcp::endpoint> there;
};

place place_of(asio::io_context& loop, std::string const& wss, int port) {
    if (wss.empty())
        return {"port " + std::to_string(port) + " of this machine", "",
                addresses_of_this_machine(static_cast<asio::ip::port_type>(port))};
    std::string_view rest(wss);
    rest.remove_prefix(std::min(scheme.size(), rest.size()));
    rest = rest.substr(0, rest.find('/'));
    auto const colon = rest.rfind(':');
    auto const host = rest.substr(0, colon);
    auto const at = colon == rest.npos ? usual_port : rest.substr(colon + 1);
    return {std::string(rest), std::string(host), addresses_of(loop, host, at)};
}

bool somebody_listens(asio::io_context& loop, std::vector<tcp::endpoint> const& there) {
    bool listens = false;
    tcp::socket line(loop);
    asio::async_connect(line, there,
                        [&](boost::system::error_code failed, auto const&) { listens = !failed; });
    loop.run_for(answers_within);
    return listens;
}

} // namespace

std::string why_no_edge(std::string const& wss, int port) {
    asio::io_context loop;
    auto const at = place_of(loop, wss, port);
    if (at.there.empty()) return at.where + " has no address: hotline.edge_wss names the edge";
    if (somebody_listens(loop, at.there)) return {};
    return "nobody takes a connection at " + at.where +
           ", so no seat can register: systemctl start linli-edge; journalctl -u linli-edge says "
           "why it doesn't";
}

// Whom it believes doesn't matter here: a browser sees that for itself, and the house's own
// authority is none of this machine's.
std::optional<std::chrono::sys_seconds> edge_certificate_end(std::string const& wss, int port) {
    asio::io_context loop;
    auto const at = place_of(loop, wss, port);
    asio::ssl::context believes_anybody(asio::ssl::context::tls_client);
    asio::ssl::stream<tcp::socket> line(loop, believes_anybody);
    if (!at.host.empty()) SSL_set_tlsext_host_name(line.native_handle(), at.host.c_str());
    std::optional<std::chrono::sys_seconds> end;
    auto const shown = [&](boost::system::error_code failed) {
        if (!failed) end = runtime::peer_certificate_end(line.native_handle());
    };
    auto const connected = [&](boost::system::error_code failed, auto const&) {
        if (!failed) line.async_handshake(asio::ssl::stream_base::client, shown);
    };
    asio::async_connect(line.next_layer(), at.there, connected);
    loop.run_for(answers_within);
    return end;
}

} // namespace linli::hotline_link
