#pragma once

#include <filesystem>

namespace linli::tests::faults {

// A broker's certificate and key, and the authority that signs it, in a folder.
class certificate {
public:
    explicit certificate(std::filesystem::path folder); // good for a day

    std::filesystem::path file() const { return folder_ / "broker.crt"; }
    std::filesystem::path key() const { return folder_ / "broker.key"; }
    std::filesystem::path authority() const { return folder_ / "ca.crt"; }

    // For the broker's next start.
    void expires() const; // an hour ago
    void is_renewed() const;

private:
    std::filesystem::path authority_key() const { return folder_ / "ca.key"; }
    void sign(long ends_in_s) const;

    std::filesystem::path const folder_;
};

} // namespace linli::tests::faults
