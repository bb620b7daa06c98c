#include "server/certificate_ends.hpp"

#include "adapters/http/api_server.hpp"
#include "adapters/http/push_server.hpp"

namespace linli::server {

namespace {

using std::chrono::days;

constexpr days warn_before_the_end{30};

constexpr auto of_a_door =
    "move it and its key aside, \"linli certificates make\" makes new ones, and the server takes "
    "them at its next start; so does linli-edge, where the house has its own hotline";
constexpr auto of_the_broker =
    "where deploy/install made it, move server.crt and server.key out of /etc/mosquitto/linli, run "
    "that again with the same --name, and restart mosquitto";
constexpr auto of_the_edge =
    "it shows browsers the pages' one, as it was when linli-edge began: renew that, and then "
    "\"systemctl restart linli-edge\"; talks go on meanwhile";
constexpr auto of_the_database =
    "renew the pages' certificate, and give PostgreSQL its copies of it, on both machines, by the "
    "lines of deploy/keeping.md";

} // namespace

std::vector<certificate_end> certificate_ends(runtime::config const& c) {
    std::vector<certificate_end> all;
    if (c.console.listen)
        all.push_back({"the pages'",
                       http::certificate_end(http::api_tls{c.console.certificate, c.console.key}),
                       of_a_door});
    if (c.push.listen && c.push.tls)
        all.push_back({"the pushes'",
                       http::certificate_end(http::push_tls{c.push.certificate, c.push.key}),
                       of_a_door});
    return all;
}

certificate_end broker_certificate(std::chrono::sys_seconds end) {
    return {"the broker's", end, of_the_broker};
}

certificate_end edge_certificate(std::chrono::sys_seconds end) {
    return {"the hotline edge's", end, of_the_edge};
}

certificate_end database_certificate(std::chrono::sys_seconds end) {
    return {"the database's", end, of_the_database};
}

std::string trouble_with(certificate_end const& of, std::chrono::sys_seconds now) {
    auto const left = std::chrono::floor<days>(of.end - now);
    if (left >= warn_before_the_end) return {};
    if (left < days(0))
        return of.whose + " certificate has run out, and nobody new believes it: " + of.renewal;
    return of.whose + " certificate is good for " + std::to_string(left.count()) +
           " days more: " + of.renewal;
}

} // namespace linli::server
