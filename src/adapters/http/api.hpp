#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/answered_before.hpp"
#include "adapters/http/api_ports.hpp"
#include "adapters/http/api_routes.hpp"
#include "adapters/http/api_server.hpp"
#include "runtime/work_scope.hpp"

namespace linli::http {

// From a request to its answer, on the house's loop: which route, from this site, who is it, may
// he, is it in his area, was it asked before; then the route. It keeps the order of these
// questions, so that nobody learns by an answer what he may not know.
class api {
public:
    api(boost::asio::any_io_executor loop, api_ports with);

    // By the server's thread.
    void answer(api_request what, std::function<void(api_reply)> done);
    void meet(api_request what, std::shared_ptr<live_line_out> out,
              std::function<void(api_callbacks::met)> done);

    // For callers on the loop.
    runtime::task<api_reply> reply_to(api_request what);

    // Keys that are so old that nobody asks again; until it is cancelled.
    runtime::task<> forget_answers();

    runtime::task<> stop();

private:
    struct passed;
    runtime::task<void> serve(api_request what, std::function<void(api_reply)> done);
    runtime::task<void> greet(api_request what, std::shared_ptr<live_line_out> out,
                              std::function<void(api_callbacks::met)> done);
    runtime::task<api_reply> guarded(route const& to, named_in_path named, api_request what);
    runtime::task<passed> admit(route const& to, named_in_path named, api_request what);
    runtime::task<passed> identify(route const& to, api_request what);
    runtime::task<passed> find_line(route const& to, domain::uuid id, passed so_far);
    runtime::task<api_reply> once(route const& to, admitted request);
    runtime::task<api_reply> once_ever(route const& to, admitted request, std::string asked);
    runtime::task<api_reply> perform(route const& to, admitted request);
    bool is_cross_site(api_request const& what);

    boost::asio::any_io_executor loop_;
    api_ports with_;
    answered_before commands_;
    runtime::counter cross_site_;
    runtime::work_scope tasks_;
};

} // namespace linli::http
