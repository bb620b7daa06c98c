#include "server/anchor_keeping.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "adapters/anchors/anchor_file.hpp"

namespace linli::server {

namespace {

constexpr auto what_to_do = ": after a restore say so by \"linli audit restored\"; else look with "
                            "\"linli audit verify\" at what somebody has done";

std::uint64_t size_of(std::filesystem::path const& file) {
    std::error_code none;
    auto const size = std::filesystem::file_size(file, none);
    return none ? 0 : size;
}

std::string named(std::uint64_t number) {
    return "anchor " + std::to_string(number);
}

} // namespace

anchor_keeping::anchor_keeping(runtime::config const& config)
    : url_(config.database.url), file_(config.audit.anchors / anchors::anchor_file_name),
      keys_(anchors::signing_keys::load(config.audit.key_file)) {
    auto const& folder = config.audit.anchors; // one that is there already is its maker's
    if (std::filesystem::create_directories(folder))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

// What stands behind the newest that is known, also when a command of this machine has written it.
void anchor_keeping::look_at_file() {
    if (size_of(file_) < read_to_) { // another file
        read_to_ = 0;
        last_.reset();
    }
    anchors::anchor_reading reading(file_, read_to_);
    std::optional<std::string> newest;
    auto ends_at = read_to_;
    while (auto text = reading.next()) {
        newest = std::move(text);
        ends_at = reading.bytes_read();
    }
    if (!newest) return;
    auto what = anchors::read_anchor(*newest);
    if (!what)
        throw anchors_differ("the newest anchor in " + file_.string() + " can't be read" +
                             what_to_do);
    last_ = std::move(what);
    read_to_ = ends_at;
}

void anchor_keeping::keep(postgres::stored_anchor const& each) {
    auto what = anchors::read_anchor(each.text);
    auto const follows = [&] {
        return what->what.number == (last_ ? last_->what.number + 1 : 1) &&
               (!last_ || what->what.previous == last_->digest);
    };
    if (!what || !keys_.known().has_signed(what->key_id, what->body, what->signature) || !follows())
        throw anchors_differ(named(each.number) +
                             " of the database is not signed by a key of ours, or doesn't follow "
                             "the one before it" +
                             what_to_do);
    anchors::append_anchor(file_, each.text);
    last_ = std::move(what);
}

void anchor_keeping::copy_out() {
    look_at_file();
    bool has_last = !last_;
    postgres::read_anchors(
        url_, last_ ? last_->what.number : 1, [&](postgres::stored_anchor const& each) {
            if (has_last) return keep(each);
            auto const same = anchors::read_anchor(each.text);
            if (!same || same->digest != last_->digest)
                throw anchors_differ(named(last_->what.number) + " is another one in the database" +
                                     what_to_do);
            has_last = true;
        });
    if (!has_last)
        throw anchors_differ("the database has lost " + named(last_->what.number) + what_to_do);
}

// What is committed while this is read, the next one has: it looks back longer than any commit
// takes.
void anchor_keeping::write(postgres::anchor_writing& to, std::optional<domain::instant> since,
                           std::optional<std::uint64_t> restored_to, domain::instant now,
                           domain::instant written_to) {
    auto const whole_to = std::min(now, written_to) - app::longest_commit;
    auto number = last_ ? last_->what.number : 0;
    auto previous = last_ ? last_->digest : std::string(32, '\0');
    auto covered = last_ ? last_->what.covers : domain::instant{};
    to.marks_since(since, [&](std::vector<app::chain_mark> marks, bool is_last) {
        auto const covers = is_last ? std::max(whole_to, domain::instant{}) : covered;
        app::anchor const what{++number, now, covers, previous, restored_to, std::move(marks)};
        restored_to.reset();
        auto const text = anchors::anchor_text(what, keys_);
        previous = anchors::read_anchor(text)->digest;
        to.add({number, now, text});
    });
}

void anchor_keeping::make(domain::instant now, domain::instant written_to) {
    copy_out();
    auto const to = postgres::write_anchors(url_);
    auto const since = last_ ? std::optional(last_->what.covers) : std::nullopt;
    write(*to, since, std::nullopt, now, written_to);
    to->commit();
    copy_out();
}

std::optional<std::uint64_t> anchor_keeping::admit_restore(domain::instant now,
                                                           domain::instant written_to) {
    look_at_file();
    auto const inside = postgres::last_anchor(url_);
    auto const at = inside ? inside->number : 0;
    if (!last_ || at >= last_->what.number) return std::nullopt;
    auto const to = postgres::write_anchors(url_);
    std::optional<domain::instant> since;
    auto given = at;
    anchors::anchor_reading reading(file_);
    while (auto const text = reading.next()) {
        auto const each = anchors::read_anchor(*text);
        if (!each || !keys_.known().has_signed(each->key_id, each->body, each->signature))
            throw anchors_differ("an anchor in " + file_.string() +
                                 " is not as it was signed: "
                                 "\"linli audit verify\" names it");
        if (each->what.number == at) {
            since = each->what.covers;
            if (*text != inside->text)
                throw anchors_differ(named(at) + " is another one in the database");
        }
        if (each->what.number <= given) continue; // also one that stands there twice
        given = each->what.number;
        to->add({given, each->what.at, *text});
    }
    write(*to, since, at, now, written_to);
    to->commit();
    copy_out();
    return at;
}

} // namespace linli::server
