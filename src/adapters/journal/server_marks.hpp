#pragma once

#include <filesystem>
#include <string>

namespace linli::journal {

// Two small files in the journal's folder, as durable as the journal: what this server is called
// among its like, and that it was the last to hold the ingest.
class server_marks {
public:
    // Of a folder that the journal has taken, so nobody else writes here.
    explicit server_marks(std::filesystem::path folder);

    // Eight hex digits, drawn at the first start. A copy of the folder for another server must
    // leave the file "server-id" out: two with one id throw each other out at the broker.
    std::string const& id() const { return id_; }

    // The file is the only memory: whoever deletes it has said that this server was not the last.
    bool was_holder() const;

    // On the disk when they return. False: they are not, errno says why.
    bool note_holding() const;
    bool forget_holding() const;

private:
    std::filesystem::path folder_;
    std::string id_;
};

} // namespace linli::journal
