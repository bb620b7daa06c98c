#include "server/degraded_lane.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "runtime/log.hpp"
#include "server/journal_inbox.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds copy_every{60};
constexpr int pause_a_copy = 20; // times as long as it took: a city of millions takes seconds

app::degraded_telling::settings settings_of(runtime::config const& c) {
    return {c.notify.duty_phone,
            {c.installation.area},
            c.installation.utc_offset,
            domain::seconds(c.notify.degraded_after_s)};
}

// Like RFC 9562's version 8; the key ring makes it, so nobody can aim at another's key.
domain::uuid digest_of(postgres::key_ring const& keys, std::string_view text) {
    auto const all = keys.lookup_hmac("degraded", text);
    domain::uuid id;
    std::copy_n(all.begin(), id.bytes.size(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x80);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
    return id;
}

// A field of the book has no blank and no end of line.
std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string all;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7F && c != '%') {
            all += c;
            continue;
        }
        all += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return all.empty() ? "%" : all;
}

std::string unescaped(std::string_view text) {
    std::string all;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned byte = 0;
        bool const coded = text[at] == '%' && at + 2 < text.size();
        if (coded) std::from_chars(text.data() + at + 1, text.data() + at + 3, byte, 16);
        if (text[at] != '%') all += text[at];
        if (coded) all += static_cast<char>(byte);
        if (coded) at += 2;
    }
    return all;
}

std::vector<app::waiting_signals::item> items_of(std::vector<journal::entry> const& entries,
                                                 mapped::device_book const& devices) {
    std::vector<app::waiting_signals::item> all;
    for (auto const& each : entries)
        for (auto& input : inputs_of(each.what, devices))
            if (auto* const s = std::get_if<domain::signal>(&input))
                all.push_back({std::move(*s), {each.at.segment, each.at.offset}});
    return all;
}

} // namespace

std::string to_line(app::told_degraded const& t) {
    std::ostringstream line;
    line << escaped(t.event.value) << ' ' << escaped(t.device.value) << ' ' << to_text(t.kind)
         << ' ' << t.received_at.time_since_epoch().count() << ' ' << to_text(t.to) << ' '
         << escaped(t.who) << ' ' << to_text(t.by) << ' ' << to_text(t.state) << ' '
         << t.at.time_since_epoch().count();
    return line.str();
}

std::optional<app::told_degraded> read_told(std::string const& line) {
    std::istringstream in(line);
    std::string event, device, kind, to, who, by, state;
    std::int64_t received = 0;
    std::int64_t at = 0;
    if (!(in >> event >> device >> kind >> received >> to >> who >> by >> state >> at))
        return std::nullopt;
    auto const is_kind = domain::from_text<domain::signal_kind>(kind);
    auto const is_to = domain::from_text<domain::audience>(to);
    auto const is_by = domain::from_text<domain::channel>(by);
    auto const is_state = domain::from_text<domain::delivery_state>(state);
    if (!is_kind || !is_to || !is_by || !is_state) return std::nullopt;
    return app::told_degraded{{unescaped(event)},
                              {unescaped(device)},
                              *is_kind,
                              domain::instant{domain::duration(received)},
                              *is_to,
                              unescaped(who),
                              *is_by,
                              *is_state,
                              domain::instant{domain::duration(at)}};
}

degraded_lane::degraded_lane(runtime::config const& config, journal::journal& journal,
                             mapped::device_book const& devices, notice_lane& notices,
                             app::plan_book const& plans, app::clock& clock, unheard what,
                             foresees to_dispatch, runtime::metrics& into)
    : journal_(journal), devices_(devices), clock_(clock),
      keys_(postgres::key_ring::load(config.database.key_file)),
      copy_file_(config.journal.folder / "registry-copy"),
      copier_(config.database.url, keys_, copy_file_), to_dispatch_(std::move(to_dispatch)),
      file_(config.journal.folder),
      telling_(ports(notices, plans, std::move(what)), settings_of(config)), since_(clock.now()),
      told_(into.gauge("linli_told_degraded", "Emergencies that were told while the database was "
                                              "away, since the start")),
      not_told_(into.gauge("linli_degraded_not_told",
                           "Emergencies that could not be told to a duty telephone or webhook "
                           "while the database was away, since the start")) {}

app::degraded_telling::ports degraded_lane::ports(notice_lane& notices, app::plan_book const& plans,
                                                  unheard what) {
    return {.time = clock_,
            .to = notices.gateways(),
            .plans = plans,
            .texts = notices.texts(),
            .from = *this,
            .book = *this,
            .keeper = notices.record(),
            .copy = [this] { return copy(); },
            .undecided_since = std::move(what.undecided_since),
            .digest = [this](std::string_view text) { return digest_of(keys_, text); },
            .silent_since = std::move(what.silent_since),
            .unclaimed = &what.unclaimed,
            .set_aside = std::move(what.set_aside)};
}

void degraded_lane::start(runtime::work_scope& tasks) {
    tasks.spawn("degraded_telling", telling_.run(), runtime::care::vital);
    tasks.spawn("degraded_record", telling_.keep_record(), runtime::care::vital);
}

void degraded_lane::start_copies(runtime::work_scope& tasks) {
    tasks.spawn("registry_copies", keep_copies(), runtime::care::vital);
}

void degraded_lane::stop() {
    copier_.stop();
    threads_.stop();
}

runtime::task<void> degraded_lane::keep_copies() {
    for (;;) {
        auto copied = co_await copier_.refresh(clock_.now());
        if (copied.devices) to_dispatch_(std::move(copied.devices));
        auto const pause = std::max<domain::duration>(copy_every, pause_a_copy * copied.took);
        auto const next = clock_.now() + pause;
        co_await clock_.wait_until(next);
    }
}

runtime::task<std::optional<app::registry_copy>> degraded_lane::copy() {
    auto job = [this] { return postgres::open_copy(copy_file_, keys_); };
    auto found = co_await threads_.run(std::move(job));
    co_return found;
}

runtime::task<std::vector<app::waiting_signals::item>> degraded_lane::next(std::size_t most) {
    // What only its records say nothing of is no end.
    auto job = [this, most, from = from_]() mutable {
        std::vector<item> found;
        for (bool is_end = false; found.empty() && !is_end;) {
            auto const entries = journal_.look_ahead(from, most);
            is_end = entries.empty();
            found = items_of(entries, devices_);
        }
        return std::pair(std::move(found), from);
    };
    auto some = co_await threads_.run(std::move(job));
    from_ = some.second;
    co_return std::move(some.first);
}

bool degraded_lane::waits(item const& one) const {
    return journal_.is_waiting({one.at.first, one.at.second});
}

runtime::task<std::vector<app::told_degraded>> degraded_lane::read() {
    auto job = [this] { return file_.lines(); };
    auto const lines = co_await threads_.run(std::move(job));
    std::vector<app::told_degraded> all;
    for (auto const& each : lines) {
        auto told = read_told(each);
        if (told)
            all.push_back(std::move(*told));
        else
            log::warning("told_book_line_unreadable");
    }
    co_return all;
}

runtime::task<bool> degraded_lane::add(std::vector<app::told_degraded> const& told) {
    std::vector<std::string> lines;
    for (auto const& each : told)
        lines.push_back(to_line(each));
    auto job = [this, lines = std::move(lines)] { return file_.append(lines); };
    auto const done = co_await threads_.run(std::move(job));
    co_return done;
}

runtime::task<bool> degraded_lane::clear() {
    auto job = [this] { return file_.clear(); };
    auto const done = co_await threads_.run(std::move(job));
    co_return done;
}

// Never unready by itself: "database" says what is wrong, and nobody else could take the signals.
http::part degraded_lane::ready() {
    auto const now = telling_.so_far();
    auto text = std::to_string(now.told) + " told degraded";
    if (now.not_told > 0) text += ", " + std::to_string(now.not_told) + " COULD NOT BE TOLD";
    if (now.to_be_noted > 0)
        text += ", " + std::to_string(now.to_be_noted) + " to be noted on their alerts";
    if (now.is_away) text = "THE DUTY TELEPHONE HEARS WHAT WAITS: " + text;
    return {"degraded", true, text, since_};
}

void degraded_lane::look() {
    auto const now = telling_.so_far();
    told_.set(static_cast<double>(now.told));
    not_told_.set(static_cast<double>(now.not_told));
}

} // namespace linli::server
