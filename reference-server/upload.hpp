#pragma once
// `/upload`: files in, their SHA-256 out; nothing is stored. Several connections may be used at
// once, each for one file after another.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reference-server/message_stream.hpp"

namespace wsproof::reference {

/// The state of one connection: told what arrived, it says what to answer. No I/O.
class upload_receiver {
public:
    static constexpr std::size_t announcement_limit = 4096;  ///< octets of JSON
    static constexpr std::uint64_t progress_step = 256U << 10U;

    upload_receiver();
    ~upload_receiver();
    upload_receiver(upload_receiver const&) = delete;
    upload_receiver& operator=(upload_receiver const&) = delete;

    /// Takes a part of a message; returns the text messages to send now.
    std::vector<std::string> take(piece const& part);

    /// The last answer was an error, and the connection is to be closed.
    bool failed() const { return failed_; }

private:
    struct digest;

    void announce(std::vector<std::string>& answers);
    void digest_octets(std::string_view octets, std::vector<std::string>& answers);
    void finish_file(std::vector<std::string>& answers);
    void fail(std::string const& because, std::vector<std::string>& answers);

    std::string announcement_;
    std::string name_;
    std::uint64_t size_ = 0;
    std::uint64_t received_ = 0;
    std::unique_ptr<digest> digest_;  ///< while a file is expected
    bool failed_ = false;
};

/// Serves one client until it is gone. The caller finishes the stream.
task<void> receive_uploads(std::shared_ptr<message_stream> stream);

}  // namespace wsproof::reference
