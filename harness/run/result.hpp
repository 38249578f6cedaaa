// A whole run as plain values: what reports/ turn into text.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cases/case.hpp"
#include "play/trace.hpp"
#include "play/verdict.hpp"

namespace wsproof {

/// What the probe found out about the target before the cases were played.
struct probe_facts {
    bool opened = false;          ///< a correct opening handshake was answered by a valid 101
    unsigned status = 0;          ///< of the response; 0: none
    std::string server;           ///< value of its Server field
    std::string problem;          ///< why nothing can be played, in one sentence; empty if it can
    std::vector<std::string> response_violations;  ///< names of broken rules
    bool echoes_text = false;
    bool echoes_binary = false;
    bool answers_pings = false;
    bool deflate = false;
    std::string deflate_response;  ///< the element it answered a bare offer with
    std::map<std::string, std::string> deflate_offers;  ///< offer → answer, "" for declined
    std::string subprotocol;       ///< selected from what --subprotocol offered
    std::uint64_t message_limit = 0;  ///< largest message seen to come back; 0: none did
    std::chrono::microseconds round_trip{};  ///< median of Ping to Pong, or of the TCP connect
};

struct target_info {
    std::string url;       ///< as shown: without credentials
    std::string command;   ///< behind --, or empty
    bool built_in = false; ///< the reference server inside wsproof
    std::string agent;     ///< name in reports: --name, else the Server field, else the URL
    probe_facts probe;
};

/// How a child process started by `-- COMMAND` ended.
struct child_end {
    bool by_wsproof = false;  ///< stopped at the end of the run, as it should
    std::optional<int> exit_status;
    std::optional<int> signal;
    std::string output;       ///< the end of what it wrote to stdout and stderr
};

/// What the target took while a case was played.
struct resource_use {
    std::uint64_t memory = 0;          ///< octets: its peak above what it had before
    std::chrono::microseconds cpu{};   ///< of the processor
};

/// Reports decode at most so many frames of each direction of a kept trace; its octets are all there.
inline constexpr std::size_t most_decoded_frames = 100;

struct case_result {
    test_case played;
    wsproof::verdict verdict;
    trace happened;               ///< shortened; empty unless it failed or all traces were asked for
    std::chrono::microseconds started{};   ///< since the start of the run
    std::chrono::microseconds elapsed{};
    std::uint64_t seed = 0;       ///< plays this very case again
    std::string replay;           ///< the command that does
    bool unexpected = false;      ///< makes the run red
    std::string expectation;      ///< what the expected-results file says and how it compares; may be empty
    std::optional<resource_use> resources;  ///< of cases that run alone, where the target is watched
    std::vector<grade> repeats;   ///< overall grades of --repeat, in order, when there was more than one
};

struct run_result {
    std::string tool_version;
    std::string case_set;          ///< case_set_version()
    std::chrono::system_clock::time_point started;
    std::chrono::microseconds elapsed{};
    std::uint64_t seed = 0;
    bool strict = false;
    std::vector<std::string> arguments;  ///< of the command line, secrets masked
    target_info target;
    std::vector<case_result> results;    ///< in the order of the registry
    std::size_t selected = 0;            ///< cases that were to be played
    std::vector<std::string> problems;   ///< of the run as a whole: peer died, bad expectation, …
    bool incomplete = false;             ///< interrupted, or the peer died
    std::optional<child_end> child;
    int exit_code = 0;
};

/// Number of results with this overall grade.
std::size_t count(run_result const& run, grade wanted) noexcept;

}  // namespace wsproof
