#include "adapters/http/api.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/http/api_answers.hpp"
#include "adapters/http/live_pages.hpp"
#include "runtime/cancellation.hpp"
#include "runtime/log.hpp"

namespace linli::http {

namespace log = runtime::log;

namespace {

constexpr std::size_t longest_key = 100;
constexpr domain::hours forget_every{1};
constexpr int forgotten_at_once = 1000;

// Printable, and not too long.
bool is_key(std::string_view text) {
    auto const is_printable = [](char c) { return c > ' ' && c <= '~'; };
    return text.size() <= longest_key && std::ranges::all_of(text, is_printable);
}

api_reply in_doubt() {
    return problem(409, {.code = "in_doubt"});
}

std::string const& token_of(api_request const& what) {
    return what.bearer.empty() ? what.cookie : what.bearer;
}

// "7", with or without quotes.
std::optional<std::uint32_t> version_in(std::string_view text) {
    if (text.size() > 1 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    std::uint32_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_of(scope about, app::work_line const& line) {
    if (about == scope::call) return line.call.has_value();
    if (about == scope::alert) return line.alert.has_value();
    return about == scope::order || line.request.has_value();
}

} // namespace

// The request, or why it doesn't pass.
struct api::passed {
    explicit passed(api_reply why) : refused(std::move(why)) {}
    explicit passed(admitted whole) : request(std::move(whole)) {}
    std::optional<api_reply> refused;
    std::optional<admitted> request;
};

api::api(boost::asio::any_io_executor loop, api_ports with)
    : loop_(loop), with_(std::move(with)), commands_(loop),
      cross_site_(with_.metrics.counter("linli_api_cross_site_total",
                                        "Requests that another site's page had a browser send")),
      tasks_(loop) {
    tasks_.spawn("live_beat", with_.live.beat(), runtime::care::vital);
    tasks_.spawn("live_sessions", with_.live.watch_sessions(), runtime::care::vital);
}

runtime::task<> api::stop() {
    co_await tasks_.stop();
}

void api::answer(api_request what, std::function<void(api_reply)> done) {
    auto begin = [this, what = std::move(what), done = std::move(done)]() mutable {
        tasks_.spawn("api_request", serve(std::move(what), std::move(done)));
    };
    boost::asio::post(loop_, std::move(begin));
}

void api::meet(api_request what, std::shared_ptr<live_line_out> out,
               std::function<void(api_callbacks::met)> done) {
    auto begin = [this, what = std::move(what), out = std::move(out),
                  done = std::move(done)]() mutable {
        tasks_.spawn("api_live", greet(std::move(what), std::move(out), std::move(done)));
    };
    boost::asio::post(loop_, std::move(begin));
}

runtime::task<void> api::serve(api_request what, std::function<void(api_reply)> done) {
    auto reply = co_await reply_to(std::move(what));
    done(std::move(reply));
}

runtime::task<api_reply> api::reply_to(api_request what) {
    auto const found = find_route(what.method, what.path);
    if (!found.to && found.allow.empty()) co_return unknown();
    if (!found.to) {
        auto refused = problem(405, {.code = "method"});
        refused.headers.emplace_back("Allow", found.allow);
        co_return refused;
    }
    api_reply reply;
    try {
        reply = co_await guarded(*found.to, found.named, std::move(what));
    } catch (std::exception const& error) {
        if (runtime::is_cancellation(std::current_exception())) throw;
        log::error("api_request_failed", {{"route", found.to->pattern}, {"error", error}});
        reply = problem(500, {.code = "failed"});
    }
    reply.route = found.to->pattern;
    co_return reply;
}

runtime::task<api_reply> api::guarded(route const& to, named_in_path named, api_request what) {
    auto through = co_await admit(to, named, std::move(what));
    if (through.refused) co_return std::move(*through.refused);
    auto request = std::move(*through.request);
    bool const is_known = !request.token.empty();
    api_reply reply;
    bool const is_command =
        to.changes() && to.words.body == body_size::usual && !request.what.idempotency_key.empty();
    if (is_command && !to.needs.is_open())
        reply = co_await once(to, std::move(request));
    else
        reply = co_await perform(to, std::move(request));
    reply.is_known = reply.is_known || is_known;
    co_return reply;
}

runtime::task<api::passed> api::admit(route const& to, named_in_path named, api_request what) {
    if (to.changes() && is_cross_site(what)) {
        cross_site_.add();
        co_return passed(problem(403, {.code = "cross_site"}));
    }
    if (to.needs.is_open()) {
        admitted stranger;
        stranger.what = std::move(what);
        co_return passed(std::move(stranger));
    }
    auto known = co_await identify(to, std::move(what));
    if (known.refused) co_return known;
    bool const names_one = to.pattern.find("{id}") != std::string_view::npos;
    if (names_one && !named.id) co_return passed(unknown());
    if (named.id) known.request->id = *named.id;
    known.request->sheet = std::move(named.sheet);
    known.request->key = std::move(named.key);
    known.request->user = std::move(named.user);
    bool const is_a_line = to.about == scope::alert || to.about == scope::request ||
                           to.about == scope::order || to.about == scope::call;
    if (!is_a_line) co_return known;
    auto found = co_await find_line(to, *named.id, std::move(known));
    co_return found;
}

runtime::task<api::passed> api::identify(route const& to, api_request what) {
    auto const token = token_of(what);
    if (token.empty()) co_return passed(problem(401, {.code = "signed_out"}));
    auto const found = co_await with_.accounts.find(token);
    if (!found) co_return passed(away());
    if (!*found) co_return passed(problem(401, {.code = "signed_out"}));
    // A telephone that was handed on sends later what one has said on it: never as another's.
    if (!what.said_by.empty() && what.said_by != (*found)->who.user.value)
        co_return passed(problem(401, {.code = "another_user"}));
    auto const needed = to.needs.needs();
    if (needed && !domain::may((*found)->who.role, *needed))
        co_return passed(forbidden());
    admitted known;
    known.what = std::move(what);
    known.who = **found;
    known.token = token;
    co_return passed(std::move(known));
}

// What isn't in her area isn't there.
runtime::task<api::passed> api::find_line(route const& to, domain::uuid id, passed so_far) {
    auto owner = id;
    if (to.about == scope::order) {
        domain::order_id const order{id};
        auto const found = co_await with_.reading.owner_of(order);
        if (!found) co_return passed(away());
        if (!*found) co_return passed(unknown());
        owner = **found;
    }
    std::vector<domain::uuid> const wanted{owner};
    auto lines = co_await with_.reading.lines(wanted);
    if (!lines) co_return passed(away());
    if (lines->empty() || !lies_in(lines->front(), so_far.request->who.who.area))
        co_return passed(unknown());
    auto& line = lines->front();
    if (!is_of(to.about, line)) co_return passed(unknown());
    so_far.request->id = id;
    so_far.request->line = std::move(line);
    co_return so_far;
}

runtime::task<api_reply> api::once(route const& to, admitted request) {
    if (!is_key(request.what.idempotency_key)) co_return wrong_field("Idempotency-Key");
    auto const key = request.who.who.user.value + '\n' + request.what.idempotency_key;
    auto asked = request.what.method + request.what.path + '\n' + request.what.body;
    auto const place = commands_.begin(key, asked, with_.clock.now());
    if (place.command->request != asked) co_return wrong_field("Idempotency-Key", "key_reused");
    if (!place.is_first) {
        auto const before = co_await answered_before::wait(place.command);
        if (before) co_return *before;
        co_return away();
    }
    // However it ends, also by an exception: nobody may wait for it for ever.
    struct ending {
        answered_before& in;
        std::string const& key;
        answered_before::handle_on const& command;
        std::optional<api_reply> reply = {};
        ~ending() { in.finish(key, command, reply ? &*reply : nullptr); }
    } first{commands_, key, place.command};
    api_reply reply;
    if (to.words.again == second_time::known)
        reply = co_await perform(to, std::move(request));
    else
        reply = co_await once_ever(to, std::move(request), std::move(asked));
    first.reply = reply;
    co_return reply;
}

// Also if it was asked of another server, or of this one before it was started anew. The key is
// kept before the command and its answer behind it: what has none may have been done. A refusal of
// what is tried again says nothing then, because the first one may be why.
runtime::task<api_reply> api::once_ever(route const& to, admitted request, std::string asked) {
    using standing = app::answer_record::standing;
    app::answer_record::command const what{request.who.who.user, request.what.idempotency_key,
                                           std::move(asked), with_.clock.now()};
    auto const known = co_await with_.answers.begin(what);
    if (!known) co_return away();
    if (known->how == standing::another) co_return wrong_field("Idempotency-Key", "key_reused");
    if (known->how == standing::answered) co_return json(known->said.body, known->said.status);
    bool const is_in_doubt = known->how == standing::in_doubt;
    if (is_in_doubt && to.words.again == second_time::twice) co_return in_doubt();
    auto reply = co_await perform(to, std::move(request));
    if (is_in_doubt && reply.status == 409) reply = in_doubt();
    bool const is_last_word = reply.status < 500;
    if (!is_last_word) co_return reply;
    app::answer_record::answer const said{reply.status, reply.body};
    auto const kept = co_await with_.answers.end(what, said);
    if (!kept) log::warning("command_answer_not_kept", {{"route", to.pattern}});
    co_return reply;
}

// Whether it has moved on since it was seen is asked behind the key: else whoever repeats what he
// did would be told that it has.
runtime::task<api_reply> api::perform(route const& to, admitted request) {
    auto const& seen = request.what.if_match;
    auto const& line = request.line;
    if (line && !seen.empty() && version_in(seen) != version_of(*line, request.id)) {
        wire::problem moved_on{.code = "stale"};
        if (line->alert) moved_on.holder = line->alert->holder.value;
        co_return problem(409, moved_on);
    }
    auto reply = co_await to.answer(with_, std::move(request));
    co_return reply;
}

runtime::task<> api::forget_answers() {
    for (;;) {
        auto const before = with_.clock.now() - app::answers_kept_for;
        auto const gone = co_await with_.answers.forget(before, forgotten_at_once);
        if (gone && *gone == static_cast<std::size_t>(forgotten_at_once)) continue;
        auto const again = with_.clock.now() + forget_every;
        co_await with_.clock.wait_until(again);
    }
}

// A browser says where a page that changes something comes from; a machine, which has no cookie
// that somebody else's page could borrow, says nothing.
bool api::is_cross_site(api_request const& what) {
    if (what.content_type != "application/json") return true;
    if (!what.origin.empty()) return what.origin != "https://" + what.host;
    if (!what.fetch_site.empty())
        return what.fetch_site != "same-origin" && what.fetch_site != "none";
    return !what.cookie.empty();
}

runtime::task<void> api::greet(api_request what, std::shared_ptr<live_line_out> out,
                               std::function<void(api_callbacks::met)> done) {
    auto const found = find_route("GET", what.path);
    bool const is_ours =
        what.origin.empty() ? !what.bearer.empty() : what.origin == "https://" + what.host;
    if (!is_ours) {
        cross_site_.add();
        done(problem(403, {.code = "cross_site"}));
        co_return;
    }
    auto known = co_await identify(*found.to, std::move(what));
    if (known.refused)
        done(std::move(*known.refused));
    else
        done(with_.live.admit(std::move(known.request->who), std::move(known.request->token),
                              std::move(out)));
}

} // namespace linli::http
