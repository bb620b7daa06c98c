#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace linli::tests {

// One direction of SRTP (RFC 3711) by AES_CM_128_HMAC_SHA1_80, of another make than rtpengine's.
class srtp {
public:
    // As SDES (RFC 4568) says it: 16 bytes of key and 14 of salt, in base64.
    explicit srtp(std::string_view inline_key);

    std::string protect(std::string_view rtp);
    // Nothing: nobody who has the key has sent it.
    std::optional<std::string> unprotect(std::string_view packet);

    struct session_keys {
        std::string cipher, salt, proof;
    };
    session_keys const& keys() const { return keys_; }

private:
    struct stream {
        std::uint32_t rolled_over = 0; // times
        std::uint16_t last = 0;
    };
    std::string crypted(std::string_view rtp, std::uint32_t rolled_over) const;
    std::string proof_of(std::string_view packet, std::uint32_t rolled_over) const;
    std::uint32_t rolled_over_at(std::string_view rtp) const;
    void note(std::string_view rtp, std::uint32_t rolled_over);

    session_keys keys_;
    std::map<std::uint32_t, stream> streams_; // by SSRC
};

} // namespace linli::tests
