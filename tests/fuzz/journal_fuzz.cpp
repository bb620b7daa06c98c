// Any bytes as a segment file: opening and reading them must end, within bounded memory, and what
// is appended afterwards must be read as it was.
#include "adapters/journal/journal.hpp"
#include "fuzz/require.hpp"

#include <fstream>

namespace {

namespace fs = std::filesystem;

struct temp_folder {
    temp_folder() {
        auto name = std::string{::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"} +
                    "/linli-journal-fuzz-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~temp_folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    fs::path path;
};

fs::path const& folder() {
    static temp_folder const made;
    return made.path;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using namespace linli::journal;
    fs::remove_all(folder());
    fs::create_directory(folder());
    std::ofstream{segment_path(folder(), 1), std::ios::binary}.write(
        reinterpret_cast<char const*>(data), static_cast<std::streamsize>(size));

    options wanted;
    wanted.folder = folder();
    wanted.reserve_bytes = 0;
    try {
        linli::journal::journal fuzzed{wanted};
        record const after{"tcp", "peer", 1, "after"};
        require(fuzzed.append(after, durability::memory).has_value());
        entry last;
        for (auto batch = fuzzed.read_next(100); !batch.empty(); batch = fuzzed.read_next(100)) {
            last = batch.back();
            for (auto const& each : batch)
                fuzzed.mark_committed({&each.at, 1});
        }
        require(last.what == after);
        for (auto const& place : fuzzed.take_damage())
            fuzzed.mark_committed({&place.at, 1});
        require(fuzzed.snapshot().waiting == 0);
    } catch (std::runtime_error const& newer_version) {
        require(std::string_view{newer_version.what()}.find("format") != std::string_view::npos);
    }
    return 0;
}
