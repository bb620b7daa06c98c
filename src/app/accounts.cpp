#include "app/accounts.hpp"

#include <algorithm>
#include <stdexcept>

#include "app/recent.hpp"
#include "app/sign_in_guard.hpp"

namespace linli::app {

void throw_exception_from_error(sign_in_errc const&, boost::source_location const&) {
    throw std::logic_error("a refused sign-in was taken for a session");
}

namespace {

using domain::instant;
using domain::seconds;

constexpr std::size_t longest_user_name = 40;
constexpr std::size_t longest_shown_name = 60; // characters
constexpr std::size_t longest_id = 64;
constexpr std::size_t longest_address = 64;
constexpr std::size_t shortest_password = 10;  // characters
constexpr std::size_t longest_password = 1024; // bytes; a hash of a megabyte is somebody's attack
constexpr std::size_t token_length = 43;

constexpr domain::duration fresh_for{seconds(5)};
constexpr domain::duration moved_on_after{seconds(60)};
constexpr domain::duration forgets_every{seconds(3600)};

// Each waits for argon2id; the last places are for who has signed in from his address before, so
// that a crowd of strangers can't stand in the door of the desk.
constexpr int most_signing_in = 32;
constexpr int most_strangers_signing_in = 24;
// Tokens that nobody in this process has met: each is a question to the database.
constexpr int most_strangers_looked_up = 32;
constexpr std::size_t most_sessions = 4'096; // in memory

bool is_base64url(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool is_token(std::string_view text) {
    return text.size() == token_length && std::ranges::all_of(text, is_base64url);
}

std::string lower(std::string_view text) {
    std::string small(text);
    for (char& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
}

std::size_t characters(std::string_view utf8) {
    auto const begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return static_cast<std::size_t>(std::ranges::count_if(utf8, begins));
}

// One more who waits, as long as this lives.
class one_of {
public:
    explicit one_of(int& count) : count_(count) { ++count_; }
    one_of(one_of const&) = delete;
    one_of& operator=(one_of const&) = delete;
    ~one_of() { --count_; }

private:
    int& count_;
};

struct known_session {
    account_record::stored_session session;
    account who;
    instant fresh_until{};
    std::uint64_t as_of = 0; // account_changes when it was read
};

signed_in shown(account_record::stored_session const& s, account const& who) {
    return {who, s.since, s.expires_at, s.on_duty, s.area_name};
}

} // namespace

bool is_user_name(std::string_view text) {
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= longest_user_name && std::ranges::all_of(text, fits);
}

std::optional<account_objection> objection_to(account const& what) {
    if (!is_user_name(what.user.value))
        return account_objection{"user", "\"" + what.user.value +
                                             "\" can't be a user's name: 1 to 40 of a-z, 0-9, "
                                             "'.', '_' and '-'"};
    if (what.name.empty() || characters(what.name) > longest_shown_name)
        return account_objection{"name", "a name as it is shown has 1 to 60 characters"};
    if (what.area.empty() || what.area.value.size() > longest_id)
        return account_objection{"area", "an area is the code of one"};
    bool const is_worker = what.role == domain::role::worker;
    auto const a_role = "a " + std::string(to_text(what.role));
    if ((is_worker || what.role == domain::role::provider_manager) && what.provider.empty())
        return account_objection{"provider",
                                 "whose people are they? " + a_role + " is of a provider"};
    if (is_worker && what.worker.empty())
        return account_objection{"worker", "which worker is this? " + a_role +
                                               " is named as workers.csv names him"};
    return std::nullopt;
}

std::string objection_to_password(std::string_view password, account const& of) {
    if (characters(password) < shortest_password)
        return "a password has at least 10 characters: take several words";
    if (password.size() > longest_password) return "a password has at most 1,024 bytes";
    auto const small = lower(password);
    if (small == lower(of.user.value) || small == lower(of.name))
        return "the password is the user's name: take several words that nobody would guess";
    return {};
}

struct accounts::parts {
    account_record& keeper;
    password_hashing& hashing;
    clock& time;
    token_source tokens;
    limits with;

    sign_in_guard guard = {};
    recent<std::string, known_session> sessions{most_sessions}; // by the token's digest
    std::uint64_t changes = 0; // of sessions here: what was read before one isn't remembered
    std::uint64_t account_changes = 0; // what was read before one is read again
    int signing_in = 0;
    int strangers = 0;
    int ours = 0;
    instant forgot_at{};

    instant end_of(instant since, instant used) const {
        return std::min(used + with.session, since + with.longest);
    }

    void remember(account_record::stored_session const& s, account const& who, instant now) {
        sessions.touch(s.token_digest) = {s, who, now + fresh_for, account_changes};
    }

    // Now and then, by whoever signs in. That it fails matters to nobody.
    runtime::task<void> forget_old(instant now) {
        if (now - forgot_at < forgets_every) co_return;
        forgot_at = now;
        auto const forgotten = co_await keeper.forget_sessions(now);
        if (!forgotten) forgot_at = instant{};
    }

    // Who signs in while his password is changed, or he is disabled, must not outlast that: the
    // account is looked at again behind the new session.
    runtime::task<boost::system::result<opened, sign_in_errc>> open_for(account found) {
        auto const now = time.now();
        opened o;
        o.token = tokens.make();
        account_record::stored_session const s{tokens.digest(o.token), found.user, now,
                                               end_of(now, now),       now,        false};
        auto const kept = co_await keeper.open_session(s);
        if (!kept) co_return sign_in_errc::away;
        auto const stands = co_await keeper.find_session(s.token_digest);
        if (!stands) co_return sign_in_errc::away;
        if (!*stands || (*stands)->second.version != found.version) {
            auto const ended = co_await keeper.end_session(s.token_digest);
            co_return ended ? sign_in_errc::wrong : sign_in_errc::away;
        }
        remember((*stands)->first, found, now);
        o.session = shown((*stands)->first, found);
        co_await forget_old(now);
        co_return o;
    }

    // The session's end moves on with its use. A failure is no matter: the next use tries again.
    runtime::task<void> move_on(account_record::stored_session& s, instant now) {
        auto const* known = sessions.find(s.token_digest);
        auto const last =
            known ? std::max(known->session.last_used_at, s.last_used_at) : s.last_used_at;
        if (now - last < moved_on_after) co_return;
        if (auto* mine = sessions.find(s.token_digest)) mine->session.last_used_at = now;
        auto const end = std::max(s.expires_at, end_of(s.since, now));
        auto const moved = co_await keeper.move_session_on(s.token_digest, now, end);
        if (!moved) co_return;
        s.last_used_at = now;
        s.expires_at = end;
    }
};

accounts::accounts(account_record& keeper, password_hashing& hashing, clock& time,
                   token_source tokens, limits with)
    : parts_(new parts{keeper, hashing, time, std::move(tokens), with}) {}

accounts::~accounts() = default;

runtime::task<boost::system::result<accounts::opened, sign_in_errc>>
accounts::sign_in(domain::operator_id user, std::string password, std::string address) {
    auto& p = *parts_;
    auto const began = p.time.now();
    if (!is_user_name(user.value)) user = {}; // nobody, who takes as long as anybody
    if (password.size() > longest_password) password.clear();
    address.resize(std::min(address.size(), longest_address));
    bool const is_stranger = !p.guard.has_been_here(user, address);
    bool const is_full =
        p.signing_in >= (is_stranger ? most_strangers_signing_in : most_signing_in);
    if (is_full || !p.guard.may_try(user, address, began)) co_return sign_in_errc::too_often;
    one_of const waiting(p.signing_in);
    p.guard.tries(user, address, began);
    auto const found = co_await p.keeper.find(user);
    if (!found) {
        p.guard.not_his_fault(user, address);
        co_return sign_in_errc::away;
    }
    auto hash = *found ? (*found)->password_hash : std::string();
    auto const fits = co_await p.hashing.fits(std::move(password), std::move(hash));
    if (!fits || !*found || (*found)->who.is_disabled) co_return sign_in_errc::wrong;
    p.guard.succeeds(user, address);
    auto done = co_await p.open_for((*found)->who);
    co_return done;
}

runtime::task<record_result<std::optional<signed_in>>> accounts::find(std::string token) {
    auto& p = *parts_;
    if (!is_token(token)) co_return std::nullopt;
    auto const digest = p.tokens.digest(token);
    auto const now = p.time.now();
    auto const* known = p.sessions.find(digest);
    if (known && now < known->fresh_until && known->as_of == p.account_changes) {
        if (known->session.expires_at <= now) co_return std::nullopt;
        co_return shown(known->session, known->who);
    }
    if (!known && p.strangers >= most_strangers_looked_up) co_return record_errc::away;
    one_of const waiting(known ? p.ours : p.strangers);
    auto const changes = p.changes;
    auto found = co_await p.keeper.find_session(digest);
    if (!found) co_return found.error();
    if (!*found || (*found)->first.expires_at <= now) {
        p.sessions.erase(digest);
        co_return std::nullopt;
    }
    auto& [session, who] = **found;
    co_await p.move_on(session, now);
    if (p.changes == changes) p.remember(session, who, now);
    co_return shown(session, who);
}

runtime::task<record_result<void>> accounts::sign_out(std::string token) {
    auto& p = *parts_;
    if (!is_token(token)) co_return record_result<void>();
    auto const digest = p.tokens.digest(token);
    auto const ended = co_await p.keeper.end_session(digest);
    if (!ended) co_return ended.error();
    ++p.changes;
    p.sessions.erase(digest);
    co_return record_result<void>();
}

runtime::task<record_result<void>> accounts::be_on_duty(std::string token, bool is) {
    auto& p = *parts_;
    if (!is_token(token)) co_return record_result<void>();
    auto const digest = p.tokens.digest(token);
    auto const done = co_await p.keeper.be_on_duty(digest, is);
    if (!done) co_return done.error();
    ++p.changes;
    if (auto* known = p.sessions.find(digest)) known->fresh_until = instant{};
    co_return record_result<void>();
}

void accounts::account_changed() {
    ++parts_->changes;
    ++parts_->account_changes;
}

runtime::task<record_result<void>> accounts::saw(std::vector<seen_entry> what) {
    if (what.empty()) co_return record_result<void>();
    auto done = co_await parts_->keeper.saw(what);
    co_return done;
}

} // namespace linli::app
