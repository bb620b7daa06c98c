#pragma once

#include <string>

#include <gtest/gtest.h>

#include "support/page_client.hpp"
#include "system/house.hpp"

namespace linli::tests {

// Somebody at a page of her own.
struct signed_in : page_client {
    signed_in(house& at, std::string const& user)
        : page_client(at.console_port(), at.folder() / "console/ca.crt") {
        auto const in =
            post("/v1/session",
                 R"({"user":")" + user + R"(","password":"a long secret of )" + user + R"("})");
        EXPECT_EQ(in.status, 200) << in.body;
    }
};

} // namespace linli::tests
