#pragma once

#include <chrono>
#include <string>

#include "runtime/config.hpp"
#include "runtime/task.hpp"

namespace linli::http {

struct health_answer {
    int status = 0; // 0: no server answered
    std::string body;
};

// Asks this machine's health server for that page, as a command does that has nothing else to go
// by. Never throws; whoever doesn't answer within the deadline is not there.
runtime::task<health_answer> ask_health(runtime::listen_address server, std::string target,
                                        std::chrono::milliseconds deadline);

} // namespace linli::http
