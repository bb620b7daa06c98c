// Runs a fuzz target without libFuzzer: on each file of its corpus, and on what a fixed number of
// seeded changes makes of them. No input may take longer, or more memory, than any can need. Which
// one it was, when it fails, lies in the file that it names.
//     fuzz_signal CORPUS_FOLDER [ROUNDS]
#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

#ifdef LINLI_SANITIZED // what it keeps beside each byte, and does with each access
constexpr long most_seconds = 30;
constexpr long most_megabytes = 2048;
#else
constexpr long most_seconds = 3;
constexpr long most_megabytes = 512;
#endif

std::vector<std::string> read_corpus(fs::path const& folder) {
    std::vector<fs::path> files;
    for (auto const& each : fs::directory_iterator(folder))
        if (each.is_regular_file()) files.push_back(each.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> inputs;
    for (auto const& file : files) {
        std::ifstream in(file, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return inputs;
}

// What goes wrong on a wire, and what a hostile sender tries.
class changes {
public:
    explicit changes(unsigned seed) : random_(seed) {}

    std::string of(std::string input, std::string const& other) {
        for (auto times = below(4) + 1; times > 0; --times)
            change(input, other);
        return input;
    }
    std::size_t below(std::size_t bound) { return bound < 2 ? 0 : random_() % bound; }

private:
    void change(std::string& input, std::string const& other) {
        auto const at = below(input.size());
        switch (below(7)) {
        case 0:
            if (!input.empty()) input[at] = static_cast<char>(input[at] ^ 1 << below(8));
            break;
        case 1:
            input.resize(at);
            break;
        case 2:
            input.insert(at, 1, static_cast<char>(random_()));
            break;
        case 3:
            input.erase(at, below(8) + 1);
            break;
        case 4:
            input.insert(at, input.substr(below(input.size()), below(64)));
            break;
        case 5:
            input.insert(at, other.substr(below(other.size()), below(64)));
            break;
        case 6: // the first bytes often say what the others are
            if (!input.empty())
                input[std::min<std::size_t>(at, below(2))] = static_cast<char>(random_());
            break;
        }
    }

    std::minstd_rand random_;
};

// In this process's own time: how busy the machine is doesn't matter.
void bound_time(long seconds) {
    itimerval const left{{}, {seconds, 0}};
    ::setitimer(ITIMER_PROF, &left, nullptr);
}

extern "C" void too_slow(int) {
    constexpr std::string_view text = "NOT SO: one input takes too long\n";
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0) std::_Exit(1);
    std::abort();
}

long megabytes() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss / 1024;
}

void run(std::string const& input, fs::path const& note) {
    std::ofstream(note, std::ios::binary) << input;
    bound_time(most_seconds);
    LLVMFuzzerTestOneInput(reinterpret_cast<unsigned char const*>(input.data()), input.size());
    bound_time(0);
    if (megabytes() <= most_megabytes) return;
    std::cerr << "NOT SO: more than " << most_megabytes << " MB\n";
    std::abort();
}

} // namespace

int main(int count, char** words) {
    if (count < 2) {
        std::cerr << words[0] << " CORPUS_FOLDER [ROUNDS]\n";
        return 2;
    }
    auto const corpus = read_corpus(words[1]);
    if (corpus.empty()) {
        std::cerr << words[1] << " holds no inputs\n";
        return 1;
    }
    auto const rounds = count > 2 ? std::stoul(words[2]) : 20'000UL;
    fs::path const note = fs::path(words[0]).filename().string() + ".last_input";
    std::signal(SIGPROF, too_slow);
    std::cerr << "the input under way: " << fs::absolute(note).string() << '\n';
    for (auto const& each : corpus)
        run(each, note);
    changes what(1);
    for (std::size_t n = 0; n < rounds; ++n)
        run(what.of(corpus[what.below(corpus.size())], corpus[what.below(corpus.size())]), note);
    fs::remove(note);
    std::cout << corpus.size() << " inputs, " << rounds << " changed ones, at most " << megabytes()
              << " MB\n";
    return 0;
}
