#include "server/anchoring.hpp"

#include <exception>
#include <utility>

#include <fmt/core.h>

#include "adapters/notify/channels.hpp"
#include "app/coverage.hpp"
#include "runtime/log.hpp"
#include "runtime/utc_text.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{60};

} // namespace

app::letter letter_about(anchors::signed_anchor const& which, runtime::config const& config,
                         domain::instant now) {
    app::letter what;
    what.by = domain::channel::email;
    what.key = fmt::format("anchor-{}-{}", config.installation.name, which.what.number);
    what.email = config.audit.officer;
    what.at = now;
    what.subject =
        fmt::format("{}: 审计锚点 anchor {}", config.installation.name, which.what.number);
    auto const digest = anchors::in_hex(which.digest);
    what.text = fmt::format("锚点 anchor {}\n时间 at {}\n摘要 digest {}\n签名 signed {} {}\n\n",
                            which.what.number, runtime::utc_text(which.what.at), digest,
                            which.key_id, anchors::in_base64(which.signature));
    what.text += fmt::format("请保存此邮件，核对记录时使用：\n"
                             "Keep this. To hold the record to it:\n"
                             "linli audit verify --known {}:{}\n",
                             which.what.number, digest);
    return what;
}

anchoring::anchoring(runtime::config const& config, app::clock& clock, runtime::metrics& into,
                     std::function<bool()> is_ours)
    : config_(config), clock_(clock), is_ours_(std::move(is_ours)),
      number_(into.gauge("linli_anchor_number", "The newest anchor outside the database")),
      made_at_(into.gauge("linli_anchor_made_seconds", "When it was made, in seconds since 1970")),
      wrong_(into.gauge("linli_anchors_wrong", "1: no anchor can be made, or the database's "
                                               "differ from those outside")),
      since_(clock.now()) {}

void anchoring::says(std::string words, bool is_wrong) {
    wrong_.set(is_wrong ? 1 : 0);
    if (words == words_) return;
    words_ = std::move(words);
    since_ = clock_.now();
    if (is_wrong) log::error("anchors_wrong", {{"why", words_}});
}

// On the thread.
anchoring::newest anchoring::look(domain::instant now, bool is_ours) {
    if (!keeping_) keeping_ = std::make_unique<anchor_keeping>(config_);
    keeping_->copy_out();
    auto const& last = keeping_->last();
    auto const every = domain::minutes(config_.audit.anchor_every_min);
    if (is_ours && (!last || last->what.at + every <= now)) keeping_->make(now, now);
    if (is_ours) write_to_officer(now);
    return last ? newest{last->what.number, last->what.at} : newest{};
}

void anchoring::write_to_officer(domain::instant now) {
    auto const offset = config_.installation.utc_offset;
    bool const is_new_day =
        !written_ || app::local_day(*written_, offset) != app::local_day(now, offset);
    if (config_.audit.officer.empty() || !keeping_->last() || !is_new_day) return;
    auto const came =
        notify::carry_now(config_.notify, letter_about(*keeping_->last(), config_, now));
    if (came.how != domain::sending::accepted && came.how != domain::sending::confirmed)
        throw std::runtime_error("the audit officer's mail doesn't go: " + came.reason);
    written_ = now;
}

runtime::task<void> anchoring::run() {
    for (;;) {
        auto const now = clock_.now();
        try {
            auto job = [this, now, is_ours = is_ours_()] { return look(now, is_ours); };
            auto const last = co_await thread_.run(std::move(job));
            says(last.number > 0 ? "anchor " + std::to_string(last.number) : "none yet", false);
            number_.set(static_cast<double>(last.number));
            made_at_.set(static_cast<double>(last.at.time_since_epoch().count()) / 1e6);
        } catch (boost::system::system_error const&) { // we are stopping
            throw;
        } catch (std::exception const& e) {
            says(e.what(), true);
        }
        auto const next = now + look_every;
        co_await clock_.wait_until(next);
    }
}

} // namespace linli::server
