#pragma once

#include <filesystem>

namespace linli::tests::faults {

// A file system in memory that can be full. Needs root; in this process's mount namespace alone.
class small_disk {
public:
    small_disk(std::filesystem::path at, int mib);
    ~small_disk();
    small_disk(small_disk const&) = delete;
    small_disk& operator=(small_disk const&) = delete;

    std::filesystem::path const& folder() const { return at_; }
    void fills() const; // to its last byte
    void frees() const;

private:
    std::filesystem::path filler() const { return at_ / "somebody-elses-file"; }

    std::filesystem::path const at_;
};

} // namespace linli::tests::faults
