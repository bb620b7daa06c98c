#pragma once

#include <filesystem>
#include <string>

#include "adapters/notify/transfers.hpp"
#include "app/clock.hpp"
#include "app/dialler.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/config.hpp"

namespace linli::notify {

// The signed request to the installation's telephone system, at a time, and what its answer means.
transfer dial_request(runtime::telephone_config const& to, std::string const& secret,
                      app::dialling const& what, domain::instant now);
app::dialled dial_judged(answer const& got);

// app::dialler by that request. Throws std::runtime_error at the start when it would speak in clear
// to another machine without saying so (verify = false). A dial's loop lives until it is answered.
class dial_hook final : public app::dialler {
public:
    dial_hook(runtime::telephone_config to, std::string secret, std::filesystem::path ca_file,
              app::clock& time);

    runtime::task<app::dialled> dial(app::dialling what) override;
    void stop() { threads_.stop(); } // waits for what is running

private:
    runtime::telephone_config to_;
    std::string secret_;
    std::filesystem::path ca_file_;
    app::clock& time_;
    runtime::blocking_pool threads_;
};

} // namespace linli::notify
