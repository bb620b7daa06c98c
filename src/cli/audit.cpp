// Has anybody changed the log? And what an audit officer needs to ask that himself.
#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "adapters/anchors/anchor_audit.hpp"
#include "adapters/anchors/anchor_file.hpp"
#include "adapters/postgres/chain_reading.hpp"
#include "cli/audit_text.hpp"
#include "cli/commands.hpp"
#include "cli/house_now.hpp"
#include "cli/progress.hpp"
#include "runtime/config.hpp"
#include "server/anchor_keeping.hpp"

namespace linli::cli {

namespace {

struct choices {
    std::filesystem::path outside;
    std::filesystem::path key;
    std::string database;
    std::vector<std::string> known;    // NUMBER:DIGEST
    std::vector<std::string> evidence; // hashes
    std::size_t limit = 100;
    bool as_json = false;
};

constexpr std::size_t shows_every = 20'000; // lines

std::pair<std::string, std::string> apart(std::string const& text, char const* form) {
    auto const at = text.rfind(':');
    if (at == std::string::npos) throw std::runtime_error("\"" + text + "\" is not " + form);
    return {text.substr(0, at), text.substr(at + 1)};
}

std::string hash_in(std::string const& hex, char const* form) {
    auto const hash = anchors::of_hex(hex);
    if (!hash || hash->size() != 32) throw std::runtime_error("\"" + hex + "\" is not " + form);
    return *hash;
}

std::map<std::uint64_t, std::string> known_digests(choices const& c) {
    constexpr auto form = "NUMBER:DIGEST, as the mail says it";
    std::map<std::uint64_t, std::string> all;
    for (auto const& each : c.known) {
        auto const [number, digest] = apart(each, form);
        all[std::stoull(number)] = hash_in(digest, form);
    }
    return all;
}

std::set<std::string> printed_hashes(choices const& c) {
    std::set<std::string> all;
    for (auto const& each : c.evidence)
        all.insert(hash_in(each, "a hash of 64 hexadecimal digits, as the evidence file says it"));
    return all;
}

class audit_run {
public:
    audit_run(runtime::config const& config, choices const& c)
        : choices_(c), outside_(c.outside.empty() ? config.audit.anchors / anchors::anchor_file_name
                                                  : c.outside),
          keys_(c.key.empty() ? anchors::signing_keys::load(config.audit.key_file).known()
                              : anchors::known_keys::load(c.key)),
          copy_(outside_), record_(c.database.empty() ? config.database.url : c.database),
          about_(record_.lines()), evidence_(printed_hashes(c)) {
        if (!c.outside.empty() && !std::filesystem::exists(c.outside))
            throw std::runtime_error(c.outside.string() + " is not there");
    }

    audit_result run() {
        auto const began = std::chrono::steady_clock::now();
        for (auto& each : record_.missing_guards())
            found(std::move(each));
        anchors_ = walk_anchors();
        result_.log = walk_chains();
        for (auto const& each : evidence_)
            found({app::tampering::lost_evidence, {}, 0, 0, anchors::in_hex(each)});
        result_.anchors = anchors_.anchors;
        result_.last_anchor = anchors_.last;
        result_.last_outside = anchors_.last_outside;
        result_.anchored_at = anchors_.at;
        result_.digest = anchors_.digest;
        result_.restores = anchors_.restored.size();
        result_.outside = outside_.string();
        result_.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        return std::move(result_);
    }

private:
    void found(app::chain_finding what) {
        ++result_.findings;
        if (result_.shown.size() < choices_.limit) result_.shown.push_back(std::move(what));
    }

    anchors::anchored walk_anchors() {
        anchors::anchor_audit audit(keys_, marks_,
                                    [this](app::chain_finding what) { found(std::move(what)); });
        auto const outside = [&]() -> std::optional<std::string> {
            auto text = copy_.next();
            if (text) show_progress("anchors", copy_.bytes_read() >> 10, copy_.bytes() >> 10);
            return text;
        };
        return audit.run(
            outside, [this] { return record_.next_anchor(); }, known_digests(choices_));
    }

    std::optional<app::audited_line> next_line() {
        auto line = record_.next_line();
        if (++read_ % shows_every == 0 && about_ > 0)
            show_progress("lines", std::min(read_, about_ - 1), about_);
        if (line && !evidence_.empty() && evidence_.erase(line->hash) > 0)
            result_.evidence.push_back({line->chain, line->seq, line->hash});
        if (!line && read_ > shows_every) show_progress("lines", read_ - 1, read_ - 1);
        return line;
    }

    std::optional<app::anchored_mark> next_mark() {
        auto mark = marks_.next();
        while (mark && anchors_.is_lost(mark->anchor))
            mark = marks_.next();
        return mark;
    }

    app::audited walk_chains() {
        app::chain_audit audit(
            {[this] { return next_line(); }, [this] { return record_.next_head(); },
             [this] { return next_mark(); }},
            anchors_.covers, [this](app::chain_finding what) { found(std::move(what)); });
        return audit.run();
    }

    choices const& choices_;
    std::filesystem::path const outside_;
    anchors::known_keys const keys_;
    // Before the record's moment: an anchor is in the database before it is in the file, so that
    // one which is made meanwhile is not one that the database has lost.
    anchors::anchor_reading copy_;
    postgres::chain_reading record_;
    std::size_t const about_;
    std::size_t read_ = 0;
    std::set<std::string> evidence_; // not found yet
    anchors::mark_sorter marks_;
    anchors::anchored anchors_;
    audit_result result_;
};

constexpr int not_whole = 3;

int verify(runtime::config const& config, choices const& c) {
    auto const result = audit_run(config, c).run();
    std::cout << (c.as_json ? audit_json(result) : audit_text(result));
    return result.findings == 0 ? 0 : not_whole;
}

int anchor(runtime::config const& config) {
    server::anchor_keeping keeping(config);
    auto const times = postgres::read_house_times(config.database.url);
    // A server that runs may be behind the database's clock: what it has yet to write is not
    // covered.
    keeping.make(house_now(times), times.latest);
    std::cout << "anchor " << keeping.last()->what.number << ", digest "
              << anchors::in_hex(keeping.last()->digest) << ", in " << keeping.file().string()
              << '\n';
    return 0;
}

int restored(runtime::config const& config) {
    server::anchor_keeping keeping(config);
    auto const times = postgres::read_house_times(config.database.url);
    auto const to = keeping.admit_restore(house_now(times), times.latest);
    if (!to) {
        std::cout << "the database lacks no anchor that the copy has: nothing to say\n";
        return 0;
    }
    std::cout << "anchor " << keeping.last()->what.number
              << " says that the database was put back to anchor " << *to
              << ": tell the audit officer when and why\n";
    return 0;
}

void add_verify(CLI::App& audit, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* verify_it = audit.add_subcommand(
        "verify", "Walk the whole log and its anchors, and name what somebody has changed. Ends "
                  "with 0: whole; 3: not; 1: could not be looked at");
    verify_it->add_option("--anchors", c->outside,
                          "The copy outside the database; without it, [audit] anchors");
    verify_it->add_option("--key", c->key,
                          "Whose signatures are believed: what \"linli audit key\" has printed; "
                          "without it, [audit] key_file");
    verify_it->add_option("--database", c->database,
                          "Another one than [database] url: a restored copy, a standby");
    verify_it->add_option("--known", c->known,
                          "NUMBER:DIGEST of an anchor that somebody was told; may be repeated");
    verify_it->add_option("--evidence", c->evidence,
                          "The hash that a printed evidence file says of a chain; may be repeated");
    verify_it->add_option("--limit", c->limit, "So many findings are shown; all are counted")
        ->capture_default_str();
    verify_it->add_flag("--json", c->as_json, "For programs");
    verify_it->callback([&with, c] {
        with.run = [&with, c] { return verify(runtime::load_config(with.config_file), *c); };
    });
}

} // namespace

void add_audit(CLI::App& to, invocation& with) {
    auto* audit = to.add_subcommand("audit", "Has anybody changed the log?");
    audit->require_subcommand(1);
    add_verify(*audit, with);
    auto const add = [&](char const* name, char const* what, int (*run)(runtime::config const&)) {
        audit->add_subcommand(name, what)->callback([&with, run] {
            with.run = [&with, run] { return run(runtime::load_config(with.config_file)); };
        });
    };
    add("anchor", "Sign now what the log is, without waiting for the server: before a backup",
        anchor);
    add("restored", "After a restore: sign that the database went back, and to which anchor",
        restored);
    add("key", "Print the public half of the key, for the audit officer",
        [](runtime::config const& config) {
            std::cout << anchors::signing_keys::load(config.audit.key_file).known().text();
            return 0;
        });
}

} // namespace linli::cli
