#include "adapters/hotline_link/edge_reach.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <ifaddrs.h>

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
    std::vector<tcp::endpoint> there;
    std::string where = "port " + std::to_string(port) + " of this machine";
    if (wss.empty()) {
        there = addresses_of_this_machine(static_cast<asio::ip::port_type>(port));
    } else {
        std::string_view rest(wss);
        rest.remove_prefix(std::min(scheme.size(), rest.size()));
        rest = rest.substr(0, rest.find('/'));
        where = std::string(rest);
        auto const colon = rest.rfind(':');
        there = colon == rest.npos
                    ? addresses_of(loop, rest, usual_port)
                    : addresses_of(loop, rest.substr(0, colon), rest.substr(colon + 1));
        if (there.empty()) return where + " has no address: hotline.edge_wss names the edge";
    }
    if (somebody_listens(loop, there)) return {};
    return "nobody takes a connection at " + where +
           ", so no seat can register: systemctl start linli-edge; journalctl -u linli-edge says "
           "why it doesn't";
}

} // namespace linli::hotline_link
