#include <algorithm>
#include <iterator>

#include "runtime/config/keys.hpp"
#include "runtime/config/words.hpp"

namespace linli::runtime::config_file {

namespace {

void add_gateway_keys(std::vector<key>& to, std::string const& name,
                      gateway_config& (*of)(config&)) {
    auto const k = [&](char const* word) { return "notify." + name + '.' + word; };
    auto const part = [of](auto member) {
        return [ of, member ](config & c) -> auto& {
            return of(c).*member;
        };
    };
    using g = gateway_config;
    to.push_back(text(k("url"), "https://… or http://…, or nothing: then nobody is told this way",
                      "https://gateway.example/send", is_http_url, part(&g::url)));
    to.push_back(text(k("method"), "POST, PUT or GET", "POST", is_method, part(&g::method)));
    to.push_back(text(k("content_type"), "one line of text", "application/json", is_one_line,
                      part(&g::content_type)));
    to.push_back(lines(k("headers"), R"(["Authorization: Bearer {secret}"])", part(&g::headers)));
    to.push_back(text(
        k("body"), "a text", "…", [](std::string_view) { return true; }, part(&g::body)));
    to.push_back(maybe_path(k("secret_file"), "keys/" + name + ".secret", part(&g::secret_file)));
    to.push_back(number(k("success_status"), 0, 599, 200, part(&g::success_status)));
    to.push_back(text(k("success_pointer"), "a JSON pointer, or nothing", "/code", is_pointer,
                      part(&g::success_pointer)));
    to.push_back(
        text(k("success_equals"), "one line of text", "0", is_one_line, part(&g::success_equals)));
    to.push_back(truth(k("confirms"), part(&g::confirms)));
    to.push_back(number(k("timeout_s"), 1, 60, 10, part(&g::timeout_s)));
    to.push_back(truth(k("verify"), part(&g::verify)));
}

std::vector<key> mail_and_hook_keys() {
    return {
        text(
            "notify.email.url", "smtp://host:587 or smtps://host:465, or nothing",
            "smtp://mail.example:587", is_mail_url,
            [](config & c) -> auto& { return c.notify.email.url; }),
        text(
            "notify.email.user", "one line of text", "linli", is_one_line,
            [](config & c) -> auto& { return c.notify.email.user; }),
        maybe_path(
            "notify.email.password_file", "keys/smtp.password",
            [](config & c) -> auto& { return c.notify.email.password_file; }),
        text(
            "notify.email.from", "an e-mail address", "linli@example.org", is_mail_address,
            [](config & c) -> auto& { return c.notify.email.from; }),
        number(
            "notify.email.timeout_s", 1, 60, 20,
            [](config & c) -> auto& { return c.notify.email.timeout_s; }),
        truth(
            "notify.email.verify", [](config & c) -> auto& { return c.notify.email.verify; }),
        text(
            "notify.webhook.url", "https://… or http://…, or nothing",
            "https://alarms.example/linli", is_http_url,
            [](config & c) -> auto& { return c.notify.webhook.url; }),
        maybe_path(
            "notify.webhook.secret_file", "keys/webhook.secret",
            [](config & c) -> auto& { return c.notify.webhook.secret_file; }),
        number(
            "notify.webhook.timeout_s", 1, 60, 10,
            [](config & c) -> auto& { return c.notify.webhook.timeout_s; }),
        truth(
            "notify.webhook.verify", [](config & c) -> auto& { return c.notify.webhook.verify; }),
    };
}

} // namespace

std::vector<key> notify_keys() {
    std::vector<key> all{
        text(
            "notify.callback", "a telephone number", "12349", is_phone,
            [](config & c) -> auto& { return c.notify.callback; }),
        maybe_path(
            "notify.texts", "notices.toml", [](config & c) -> auto& { return c.notify.texts; }),
        text(
            "notify.duty_phone", "a telephone number, or nothing", "13800000000", is_phone,
            [](config & c) -> auto& { return c.notify.duty_phone; }),
        maybe_path(
            "notify.ca_file", "keys/ca.crt", [](config & c) -> auto& { return c.notify.ca_file; }),
        number(
            "notify.unready_after_s", 5, 3600, 60,
            [](config & c) -> auto& { return c.notify.unready_after_s; }),
        number(
            "notify.degraded_after_s", 1, 600, 5,
            [](config & c) -> auto& { return c.notify.degraded_after_s; }),
        number(
            "notify.keep_days", 1, 3650, 90,
            [](config & c) -> auto& { return c.notify.keep_days; }),
    };
    all.push_back(text("notify.voice.by", "gateway or hotline", "gateway", [](auto t, auto& c) {
        c.notify.voice_by_hotline = t == "hotline";
        return t == "hotline" || t == "gateway";
    }));
    add_gateway_keys(
        all, "voice", [](config & c) -> auto& { return c.notify.voice; });
    add_gateway_keys(
        all, "sms", [](config & c) -> auto& { return c.notify.sms; });
    std::ranges::move(mail_and_hook_keys(), std::back_inserter(all));
    return all;
}

} // namespace linli::runtime::config_file
