#include "adapters/cloud_poll/cloud_poller.hpp"

#include <algorithm>
#include <utility>

#include <sodium/crypto_generichash.h>

#include "adapters/cloud_poll/poll_mark.hpp"
#include "adapters/cloud_poll/poll_url.hpp"

namespace linli::cloud_poll {

namespace {

constexpr int status_ok = 200;

template <class Digest>
Digest digest_of(std::string_view bytes) {
    Digest digest{};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), nullptr,
                       0);
    return digest;
}

} // namespace

struct cloud_poller::asking {
    poll_windows::window when;
    std::chrono::steady_clock::time_point give_up_at;
    std::string place;               // of the page: its number, or the cursor
    std::vector<std::string> before; // the last page's messages
    bool is_over = false;
    round_end how = round_end::well;
    std::string why;
    std::size_t written = 0;

    void end(round_end as, std::string because = {}) {
        is_over = true;
        how = as;
        why = std::move(because);
    }
};

cloud_poller::cloud_poller(files::poll_rule by, std::string secret, std::filesystem::path mark,
                           taker take, poll_limits limits)
    : by_(std::move(by)), secret_(std::move(secret)), mark_(std::move(mark)),
      take_(std::move(take)), limits_(limits), windows_(by_, read_mark(mark_)) {}

round cloud_poller::ask(domain::instant now) {
    asking of;
    of.when = windows_.next(now);
    of.give_up_at = std::chrono::steady_clock::now() + limits_.one_window;
    std::erase_if(known_, [&](auto const& each) { return each.second < of.when.from; });
    if (!by_.page.empty()) of.place = std::to_string(by_.first_page);
    ask_pages(of);
    round r;
    finish(of, r);
    return r;
}

void cloud_poller::ask_pages(asking& of) {
    for (std::size_t n = 0; !of.is_over; ++n) {
        if (n == limits_.pages) return of.end(round_end::too_full, "pages");
        if (std::chrono::steady_clock::now() >= of.give_up_at)
            return of.end(round_end::failed, "slow");
        auto page = fetch(of, of.place);
        if (is_stopping()) return of.end(round_end::stopped);
        if (page.is_too_long) return of.end(round_end::too_full, "too_large");
        write(of, page); // also what stands beside a cursor that is none
        if (of.is_over) return;
        if (!page.wrong.empty()) return of.end(round_end::failed, page.wrong);
        if (take_page(of, page)) return;
    }
}

// Whether it was the last one; else where the next one is.
bool cloud_poller::take_page(asking& of, poll_page& page) {
    auto const size = static_cast<std::size_t>(by_.size);
    bool const is_full = by_.size > 0 && page.messages.size() >= size;
    bool const is_same = page.messages == of.before;
    of.before = std::move(page.messages);
    if (!by_.cursor.empty()) {
        if (page.next.empty()) return true;
        bool const stands_still = page.next == of.place;
        if (stands_still && !of.before.empty()) of.end(round_end::failed, "cursor_repeats");
        of.place = std::move(page.next);
        return stands_still;
    }
    if (by_.page.empty()) {
        if (is_full) of.end(round_end::too_full, "full_page");
        return true;
    }
    // Only an empty page is the end: a cloud may give fewer a page than it is asked for. Some
    // repeat the last page; but a full one that comes again may also be a cloud that knows no
    // pages.
    if (of.before.empty()) return true;
    if (is_same && is_full) of.end(round_end::too_full, "page_repeats");
    of.place = std::to_string(std::stoi(of.place) + 1);
    return is_same;
}

poll_page cloud_poller::fetch(asking const& of, std::string const& place) {
    auto const got = answer_to(place, of);
    poll_page page;
    if (!got) return page; // stopped
    if (got->status != 0 && got->status != status_ok)
        page.wrong = "status_" + std::to_string(got->status);
    else if (got->why == "too_large")
        page.is_too_long = true;
    else if (got->how != notify::ending::answered)
        page.wrong = got->why;
    else
        page = read_page(by_, got->body, limits_.messages);
    return page;
}

// Nothing: stopped.
std::optional<notify::answer> cloud_poller::answer_to(std::string const& place, asking const& of) {
    notify::transfer t;
    t.url = poll_url(by_, of.when, place, secret_);
    t.method = "GET";
    t.headers = poll_headers(by_, secret_);
    t.ca_file = by_.ca_file;
    t.timeout_s = limits_.one_page_s;
    t.longest_answer = limits_.answer_bytes;
    t.takes_it_whole = true;
    transfers_.start(std::move(t), [this](notify::answer a) {
        std::lock_guard const lock(mutex_);
        answer_ = std::move(a);
        heard_.notify_all();
    });
    std::unique_lock lock(mutex_);
    heard_.wait(lock, [this] { return stopping_ || answer_; });
    return std::exchange(answer_, std::nullopt);
}

// One wait for the disk a page. What can't be written down is asked for again, and holds up nothing
// that stands behind it: that may be somebody's press.
void cloud_poller::write(asking& of, poll_page const& page) {
    std::vector<std::pair<digest, settle>> fresh;
    bool is_whole = true;
    for (auto const& each : page.messages) {
        auto const name = digest_of<digest>(each);
        if (is_known(name, of.when.until)) continue;
        auto settled = take_(each);
        if (settled)
            fresh.emplace_back(name, std::move(*settled));
        else
            is_whole = false;
    }
    if (known_.size() + fresh.size() > limits_.known) known_.clear(); // harmless: written twice
    for (auto const& [name, make_safe] : fresh) {
        if (make_safe && !make_safe()) {
            is_whole = false;
            continue;
        }
        known_[name] = of.when.until;
        ++of.written;
    }
    if (!is_whole) of.end(round_end::failed, "journal");
}

// Windows overlap, and one that failed is asked again: the journal need not hold that twice.
bool cloud_poller::is_known(digest const& of, domain::instant until) {
    auto const found = known_.find(of);
    if (found == known_.end()) return false;
    found->second = std::max(found->second, until);
    return true;
}

void cloud_poller::finish(asking& of, round& into) {
    bool const gives_up = of.how == round_end::too_full && of.when.is_narrowest;
    if (gives_up) of.how = round_end::passed;
    bool is_done = of.how == round_end::well || of.how == round_end::passed;
    if (is_done && keep_mark(mark_, of.when.until)) {
        of.end(round_end::failed, "mark");
        is_done = false;
    }
    if (is_done) windows_.done(of.when);
    if (of.how == round_end::too_full) windows_.too_full(of.when);
    if (of.why == "slow" || of.why == "timeout") windows_.too_slow(of.when);
    into.how = of.how;
    into.why = std::move(of.why);
    into.written = of.written;
    into.goes_on = of.how == round_end::well && !of.when.reaches_now;
    into.through = is_done ? of.when.until : of.when.base;
    if (is_done) into.lost_since = of.when.lost_since;
}

void cloud_poller::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        heard_.notify_all();
    }
    transfers_.stop();
}

bool cloud_poller::is_stopping() {
    std::lock_guard const lock(mutex_);
    return stopping_;
}

} // namespace linli::cloud_poll
