#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http/api_ports.hpp"
#include "adapters/notify/dial_hook.hpp"
#include "adapters/postgres/call_record.hpp"
#include "adapters/postgres/placed_call_record.hpp"
#include "app/calls.hpp"
#include "app/house_dialler.hpp"
#include "runtime/config.hpp"

namespace linli::server {

// Throws std::runtime_error with the remedy when there is none that only its owner can read.
std::string telephone_secret(runtime::telephone_config const& of);

// The installation's telephones, as the API meets them: another's system, our own hotline, or both.
// Whom a page dials our own hotline rings, where there is one. With database connections of their
// own.
class telephone {
public:
    struct house {
        app::dispatch& dispatch;
        app::clock& clock;
        app::id_source& ids;
        postgres::key_ring keys;
        std::function<void()> asked; // for a call by our own hotline; must not throw
    };
    telephone(runtime::config const& config, house with);

    http::telephone_ports& ports() { return ports_; }
    void stop(); // waits for what is running

private:
    std::unique_ptr<postgres::call_database> kept_;
    app::calls calls_;
    std::optional<http::call_proof> proof_;                  // nothing: no other's system reports
    std::unique_ptr<notify::dial_hook> dials_;               // null: it rings nobody for us
    std::unique_ptr<postgres::placed_call_database> placed_; // null: no hotline of ours
    std::unique_ptr<app::house_dialler> house_dials_;        // the same
    http::telephone_ports ports_;
};

} // namespace linli::server
