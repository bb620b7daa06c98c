#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace linli::postgres {

// Between the servers of an installation: "something has been committed", without saying what. Told
// by NOTIFY, outside the transactions, since a NOTIFY inside makes commits wait for each other;
// many commits are one hint. A hint is lost with its connection, so whoever hears them looks for
// himself now and then; after each connect he is told to look at once.
//
// One connection, and a thread of its own that waits on it. Never waits for the database itself.
class commit_hints {
public:
    // `heard` is called on the loop when another server has committed, or may have. It is never
    // called once this is destroyed, which is done on the loop.
    commit_hints(std::string url, boost::asio::any_io_executor loop, std::function<void()> heard);
    commit_hints(commit_hints const&) = delete;
    commit_hints& operator=(commit_hints const&) = delete;
    ~commit_hints();

    // This server has committed. Any thread.
    void committed();

private:
    class listener;
    std::unique_ptr<listener> listens_;
};

} // namespace linli::postgres
