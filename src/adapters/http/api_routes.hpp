#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/http/api_message.hpp"
#include "adapters/http/api_ports.hpp"
#include "app/accounts.hpp"
#include "app/desk_reading.hpp"
#include "domain/right.hpp"
#include "runtime/task.hpp"

namespace linli::http {

// What stands open: everything else needs a session. The telephone system's reports bear their own
// proof.
enum class open_route : std::uint8_t { sign_in, description, telephone };
// What everybody may do who is signed in: with his own session alone.
enum class own_session : std::uint8_t { see, end, duty };

// Who may. There is no empty one, so there is no route that forgot to say it.
class access {
public:
    access(domain::right needed) : who_(needed) {}
    access(own_session what) : who_(what) {}
    access(open_route which) : who_(which) {}

    bool is_open() const { return std::holds_alternative<open_route>(who_); }
    // Nothing: any session will do.
    std::optional<domain::right> needs() const {
        auto const* right = std::get_if<domain::right>(&who_);
        return right ? std::optional(*right) : std::nullopt;
    }

private:
    std::variant<domain::right, own_session, open_route> who_;
};

// Whose area must lie in the session's. `alert`, `request`, `order` and `call`: of the one that
// {id} names. `record`: of the one that {sheet} and {key} name, which the registry itself knows.
// `registry`: of the whole registry. `account`: of whom {user} names, `person`: of the resident
// whom {key} names, asked there. `own`: the answer holds nothing but what lies in it. `complaint`
// and `import_job`: of the one that {id} names, asked where complaints and imports are.
enum class scope : std::uint8_t {
    own,
    alert,
    request,
    order,
    call,
    record,
    registry,
    account,
    person,
    complaint,
    import_job
};

// What a path names in the places that its pattern has for it.
struct named_in_path {
    std::optional<domain::uuid> id; // nothing: none, or none that could be one
    std::string sheet = {};
    std::string key = {}; // a registry's id; empty: none, or none that could be one
    std::string user = {};
};

// A request when the door has let it pass.
struct admitted {
    api_request what;
    app::signed_in who;
    std::string token;
    domain::uuid id{};                  // {id}
    std::string sheet = {};             // {sheet}
    std::string key = {};               // {key}
    std::string user = {};              // {user}
    std::optional<app::work_line> line; // of {id}, where the scope is one of an alert …
};

// Of the alert, the request or the order that has this id: its row's.
std::uint32_t version_of(app::work_line const& line, domain::uuid const& id);

// In that area, or in one below it.
bool lies_in(app::work_line const& line, domain::area_id const& area);

// What comes of a command that is done a second time, because nobody heard its answer.
enum class second_time : std::uint8_t {
    twice,   // it is done twice: in doubt somebody must look whether it was done
    refused, // it changes nothing more, or is refused: in doubt it may be tried
    known,   // the record knows it by an id of its own, nothing comes of it, or its answer must lie
             // nowhere: it is remembered in memory alone
};

// What a program must know to call it; the names are messages of console.proto.
struct route_words {
    std::string_view summary;
    std::string_view takes = {};
    std::string_view gives = {};
    std::vector<std::string_view> query = {};
    unsigned success = 200;
    bool may_go_on = false; // 202 with the same message: it isn't done yet
    bool by_websocket_too = false;
    std::string_view gives_file = {};  // a type of content in place of a message
    body_size body = body_size::usual; // any other isn't kept for a second try
    second_time again = second_time::twice;
};

struct route {
    std::string_view method;
    std::string_view pattern; // "/v1/alerts/{id}/claim"
    access needs;
    scope about;
    route_words words;
    // Parses, calls, and makes the answer; holds no rule.
    runtime::task<api_reply> (*answer)(api_ports& on, admitted request);

    bool changes() const { return method != "GET"; }
};

std::vector<route> const& api_routes();

struct found_route {
    route const* to = nullptr; // null: no such path, or not with that method
    std::string allow = {};    // the methods of that path
    named_in_path named = {};
};
found_route find_route(std::string_view method, std::string_view path);
body_size size_of_body(std::string_view method, std::string_view path);

} // namespace linli::http
