#include "adapters/speech/espeak.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/log.hpp"

namespace linli::speech {

namespace {

namespace fs = std::filesystem;
namespace log = runtime::log;

constexpr std::size_t speak_at_once = 2;
constexpr mode_t owner_and_group = 0640;
// As much as its sound library sets aside in memory before it looks whether it is to be heard;
// less, and it is killed before it has said a word.
constexpr std::size_t least_limit = 64U << 20;

char const* voice_of(std::string const& language) {
    return language == "en" ? "en" : "cmn";
}

// Its input is a file without a name: nobody waits for the other at a full pipe.
int text_as_input(std::string const& text) {
    auto const file = ::open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return -1;
    auto const written = ::write(file, text.data(), text.size());
    if (written == static_cast<ssize_t>(text.size()) && ::lseek(file, 0, SEEK_SET) == 0)
        return file;
    ::close(file);
    return -1;
}

// One that isn't done in its time is killed, and so is one that can't be waited for.
bool ends_well(pid_t child, std::chrono::milliseconds at_most) {
    // glibc's header for it is none for C++.
    auto const ending = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
    pollfd end{ending, POLLIN, 0};
    bool const is_done = end.fd >= 0 && ::poll(&end, 1, static_cast<int>(at_most.count())) == 1;
    if (!is_done) ::kill(child, SIGKILL);
    int status = 0;
    auto const waited_for = ::waitpid(child, &status, 0);
    if (end.fd >= 0) ::close(end.fd);
    return is_done && waited_for == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Of all that the server has open it gets nothing but these: a door that it held open would be
// taken when the server starts again.
struct file_actions {
    explicit file_actions(int input) {
        constexpr int first_of_others = 3;
        ::posix_spawn_file_actions_init(&all);
        ::posix_spawn_file_actions_adddup2(&all, input, STDIN_FILENO);
        ::posix_spawn_file_actions_addopen(&all, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_adddup2(&all, STDOUT_FILENO, STDERR_FILENO);
        ::posix_spawn_file_actions_addclosefrom_np(&all, first_of_others);
    }
    file_actions(file_actions const&) = delete;
    file_actions& operator=(file_actions const&) = delete;
    ~file_actions() { ::posix_spawn_file_actions_destroy(&all); }

    posix_spawn_file_actions_t all;
};

bool run(espeak::settings const& with, fs::path const& to, int input, std::string const& language) {
    std::array<std::string, 9> words{with.program.string(),
                                     "-v",
                                     voice_of(language),
                                     "-s",
                                     "150",
                                     "-w",
                                     to.string(),
                                     "--stdin",
                                     "-b1"};
    std::array<char*, words.size() + 1> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i)
        arguments[i] = words[i].data();
    std::array<char*, 1> no_environment{nullptr};
    file_actions const files(input);
    pid_t child = 0;
    if (::posix_spawn(&child, arguments[0], &files.all, nullptr, arguments.data(),
                      no_environment.data()) != 0)
        return false;
    auto const most = std::max(with.most_bytes, least_limit);
    rlimit const bytes{most, most};
    ::prlimit(child, RLIMIT_FSIZE, &bytes, nullptr);
    return ends_well(child, with.at_most);
}

} // namespace

bool speak_to_file(espeak::settings const& with, fs::path const& to, std::string const& text,
                   std::string const& language) {
    auto const input = text_as_input(text);
    if (input < 0) return false;
    auto unfinished = to;
    unfinished += ".part"; // the engine plays what ends in .wav
    bool const has_spoken = run(with, unfinished, input, language);
    ::close(input);
    std::error_code failed;
    auto const size = has_spoken ? fs::file_size(unfinished, failed) : 0;
    bool const is_there = !failed && size > 0 && size <= with.most_bytes &&
                          ::chmod(unfinished.c_str(), owner_and_group) == 0;
    if (is_there) fs::rename(unfinished, to, failed);
    if (is_there && !failed) return true;
    fs::remove(unfinished, failed);
    return false;
}

std::string why_not(espeak::settings const& with) {
    if (::access(with.program.c_str(), X_OK) != 0)
        return with.program.string() + " is not there: install espeak-ng";
    std::error_code failed;
    if (!fs::is_directory(with.folder, failed) ||
        ::access(with.folder.c_str(), R_OK | W_OK | X_OK) != 0)
        return with.folder.string() + " is no folder that the server can write to: make it, with "
                                      "the engine's group and the setgid bit (chmod 2750)";
    return {};
}

espeak::espeak(settings with) : with_(std::move(with)), threads_(speak_at_once) {}

runtime::task<std::optional<std::string>> espeak::say(std::string name, std::string text,
                                                      std::string language) {
    auto job = [this, name, text = std::move(text), language = std::move(language)] {
        return speak_to_file(with_, with_.folder / (name + ".wav"), text, language);
    };
    auto const is_said = co_await threads_.run(std::move(job));
    std::optional<std::string> said;
    if (is_said) said = std::move(name);
    co_return said;
}

void espeak::forget(std::string const& sound) {
    std::error_code failed;
    fs::remove(with_.folder / (sound + ".wav"), failed);
    if (failed) log::error("spoken_not_forgotten", {{"sound", sound}});
}

void espeak::forget_others(std::set<std::string> const& but) {
    std::error_code failed;
    std::vector<fs::path> old;
    // What is being spoken ends in .wav.part.
    auto const sound_of = [](fs::path const& file) {
        auto const name = file.filename().string();
        return name.substr(0, name.find('.'));
    };
    for (fs::directory_iterator at(with_.folder, failed), end; !failed && at != end;
         at.increment(failed))
        if (!but.contains(sound_of(at->path()))) old.push_back(at->path());
    for (auto const& each : old)
        fs::remove(each, failed);
}

} // namespace linli::speech
