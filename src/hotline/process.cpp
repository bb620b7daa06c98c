#include "hotline/process.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>

#include "hotline/engine.hpp"
#include "hotline/media/digits.hpp"
#include "hotline/media/ng_client.hpp"
#include "hotline/media/rtpengine.hpp"
#include "hotline/media/session_name.hpp"
#include "hotline/sip/sip_telephone.hpp"
#include "runtime/log.hpp"

namespace linli::hotline {

namespace {

namespace asio = boost::asio;
namespace log = runtime::log;
using udp = asio::ip::udp;

constexpr milliseconds last_words{2000}; // for what still is to be closed and written

udp::endpoint endpoint_of(std::string const& text) {
    auto const colon = std::min(text.rfind(':'), text.size());
    boost::system::error_code no_address;
    auto const address = asio::ip::make_address(text.substr(0, colon), no_address);
    auto const number = std::string_view(text).substr(std::min(colon + 1, text.size()));
    asio::ip::port_type port = 0;
    auto const last = number.data() + number.size();
    auto const [end, no_port] = std::from_chars(number.data(), last, port);
    if (no_address || no_port != std::errc() || end != last)
        throw std::runtime_error(text + " is no address with a port, as 127.0.0.1:2223");
    return {address, port};
}

// Never the same again, and good in a SIP Call-ID as in the name of a file.
std::string name_of_this_run() {
    return fmt::format("{}{:x}", of_any_run, runtime::machine_time().time_since_epoch().count());
}

// A request to the mixer has less time: three people hear nothing meanwhile.
void open_line(std::optional<ng_client>& to, asio::io_context& loop, config const& with,
               std::string const& run) {
    if (with.mixer.empty()) return;
    ng_client::settings how{.rtpengine = endpoint_of(with.mixer), .run = run};
    how.waits = {milliseconds(100), milliseconds(200), milliseconds(300)};
    to.emplace(loop.get_executor(), std::move(how));
}

engine::settings settings_of(config const& with, std::string const& run) {
    return {.run = run,
            .terms = with.terms,
            .lines = with.lines,
            .sounds = sound_files(with.sounds, with.spoken),
            .look_every = seconds(with.look_every_s)};
}

// All parts on one loop; sofia's thread alone is beside it.
class process {
public:
    explicit process(config const& with)
        : with_(with), signals_(loop_, SIGTERM, SIGINT),
          engine_(loop_.get_executor(), settings_of(with, run_)),
          ng_(loop_.get_executor(), {.rtpengine = endpoint_of(with.rtpengine), .run = run_}),
          media_(loop_.get_executor(), ng_, mixer_line(),
                 {.run = run_,
                  .sounds = sound_files(with.sounds, with.spoken),
                  .recordings = with.recordings,
                  .srtp = with.terms.srtp},
                 to_engine()),
          digits_(loop_.get_executor(), endpoint_of(with.digits), run_, to_engine()),
          calls_(with.folder, runtime::machine_time()),
          server_(loop_.get_executor(), {.socket = with.server_socket}, engine_),
          sip_(
              loop_.get_executor(),
              {.run = run_,
               .listen = "sip:" + with.sip_listen,
               .edge = with.sip_edge.empty() ? std::string() : "sip:" + with.sip_edge,
               .identity = with.sip_identity,
               .session_timer_s = static_cast<unsigned>(with.session_timer_s)},
              [this](arrival from) { engine_.came(std::move(from)); }, to_engine()),
          work_(loop_.get_executor(), [this](auto, auto) { loop_.stop(); }) {
        engine_.connect({.sip = sip_, .media = media_, .server = server_, .calls = calls_});
    }

    void run() {
        using runtime::care;
        work_.spawn("answers of rtpengine", ng_.read_answers(), care::vital);
        if (mixer_) work_.spawn("answers of the mixer", mixer_->read_answers(), care::vital);
        work_.spawn("digits", digits_.read(), care::vital);
        work_.spawn("dispatch server", server_.serve(), care::vital);
        work_.spawn("watch", engine_.watch(), care::vital);
        asio::co_spawn(loop_, wait_for_end(), asio::detached);
        if (auto const& consent = with_.terms.consent;
            consent && !sound_files(with_.sounds, with_.spoken).find(*consent))
            log::error("nothing_is_recorded", {{"missing", consent->value + ".wav"},
                                               {"remedy", "config/hotline/make-sounds"}});
        log::info("hotline_engine_started", {{"run", run_}, {"sip", with_.sip_listen}});
        loop_.run();
        if (!ended_well_) throw std::runtime_error("a part of the engine has failed; see the log");
    }

private:
    ng_client* mixer_line() {
        open_line(mixer_, loop_, with_, run_);
        return mixer_ ? &*mixer_ : nullptr;
    }

    on_input to_engine() {
        return [this](call_id const& id, input what) { engine_.take(id, std::move(what)); };
    }

    runtime::task<> wait_for_end() {
        co_await signals_.async_wait(runtime::use_task_tuple);
        signals_.async_wait([this](auto cancelled, int) {
            if (!cancelled) engine_.hurry();
        });
        auto draining = engine_.drain(seconds(with_.drain_s));
        co_await std::move(draining);
        asio::steady_timer pause(loop_);
        pause.expires_after(last_words);
        while (!media_.is_idle() && pause.expiry() > std::chrono::steady_clock::now()) {
            asio::steady_timer step(loop_, milliseconds(10));
            co_await step.async_wait(runtime::use_task_tuple);
        }
        signals_.cancel();
        auto stopping = stop();
        co_await std::move(stopping);
        ended_well_ = true;
    }

    runtime::task<> stop() {
        auto of_engine = engine_.stop();
        co_await std::move(of_engine);
        auto of_media = media_.stop();
        co_await std::move(of_media);
        auto of_server = server_.stop();
        co_await std::move(of_server);
        auto of_all = work_.stop();
        co_await std::move(of_all);
    }

    config const& with_;
    std::string const run_ = name_of_this_run();
    bool ended_well_ = false;
    asio::io_context loop_{1};
    asio::signal_set signals_;
    engine engine_;
    ng_client ng_;
    std::optional<ng_client> mixer_;
    rtpengine media_;
    digits digits_;
    call_file calls_;
    server_link server_;
    sip_telephone sip_;
    runtime::work_scope work_;
};

} // namespace

void run_engine(config const& with) {
    process(with).run();
}

} // namespace linli::hotline
