#pragma once

#include <filesystem>
#include <string>

#include "hotline/core/admission.hpp"
#include "hotline/core/call.hpp"

namespace linli::hotline {

// hotline.toml; config/hotline/hotline.toml says what each key is.
struct config {
    std::string sip_listen = "127.0.0.1:5062";
    std::string sip_edge = "127.0.0.1:5060";
    std::string sip_identity = "sip:12349@hotline.invalid";
    int session_timer_s = 0;

    std::string rtpengine = "127.0.0.1:2223";
    std::string digits = "127.0.0.1:2224";
    std::string mixer; // empty: none, and nobody comes to a talk of two

    std::filesystem::path server_socket;
    std::filesystem::path folder;
    std::filesystem::path sounds;
    std::filesystem::path spoken;     // empty: none
    std::filesystem::path recordings; // rtpengine's folder for them; empty: nothing is recorded
    int drain_s = 600;
    int look_every_s = 10;

    admission::limits lines;
    hotline::terms terms;
};

// Throws files::file_error with all that is wrong. Paths come out absolute: a relative one starts
// at the file's folder.
config load_config(std::filesystem::path const& file);

} // namespace linli::hotline
