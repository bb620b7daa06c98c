#include "adapters/watch_tcp/gateway.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/core.h>

#include "adapters/watch_tcp/command_words.hpp"
#include "adapters/watch_tcp/frame_splitter.hpp"
#include "adapters/watch_tcp/signal_reading.hpp"
#include "runtime/growing_pause.hpp"
#include "runtime/log.hpp"

namespace linli::watch_tcp {

namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using runtime::task;
using runtime::use_task;
using runtime::use_task_tuple;
namespace log = runtime::log;

constexpr domain::seconds between_warnings{60};
constexpr std::size_t most_unsaid = 4096;      // bytes for a watch that doesn't read
constexpr std::string_view our_index = "0001"; // of a frame that answers none

tcp::acceptor acceptor_at(boost::asio::io_context& loop, runtime::listen_address const& address) {
    try {
        tcp::endpoint const endpoint(boost::asio::ip::make_address(address.host), address.port);
        return tcp::acceptor(loop, endpoint);
    } catch (boost::system::system_error const& error) {
        throw std::runtime_error(
            fmt::format("can't listen on {} port {}: {}; is another server running? "
                        "watch_tcp.listen in the configuration names the address",
                        address.host, address.port, error.code().message()));
    }
}

task<> pause(std::chrono::milliseconds length) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, length);
    co_await timer.async_wait(use_task);
}

} // namespace

struct gateway::connection {
    connection(tcp::socket from, std::size_t longest, domain::instant now)
        : socket(std::move(from)), frames(longest) {
        boost::system::error_code gone;
        auto const peer = socket.remote_endpoint(gone);
        if (!gone) address = peer.address();
        since = now;
    }

    tcp::socket socket;
    frame_splitter frames;
    boost::asio::ip::address address;
    domain::instant since; // its last whole frame; of an unidentified one, its beginning
    domain::instant deadline;
    standing is = standing::unidentified;
    bool is_busy = false; // something of it is being written down
    bool is_amid_frame = false;
    std::string id; // of its last frame, as the next two
    std::string maker;
    bool is_indexed = false;
    std::set<domain::command_kind> asked; // and not answered
    bool is_telling = false;
    std::string unsaid; // to be told next
};

// Of a connection among the others, however its task ends.
class gateway::presence {
public:
    presence(gateway& in, peer who) : in_(in), who_(std::move(who)) {}
    presence(presence const&) = delete;
    presence& operator=(presence const&) = delete;
    ~presence() {
        std::erase(in_.peers_, who_);
        in_.count_open();
    }

private:
    gateway& in_;
    peer who_;
};

gateway::counters::counters(runtime::metrics& in)
    : connections(in.counter("linli_watch_connections_total", "Connections of watches, by TCP")),
      frames(in.counter("linli_watch_frames_total", "Frames of watches")),
      signals(in.counter("linli_watch_signals_total", "Frames of watches written to the journal")),
      refused(in.counter("linli_watch_refused_total",
                         "Connections closed because of a bound, a deadline or their bytes")),
      unreadable(in.counter("linli_watch_unreadable_total",
                            "Bytes at the watches' door that name no device")),
      unknown(in.counter("linli_watch_unknown_frames_total",
                         "Frames of a type that we don't know, and that call nobody")),
      open(in.gauge("linli_watch_connections", "Watches connected now")) {}

gateway::gateway(runtime::listen_address const& address, gateway_callbacks callbacks,
                 runtime::metrics& into, gateway_limits limits)
    : callbacks_(std::move(callbacks)), limits_(limits), counted_(into),
      acceptor_(acceptor_at(loop_, address)), port_(acceptor_.local_endpoint().port()),
      tasks_(loop_.get_executor()) {}

gateway::~gateway() {
    stop();
}

void gateway::start() {
    tasks_.spawn("watch_accept", accept_all());
    thread_ = std::thread([this] {
        auto const guard = boost::asio::make_work_guard(loop_);
        loop_.run();
    });
}

void gateway::stop() {
    if (!thread_.joinable()) return;
    boost::asio::post(loop_,
                      [this] { boost::asio::co_spawn(loop_, put_down(), boost::asio::detached); });
    thread_.join();
    for_registered_.stop();
    for_strangers_.stop();
}

task<> gateway::put_down() {
    stopped_ = true;
    acceptor_.close();
    co_await tasks_.stop();
    loop_.stop();
}

void gateway::time_is(domain::instant now) {
    boost::asio::post(loop_, [this, now] {
        now_ = std::max(now_.load(), now);
        look_at_deadlines();
    });
}

task<> gateway::accept_all() {
    while (acceptor_.is_open()) {
        auto accepted = co_await acceptor_.async_accept(use_task_tuple);
        auto& [error, socket] = accepted;
        if (error == boost::asio::error::operation_aborted) co_return;
        if (error) {
            log::warning("watch_accept_failed", {{"error", error}}); // out of descriptors, say
            auto const again = 100ms;
            co_await pause(again);
            continue;
        }
        admit(std::move(socket));
    }
}

void gateway::admit(tcp::socket socket) {
    counted_.connections.add();
    if (!make_room(standing::unidentified, nullptr)) {
        ++refused_;
        counted_.refused.add();
        return;
    }
    boost::system::error_code no_matter;
    socket.set_option(tcp::no_delay(true), no_matter);
    socket.non_blocking(true, no_matter);
    auto const c =
        std::make_shared<connection>(std::move(socket), limits_.frame_bytes, now_.load());
    c->deadline = now_.load() + limits_.first_frame;
    peers_.push_back(c);
    count_open();
    tasks_.spawn("watch", serve(c));
}

void gateway::count_open() {
    open_ = peers_.size();
    counted_.open.set(static_cast<double>(peers_.size()));
}

task<> gateway::serve(peer c) {
    presence const here(*this, c);
    std::array<char, 4096> bytes;
    auto const room = boost::asio::buffer(bytes);
    for (bool goes_on = true; goes_on;) {
        auto read = co_await c->socket.async_read_some(room, use_task_tuple);
        if (std::get<0>(read)) break;
        c->frames.put({bytes.data(), std::get<1>(read)});
        goes_on = co_await take_frames(c);
    }
    // A press that the connection did not survive is a press, also behind a frame whose answer it
    // did not.
    while (!stopped_) {
        auto left = c->frames.next();
        if (!left) left = c->frames.rest();
        if (!left) break;
        auto bytes_left = std::move(left->bytes);
        auto const taken = co_await take(c, std::move(bytes_left), left->is_frame);
        static_cast<void>(taken);
    }
}

// False: the connection has to end.
task<bool> gateway::take_frames(peer c) {
    for (auto piece = c->frames.next(); piece; piece = c->frames.next()) {
        auto bytes = std::move(piece->bytes);
        auto const goes_on = co_await take(c, std::move(bytes), piece->is_frame);
        if (!goes_on) co_return false;
    }
    if (c->frames.is_overfull()) {
        close(*c, "a frame without an end");
        co_return false;
    }
    bool const begins = c->frames.is_amid_frame() && !c->is_amid_frame;
    c->is_amid_frame = c->frames.is_amid_frame();
    if (c->is != standing::unidentified && begins) c->deadline = now_.load() + limits_.one_frame;
    co_return true;
}

// One frame, or what stood in a frame's place. What can't be laid at anybody's door is counted and
// ends the connection, as does what is no frame: the watch comes again, in step.
task<bool> gateway::take(peer c, std::string bytes, bool is_frame) {
    auto f = read_frame(bytes);
    if (!is_frame && f.maker.empty()) f = {}; // a number in it is nobody's id
    auto const id = f.id.empty() ? c->id : f.id;
    if (id.empty()) {
        counted_.unreadable.add();
        close(*c, "no watch");
        co_return false;
    }
    counted_.frames.add();
    if (!identify(*c, id)) co_return false;
    if (callbacks_.on_beat && c->is == standing::registered) callbacks_.on_beat(id);
    measure(*c, f, bytes);
    heed_answers(*c, f);
    if (is_signal(f)) {
        c->is_busy = true;
        bool const registered = c->is == standing::registered;
        co_await write_down(registered, id, std::move(bytes));
        c->is_busy = false;
        counted_.signals.add();
    } else if (!is_known(f) && !is_report(f)) {
        counted_.unknown.add();
    }
    c->is_amid_frame = false;
    c->since = now_.load();
    c->deadline = c->since + limits_.silence;
    auto answer = answer_to(f);
    if (answer.empty()) co_return is_frame;
    auto const told = co_await tell(c, std::move(answer));
    co_return told;
}

// Only of whom we know: strangers prove nothing, and would fill the disk.
void gateway::measure(connection const& c, frame const& f, std::string_view bytes) noexcept {
    if (!callbacks_.on_telemetry || c.is != standing::registered || !is_telemetry(f)) return;
    try {
        callbacks_.on_telemetry({c.id, bytes});
    } catch (...) {
        log::warning("watch_telemetry_lost", {{"device", c.id}});
    }
}

// Until it is on disk, or the server stops: then the watch has no answer, and repeats it.
task<> gateway::write_down(bool registered, std::string id, std::string bytes) {
    auto const left_to_do = std::make_shared<std::optional<gateway_callbacks::settle>>();
    auto& turn = registered ? for_registered_ : for_strangers_;
    runtime::growing_pause wait;
    for (;;) {
        // So registered watches share a sync of the disk: all are written before it begins.
        if (registered && !*left_to_do) *left_to_do = offer(id, bytes);
        auto job = [this, left_to_do, id, bytes] {
            if (!*left_to_do) *left_to_do = offer(id, bytes);
            return *left_to_do && (**left_to_do)();
        };
        auto const safe = co_await turn.run(std::move(job));
        if (safe) co_return;
        auto const length = wait.next();
        co_await pause(length);
    }
}

std::optional<gateway_callbacks::settle> gateway::offer(std::string const& id,
                                                        std::string const& bytes) noexcept {
    try {
        return callbacks_.on_signal({id, bytes});
    } catch (...) {
        return std::nullopt;
    }
}

// One after the other: an answer and a command may want the socket at once.
task<bool> gateway::tell(peer c, std::string words) {
    if (c->is_telling) {
        c->unsaid += words;
        if (c->unsaid.size() > most_unsaid) close(*c, "doesn't read");
        co_return c->socket.is_open();
    }
    c->is_telling = true;
    bool told = true;
    while (told && !words.empty()) {
        told = co_await write(c, std::move(words));
        words = std::exchange(c->unsaid, {});
    }
    c->is_telling = false;
    co_return told;
}

// Only what the watch does not take at once has a deadline: else a clock that jumps between the
// answer's arrival and our hearing of it closes the connection of a watch that has its answer.
task<bool> gateway::write(peer c, std::string words) {
    boost::system::error_code not_at_once;
    auto const taken = c->socket.write_some(boost::asio::buffer(words), not_at_once);
    if (!not_at_once && taken == words.size()) co_return true;
    auto const before = c->deadline;
    auto const until = now_.load() + limits_.answer;
    c->deadline = until;
    auto const bytes = boost::asio::buffer(words) + taken;
    auto written = co_await boost::asio::async_write(c->socket, bytes, use_task_tuple);
    if (c->deadline == until) c->deadline = before; // no frame has come meanwhile
    co_return !std::get<0>(written);
}

void gateway::send(domain::device_command what, std::function<void(bool)> done) {
    boost::asio::post(loop_, [this, what = std::move(what), done = std::move(done)] {
        auto const to = stopped_ ? nullptr : latest_of(what.device.value);
        if (!to) return done(false);
        to->asked.insert(what.kind);
        auto words = framed(to->maker, to->id, to->is_indexed ? our_index : std::string_view{},
                            words_for(what));
        tasks_.spawn("watch_command", command(to, std::move(words), done));
    });
}

task<> gateway::command(peer c, std::string words, std::function<void(bool)> done) {
    auto const told = co_await tell(c, std::move(words));
    done(told);
}

gateway::peer gateway::latest_of(std::string_view id) const {
    auto const found = std::find_if(peers_.rbegin(), peers_.rend(), [&](peer const& each) {
        return each->is == standing::registered && each->id == id && each->socket.is_open();
    });
    return found == peers_.rend() ? nullptr : *found;
}

void gateway::heed_answers(connection& c, frame const& f) {
    if (!f.maker.empty()) {
        c.maker = f.maker;
        c.is_indexed = !f.index.empty();
    }
    for (auto const kind : std::set(c.asked)) {
        if (!answers(f, kind)) continue;
        c.asked.erase(kind);
        if (callbacks_.on_answer) callbacks_.on_answer(c.id, kind);
    }
}

// Whose it is decides whose share it takes. False: there is no room in that share.
bool gateway::identify(connection& c, std::string_view id) {
    c.id = id;
    auto const is = callbacks_.is_registered(id) ? standing::registered : standing::unknown;
    if (is == c.is) return true;
    if (!make_room(is, &c)) {
        close(c, "no room");
        return false;
    }
    c.is = is;
    return true;
}

std::size_t gateway::bound_of(standing in) const {
    auto const share = in == standing::registered ? limits_.connections / 2 //
                                                  : limits_.connections / 4;
    return std::max<std::size_t>(share, 1);
}

// Room for one more, or else the place of one that is not being written down: of the address that
// has the most, the one that has been silent for longest.
bool gateway::make_room(standing in, connection const* but) {
    std::map<boost::asio::ip::address, std::size_t> of_address;
    std::size_t count = 0;
    for (auto const& each : peers_) {
        if (each->is != in || !each->socket.is_open()) continue;
        ++count;
        ++of_address[each->address];
    }
    if (count < bound_of(in)) return true;
    connection* leaves = nullptr;
    for (auto const& each : peers_) {
        if (each->is != in || each->is_busy || each.get() == but || !each->socket.is_open())
            continue;
        auto const sorts_before = [&](connection const& a, connection const& b) {
            bool const by_address = in != standing::registered;
            auto const most_a = by_address ? of_address[a.address] : 0;
            auto const most_b = by_address ? of_address[b.address] : 0;
            return most_a != most_b ? most_a > most_b : a.since < b.since;
        };
        if (!leaves || sorts_before(*each, *leaves)) leaves = each.get();
    }
    if (!leaves) return false;
    close(*leaves, "makes room");
    return true;
}

void gateway::close(connection& c, std::string_view why) {
    if (!c.socket.is_open()) return;
    ++refused_;
    counted_.refused.add();
    log::debug("watch_closed", {{"why", why}, {"device", c.id}});
    boost::system::error_code gone;
    c.socket.close(gone);
}

void gateway::look_at_deadlines() {
    auto const now = now_.load();
    for (auto const& each : peers_)
        if (!each->is_busy && now >= each->deadline) close(*each, "too slow");
    // A line a minute at most: who floods us shall not flood the log.
    if (refused_ == 0 || now < tell_again_) return;
    log::warning("watch_connections_closed", {{"count", refused_}, {"connected", peers_.size()}});
    refused_ = 0;
    tell_again_ = now + between_warnings;
}

} // namespace linli::watch_tcp
