#include "adapters/notify/channels.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/notify/gateway.hpp"
#include "adapters/notify/mail.hpp"

namespace linli::notify {

namespace {

using domain::channel;

std::string const& url_of(runtime::notify_config const& c, channel by) {
    switch (by) {
    case channel::voice:
        return c.voice.url;
    case channel::sms:
        return c.sms.url;
    case channel::email:
        return c.email.url;
    case channel::webhook:
        break;
    }
    return c.webhook.url;
}

bool verifies(runtime::notify_config const& c, channel by) {
    switch (by) {
    case channel::voice:
        return c.voice.verify;
    case channel::sms:
        return c.sms.verify;
    case channel::email:
        return c.email.verify;
    case channel::webhook:
        break;
    }
    return c.webhook.verify;
}

std::string first_line(std::filesystem::path const& file, std::string const& key) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line) || line.empty())
        throw std::runtime_error("notify." + key + ": " + file.string() +
                                 " can't be read or is empty: put the secret into its first line, "
                                 "readable by the server's user alone");
    return line;
}

std::string secret_of(std::string const& url, std::filesystem::path const& file,
                      std::string const& key) {
    if (url.empty() || file.empty()) return {};
    return first_line(file, key);
}

void must_not_speak_in_clear(runtime::notify_config const& c) {
    for (auto const& [by, name] : domain::names<channel>::table) {
        auto const& url = url_of(c, by);
        if (url.starts_with("http://") && verifies(c, by) && !is_local(url))
            throw std::runtime_error("notify." + std::string(name) +
                                     ".url is not encrypted: use https://, or set verify = false "
                                     "for a gateway in the same cabinet");
    }
    if (!c.email.url.empty() && c.email.from.empty())
        throw std::runtime_error("notify.email.from is missing: give the address to send from");
}

struct exchange {
    transfer request;
    std::function<app::carried(answer const&)> judge;
};

exchange exchange_for(runtime::notify_config const& c, secrets const& s, app::letter const& what) {
    exchange e;
    switch (what.by) {
    case channel::voice:
        e = {request_of(c.voice, s.voice, what),
             [g = c.voice](answer const& a) { return judged(g, a); }};
        break;
    case channel::sms:
        e = {request_of(c.sms, s.sms, what), [g = c.sms](answer const& a) { return judged(g, a); }};
        break;
    case channel::email:
        e = {mail_of(c.email, s.email, what), mail_judged};
        break;
    case channel::webhook:
        e = {hook_request(c.webhook, s.webhook, what), hook_judged};
        break;
    }
    e.request.ca_file = c.ca_file;
    return e;
}

} // namespace

secrets load_secrets(runtime::notify_config const& c) {
    must_not_speak_in_clear(c);
    secrets s;
    s.voice = secret_of(c.voice.url, c.voice.secret_file, "voice.secret_file");
    s.sms = secret_of(c.sms.url, c.sms.secret_file, "sms.secret_file");
    s.webhook = secret_of(c.webhook.url, c.webhook.secret_file, "webhook.secret_file");
    if (!c.webhook.url.empty() && s.webhook.empty())
        throw std::runtime_error("notify.webhook.secret_file is missing: its requests are signed");
    if (!c.email.user.empty())
        s.email = secret_of(c.email.url, c.email.password_file, "email.password_file");
    return s;
}

bool has_channel(runtime::notify_config const& config, channel by) {
    return !url_of(config, by).empty();
}

channels::channels(runtime::notify_config config, boost::asio::any_io_executor loop)
    : config_(std::move(config)), secrets_(load_secrets(config_)), loop_(std::move(loop)) {}

bool channels::carries(channel by) const {
    return has_channel(config_, by);
}

void channels::carry(app::letter what, std::function<void(app::carried)> done) {
    auto e = exchange_for(config_, secrets_, what);
    transfers_.start(std::move(e.request),
                     [loop = loop_, judge = std::move(e.judge), done = std::move(done)](answer a) {
                         boost::asio::post(loop, [done, came = judge(a)] { done(came); });
                     });
}

domain::seconds channels::longest(runtime::notify_config const& c) {
    return domain::seconds(
        std::max({c.voice.timeout_s, c.sms.timeout_s, c.email.timeout_s, c.webhook.timeout_s}));
}

app::carried carry_now(runtime::notify_config const& config, app::letter const& what) {
    auto e = exchange_for(config, load_secrets(config), what);
    return e.judge(run_transfer(std::move(e.request)));
}

std::string trouble_with(runtime::notify_config const& config, channel by) {
    app::letter nobody;
    nobody.by = by;
    auto e = exchange_for(config, load_secrets(config), nobody);
    e.request.connect_only = true;
    auto const got = run_transfer(std::move(e.request));
    if (got.how == ending::answered) return {};
    return got.why == "certificate"
               ? "its certificate is not one that notify.ca_file, or the system, vouches for"
           : got.why == "login" ? "it refuses user or password"
           : got.why == "tls"   ? "TLS failed; smtp:// must offer STARTTLS"
                                : "no connection (" + got.why + ")";
}

} // namespace linli::notify
