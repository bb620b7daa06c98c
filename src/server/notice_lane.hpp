#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/readiness.hpp"
#include "adapters/notify/channels.hpp"
#include "adapters/postgres/delivery_record.hpp"
#include "adapters/postgres/placed_call_record.hpp"
#include "app/dispatch.hpp"
#include "app/house_voice.hpp"
#include "app/telling.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"

namespace linli::server {

// How people outside the house are told: from notices of the outbox to gateways, mail server and
// alarm hook, and to our own hotline's voice. It shares nothing with the signals but the loop and
// the way into the record.
class notice_lane {
public:
    // `asked`: for a call by our own hotline; must not throw.
    notice_lane(runtime::config const& config, app::dispatch& dispatch, app::clock& clock,
                app::id_source& ids, boost::asio::any_io_executor loop, runtime::metrics& into,
                std::function<void()> asked);

    app::telling& telling() { return telling_; }
    // Those that need no database.
    app::carrier& gateways() { return channels_; }
    app::delivery_record& record() { return *record_; }
    app::notice_texts const& texts() const { return texts_; }
    void start(runtime::work_scope& tasks); // once the record is known
    void stop();                            // when its tasks have ended

    http::part ready();
    void look(); // figures, when somebody asks

private:
    // By voice our own hotline carries, where it does.
    class ways final : public app::carrier {
    public:
        ways(notify::channels& gateways, app::house_voice* voice)
            : gateways_(gateways), voice_(voice) {}
        bool carries(domain::channel by) const override {
            return by_voice(by) || gateways_.carries(by);
        }
        void carry(app::letter what, std::function<void(app::carried)> done) override;

    private:
        bool by_voice(domain::channel by) const { return voice_ && voice_->carries(by); }

        notify::channels& gateways_;
        app::house_voice* voice_; // null: not ours
    };

    runtime::notify_config config_;
    app::clock& clock_;
    app::notice_texts texts_;
    std::unique_ptr<postgres::delivery_database> record_;
    notify::channels channels_;
    std::unique_ptr<postgres::placed_call_database> placed_; // null: not by our hotline
    std::unique_ptr<app::house_voice> voice_;
    ways ways_;
    app::telling telling_;
    domain::instant since_;
    runtime::gauge sent_;
    runtime::gauge failed_;
    runtime::gauge waiting_;
    runtime::gauge oldest_;
};

} // namespace linli::server
