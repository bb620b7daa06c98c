#include <algorithm>
#include <map>

#include "contract/person_keeper.hpp"
#include "support/memory_erasures.hpp"
#include "support/memory_keeping.hpp"

namespace linli::tests {

namespace {

using domain::erasure_obstacle;
using domain::obstacle;

class twin final : public person_keeper {
public:
    twin() {
        for (auto const& [who, device] :
             std::map<std::string, std::string>{{"r1", "w1"}, {"r2", "w2"}, {"r3", "w3"}})
            erasures_.people[who].obstacles = {{erasure_obstacle::device, device}};
        erasures_.people["r3"].lives_alone = true;
    }

    app::erasure_record& erasures() override { return erasures_; }
    app::keeping_record& keeping() override { return keeping_; }

    void is_taken_off(std::string const& device) override {
        for (auto& [who, person] : erasures_.people)
            std::erase(person.obstacles, obstacle{erasure_obstacle::device, device});
    }
    void has_open_alert(std::string const& resident) override {
        erasures_.people[resident].obstacles.push_back({erasure_obstacle::alert, "a1"});
    }
    void was_somewhere(std::string const& resident, int times) override {
        erasures_.people[resident].rows += static_cast<std::size_t>(times);
    }
    int places_of(std::string const& resident) override {
        return static_cast<int>(erasures_.people[resident].rows);
    }
    bool has_key(std::string const& resident) override {
        return erasures_.people[resident].has_key;
    }
    bool home_has_key(std::string const& home) override {
        return home == "h1" ? has_key("r1") || has_key("r2") : has_key("r3");
    }

    void keeps(domain::kept what, domain::instant at, bool is_open) override {
        keeping_.rows.push_back({what, at, is_open});
    }
    int kept_of(domain::kept what) override {
        return static_cast<int>(
            std::ranges::count(keeping_.rows, what, &memory_keeping::row::what));
    }
    void all_alerts_close() override {
        for (auto& each : keeping_.rows)
            each.is_open = false;
    }
    void all_are_complained_of(bool) override {
        for (auto& each : keeping_.rows)
            each.is_disputed = true;
    }
    void all_complaints_are_settled() override {
        for (auto& each : keeping_.rows)
            each.is_disputed = false;
    }

private:
    memory_erasures erasures_;
    memory_keeping keeping_;
};

} // namespace

std::unique_ptr<person_keeper> persons_on_memory() {
    return std::make_unique<twin>();
}

} // namespace linli::tests
