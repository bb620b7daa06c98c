#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/hotline_record.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_record.hpp"

namespace linli::tests {

// The twin of our own hotline's record on PostgreSQL, beside its calls. Each call lets the loop run
// once before it does its work. One thread.
class memory_hotline final : public app::hotline_record {
public:
    memory_hotline(memory_record const& beside, memory_calls& calls)
        : beside_(beside), calls_(calls) {}

    void away(bool is_away) { away_ = is_away; }
    int times_asked_who_calls() const { return asked_who_calls_; }
    void has_account(std::string const& user, std::string const& area = "310000") {
        accounts_[user] = area;
    }
    // Where those sit who have answered the call, are rung for it, or speak on it.
    std::vector<domain::area_id> areas_of_seats(domain::call const& of) const;

    std::map<domain::call_id, domain::call_standing> const& standings() const { return stands_; }
    std::vector<app::call_attempt> attempts_of(domain::call_id id) const;
    std::vector<domain::seat_stretch> const& stretches_of(domain::operator_id const& who) {
        return stretches_[who];
    }
    std::optional<domain::refused_wish> refused_of(domain::call_id id) const {
        auto const found = refused_.find(id);
        return found == refused_.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<std::pair<app::wished, std::optional<domain::wish_refusal>>> const&
    done_wishes() const {
        return done_;
    }

    runtime::task<app::record_result<domain::hotline_seat>> says(domain::operator_id who,
                                                                 domain::seat_word what,
                                                                 std::set<std::string> languages,
                                                                 domain::instant now) override;
    runtime::task<app::record_result<domain::hotline_seat>> seat(domain::operator_id who) override;
    runtime::task<app::record_result<bool>> wish(app::wished const& what) override;
    runtime::task<app::record_result<domain::operator_id>> talks_on(domain::call_id id) override;
    runtime::task<app::record_result<std::vector<domain::hotline_seat>>> seats() override;
    runtime::task<app::record_result<std::vector<app::running_call>>> running() override;
    runtime::task<app::record_result<void>> stands(standing const& now) override;
    runtime::task<app::record_result<void>> keep(app::call_attempt const& what) override;
    runtime::task<app::record_result<std::vector<app::wished>>> wishes() override;
    runtime::task<app::record_result<void>> done(domain::uuid wish,
                                                 std::optional<domain::wish_refusal> refused,
                                                 domain::instant at) override;
    runtime::task<app::record_result<domain::caller_facts>>
    facts_of(std::string number, domain::call_id except, domain::instant now) override;
    runtime::task<app::record_result<std::optional<std::vector<std::string>>>>
    bound_numbers(std::size_t most) override;
    runtime::task<app::record_result<app::hotline_now>> stands_now(domain::instant day_began,
                                                                   domain::instant now) override;

private:
    bool runs(domain::call_id id) const;
    void counts(app::hotline_now& into, domain::call const& c, domain::call_standing const& is,
                domain::instant day_began, domain::instant now) const;
    bool has_emergency(std::vector<domain::caller> const& his) const;

    memory_record const& beside_;
    memory_calls& calls_;
    std::map<std::string, std::string> accounts_; // where they are
    std::map<domain::operator_id, domain::hotline_seat> seats_;
    std::map<domain::operator_id, std::vector<domain::seat_stretch>> stretches_;
    std::map<domain::call_id, domain::call_standing> stands_;
    std::map<std::pair<domain::call_id, std::string>, app::call_attempt> attempts_;
    std::vector<app::wished> wishes_;
    std::vector<std::pair<app::wished, std::optional<domain::wish_refusal>>> done_;
    std::map<domain::call_id, domain::refused_wish> refused_; // the last
    bool away_ = false;
    int asked_who_calls_ = 0;
};

} // namespace linli::tests
