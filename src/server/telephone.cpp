#include "server/telephone.hpp"

#include <stdexcept>
#include <utility>

#include "adapters/http/push_secrets.hpp"

namespace linli::server {

namespace {

// Another line than those that the configuration knows is the whole installation's.
app::calls::areas areas_of(runtime::config const& c) {
    return [lines = c.telephone.lines, whole = c.installation.area](std::string const& called) {
        auto const found = lines.find(called);
        return domain::area_id{found == lines.end() ? whole : found->second};
    };
}

std::unique_ptr<notify::dial_hook> dials(runtime::config const& c, app::clock& time) {
    bool const is_ours_to_dial = !c.hotline.socket.empty();
    if (c.telephone.dial_url.empty() || is_ours_to_dial) return nullptr;
    return std::make_unique<notify::dial_hook>(c.telephone, telephone_secret(c.telephone),
                                               c.notify.ca_file, time);
}

} // namespace

std::string telephone_secret(runtime::telephone_config const& of) {
    auto secret = http::read_push_secret(of.secret_file.parent_path(), of.secret_file.filename());
    if (secret.empty())
        throw std::runtime_error("telephone.secret_file: " + of.secret_file.string() +
                                 " can't be read or is empty: put a long random text into its "
                                 "first line, readable by the server's user alone; "
                                 "deploy/telephone.md says how");
    return secret;
}

telephone::telephone(runtime::config const& config, house with)
    : kept_(postgres::open_calls(config.database.url, with.keys)),
      calls_(*kept_, with.dispatch, with.clock, with.ids, areas_of(config)),
      dials_(dials(config, with.clock)), ports_{.calls = calls_, .dials = dials_.get()} {
    if (!config.hotline.socket.empty()) {
        placed_ = postgres::open_placed_calls(config.database.url, std::move(with.keys));
        house_dials_ = std::make_unique<app::house_dialler>(
            app::house_dialler::ports{*placed_, with.clock, with.ids, std::move(with.asked)});
        ports_.dials = house_dials_.get();
    }
    if (config.telephone.name.empty()) return;
    ports_.name = config.telephone.name;
    ports_.proof = &proof_.emplace(telephone_secret(config.telephone));
}

void telephone::stop() {
    if (dials_) dials_->stop();
    if (placed_) placed_->stop();
    kept_->stop();
}

} // namespace linli::server
