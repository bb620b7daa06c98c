#include "adapters/recordings/pieces.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "adapters/recordings/mixing.hpp"
#include "adapters/recordings/pcap.hpp"

namespace linli::recordings {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t made_up = 17; // "-0a1b2c3d4e5f6071", by rtpengine
constexpr std::string_view pcap_ending = ".pcap";
constexpr std::size_t most_pieces = 1000; // of a call; it is held a few times

fs::path pcap_of(piece_folder const& folder, std::string const& name) {
    return folder.at / "pcaps" / (name + ".pcap");
}
fs::path ended_of(piece_folder const& folder, std::string const& name) {
    return folder.at / "metadata" / ("rtpengine-meta-" + name + ".txt");
}
fs::path running_of(piece_folder const& folder, std::string const& name) {
    return folder.at / "tmp" / ("rtpengine-meta-" + name + ".tmp");
}
fs::path sides_of(piece_folder const& folder, std::string const& session) {
    return folder.at / "sides" / session;
}

bool is_live(piece_folder const& folder, std::string const& name) {
    std::error_code error;
    bool const has_ended = fs::exists(ended_of(folder, name), error);
    auto const last = fs::last_write_time(pcap_of(folder, name), error);
    auto const quiet_for = has_ended ? folder.settles_after : folder.stale_after;
    return !error && last + quiet_for > fs::file_time_type::clock::now();
}

// Whose port is whose in that session; 0: nobody knows.
struct sides {
    std::uint16_t caller = 0;
    std::uint16_t leg = 0;
};

sides sides_in(piece_folder const& folder, std::string const& session) {
    sides known;
    std::ifstream from(sides_of(folder, session));
    std::string who;
    for (std::uint16_t port = 0; from >> who >> port;)
        (who == "caller" ? known.caller : known.leg) = port;
    return known;
}

// A piece that is read packet by packet.
class reading {
public:
    reading(piece_folder const& folder, std::string const& name, std::size_t number)
        : number_(number), sides_(sides_in(folder, session_in(name))),
          file_(pcap_of(folder, name), std::ios::binary), packets_(file_) {
        go_on();
    }
    bool is_over() const { return !head_; }
    std::int64_t at() const { return head_->at_us; }
    void give(mixing& to) {
        to.add(number_, who_sent(*head_), *head_);
        go_on();
    }

private:
    // Without a note the first that is heard is the caller, who has been there before her.
    speaker who_sent(sound_packet const& what) {
        if (sides_.caller == 0 && what.to_port != sides_.leg) sides_.caller = what.to_port;
        return what.to_port == sides_.caller ? speaker::caller : speaker::operator_;
    }
    void go_on() { head_ = packets_.next(); }

    std::size_t number_;
    sides sides_;
    std::ifstream file_;
    pcap_reader packets_;
    std::optional<sound_packet> head_;
};

struct start {
    std::int64_t at_us = 0;
    std::string name;
    auto operator<=>(start const&) const = default;
};

// Those with sound in them, by when they begin.
std::vector<start> starts_of(piece_folder const& folder, app::call_pieces const& what) {
    std::vector<start> all;
    for (auto const& each : what.pieces) {
        std::ifstream file(pcap_of(folder, each), std::ios::binary);
        if (!file) // it was there: a disk that fails is no silence
            throw fs::filesystem_error("a piece can't be read", pcap_of(folder, each),
                                       std::make_error_code(std::errc::io_error));
        pcap_reader packets(file);
        if (auto const first = packets.next()) all.push_back({first->at_us, each});
    }
    std::ranges::sort(all);
    if (all.size() > most_pieces) all.resize(most_pieces);
    return all;
}

// All pieces by the time of their packets; no more of them are open than go on at a time.
std::int64_t mix_all(piece_folder const& folder, std::vector<start> const& all,
                     std::int64_t begins_at_us, std::function<void(std::string_view)> const& put) {
    mixing to(begins_at_us, put);
    std::vector<std::unique_ptr<reading>> open;
    for (std::size_t next = 0;;) {
        auto const soonest =
            std::ranges::min_element(open, {}, [](auto& each) { return each->at(); });
        bool const begins =
            next < all.size() && (soonest == open.end() || all[next].at_us <= (*soonest)->at());
        if (begins) {
            open.push_back(std::make_unique<reading>(folder, all[next].name, next));
            ++next;
            if (open.back()->is_over()) open.pop_back();
            continue;
        }
        if (soonest == open.end()) break;
        (*soonest)->give(to);
        if ((*soonest)->is_over()) open.erase(soonest);
    }
    return to.finish();
}

void remove_file(fs::path const& file) {
    std::error_code error;
    fs::remove(file, error);
    if (error) throw fs::filesystem_error("a piece stays", file, error);
}

} // namespace

std::string session_in(std::string_view name) {
    if (name.size() <= made_up || name[name.size() - made_up] != '-') return {};
    return std::string(name.substr(0, name.size() - made_up));
}

std::string call_in(std::string_view session) {
    auto const dot = session.rfind('.');
    return std::string(dot == session.npos ? std::string_view() : session.substr(0, dot));
}

std::vector<app::call_pieces> pieces_in(piece_folder const& folder) {
    std::map<std::string, app::call_pieces> all;
    if (!fs::exists(folder.at / "pcaps")) return {};
    for (auto const& each : fs::directory_iterator(folder.at / "pcaps")) {
        if (each.path().extension() != pcap_ending) continue;
        auto name = each.path().stem().string();
        auto const call = call_in(session_in(name));
        if (call.empty()) continue;
        auto& of = all[call];
        of.call = call;
        of.is_live = of.is_live || is_live(folder, name);
        of.pieces.push_back(std::move(name));
    }
    std::vector<app::call_pieces> found;
    for (auto& [call, each] : all) {
        std::ranges::sort(each.pieces);
        found.push_back(std::move(each));
    }
    return found;
}

// The sound last: as long as it is there, all of it is asked for again.
void remove_pieces(piece_folder const& folder, app::call_pieces const& what) {
    for (auto const& each : what.pieces)
        for (auto const& file :
             {sides_of(folder, session_in(each)), ended_of(folder, each), running_of(folder, each)})
            remove_file(file);
    for (auto const& each : what.pieces)
        remove_file(pcap_of(folder, each));
}

std::optional<laid_out> lay_out(piece_folder const& folder, app::call_pieces const& what) {
    auto const starts = starts_of(folder, what);
    if (starts.empty()) return std::nullopt;
    auto const nowhere = [](std::string_view) {};
    laid_out as;
    as.begins_at_us = starts.front().at_us;
    as.pieces = static_cast<int>(starts.size());
    as.samples = mix_all(folder, starts, as.begins_at_us, nowhere);
    return as;
}

void mix(piece_folder const& folder, app::call_pieces const& what, laid_out const& as,
         std::function<void(std::string_view)> const& put) {
    mix_all(folder, starts_of(folder, what), as.begins_at_us, put);
}

} // namespace linli::recordings
