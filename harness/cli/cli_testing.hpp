// For the tests of the whole program: runs wsproof, reads its reports, and builds peers for it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reference-server/echo_server.hpp"
#include "testing/program.hpp"
#include "testing/raw_server.hpp"
#include "wire/frame.hpp"
#include "wire/frame_reader.hpp"

namespace wsproof::testing {

using nlohmann::json;
using words = std::vector<std::string>;

/// Cases that every correct server passes in no time, how many they are, and one of them.
inline std::string const pings = "rfc6455/5.5.2";
inline constexpr std::size_t ping_cases = 30;
inline std::string const ping_total = std::to_string(ping_cases);
inline std::string const one_ping = "rfc6455/5.5.2/empty-ping";

/// A new folder that is removed at the end.
class temporary_folder {
public:
    temporary_folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "wsproof-cli-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = pattern;
    }
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;

    std::string const& path() const noexcept { return path_; }
    std::string file(std::string const& name) const { return path_ + "/" + name; }
    /// Writes a file, in new folders where the name has some.
    std::string write(std::string const& name, std::string const& text) const {
        auto const path = file(name);
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

private:
    std::string path_;
};

inline std::string text_of_file(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline words wsproof_command(words arguments) {
    arguments.insert(arguments.begin(), WSPROOF_PROGRAM);
    return arguments;
}

inline program_end wsproof(words arguments, program_settings settings = {}) {
    return run_program(wsproof_command(std::move(arguments)), std::move(settings));
}

/// The report, read by wsproof itself: it names whatever is not as its schema says.
inline json read_report(std::string const& file) {
    auto const again = wsproof({"report", file, "--json", "-"});
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(again.out, text_of_file(file)) << "the report changes when it is read and written";
    auto report = json::parse(again.out, nullptr, false);
    if (report.is_discarded()) throw std::runtime_error("no report in " + file);
    return report;
}

struct tested {
    program_end end;
    json report;

    json const& target() const { return report.at("target"); }
    json const& probe() const { return target().at("probe"); }
    json const& cases() const { return report.at("cases"); }
    json const& of(std::string const& id) const {
        for (auto const& each : cases())
            if (each.at("id") == id) return each;
        throw std::runtime_error(id + " is not in the report");
    }
    std::size_t count(std::string const& grade) const {
        return static_cast<std::size_t>(
            std::count_if(cases().begin(), cases().end(),
                          [&](json const& each) { return each.at("overall") == grade; }));
    }
    /// All problems of the run in one text.
    std::string problems() const {
        std::string text;
        for (auto const& each : report.at("problems")) text += each.get<std::string>() + "\n";
        return text;
    }
};

/// `wsproof test` with a JSON report; `command` stands behind --.
inline tested test_with(words arguments, words const& command = {}, program_settings settings = {}) {
    temporary_folder const folder;
    auto const file = folder.file("report.json");
    arguments.insert(arguments.begin(), "test");
    arguments.insert(arguments.end(), {"--json", file});
    if (!command.empty()) arguments.push_back("--");
    arguments.insert(arguments.end(), command.begin(), command.end());
    tested out{wsproof(std::move(arguments), std::move(settings)), {}};
    if (!std::filesystem::exists(file)) throw std::runtime_error("no report: " + out.end.err);
    out.report = read_report(file);
    EXPECT_EQ(out.report.at("exit_code"), out.end.code) << out.end.err;
    return out;
}

/// The reference server in this process.
class running_echo {
public:
    explicit running_echo(echo_options options = {}) : server_(on_any_port(std::move(options))) {
        server_.start();
    }
    std::uint16_t port() const { return server_.port(); }
    std::string url(std::string const& path = "/echo") const {
        return "ws://127.0.0.1:" + std::to_string(port()) + path;
    }

private:
    static echo_options on_any_port(echo_options options) {
        options.port = 0;
        return options;
    }
    echo_server server_;
};

/// The words of a command that starts a server with one fault: faulty_peer PORT FAULT.
inline words faulty_peer(std::string const& fault, std::string const& port = "{port}") {
    return {WSPROOF_FAULTY_PEER, port, fault};
}

/// Opens the connection correctly and hands every frame to `act` until that gives false.
template <class Act>
void talk(raw_socket& socket, Act act) {
    if (!open_websocket(socket)) return;
    boost::system::error_code error;
    std::array<std::uint8_t, 16384> into{};
    frame_reader reader(2U << 20U);
    while (!error) {
        reader.feed(octets_view(into.data(), socket.read_some(boost::asio::buffer(into), error)));
        while (auto const each = reader.next())
            if (!act(*each)) return;
    }
}

/// Answers a Ping or a Close, and nothing else; false behind a Close.
inline bool answer_control(raw_socket& socket, frame const& got) {
    boost::system::error_code error;
    if (got.header.op != opcode::ping && got.header.op != opcode::close) return true;
    auto const op = got.header.op == opcode::ping ? opcode::pong : opcode::close;
    boost::asio::write(socket, boost::asio::buffer(make_frame(op, got.payload, {})), error);
    return op != opcode::close;
}

/// Sends every message back, fragments joined; no limits, no checks.
inline void serve_echo(raw_socket& socket, int) {
    octets message;
    opcode type = opcode::text;
    talk(socket, [&](frame const& got) {
        if (is_control(got.header.op)) return answer_control(socket, got);
        if (got.header.op != opcode::continuation) type = got.header.op;
        append(message, got.payload);
        if (!got.header.fin) return true;
        auto const echoed = make_frame(type, std::exchange(message, {}), {});
        boost::system::error_code error;
        boost::asio::write(socket, boost::asio::buffer(echoed), error);
        return !error;
    });
}

/// No echo: Pings and Closes are answered, messages are not.
inline void serve_without_echo(raw_socket& socket, int) {
    talk(socket, [&socket](frame const& got) { return answer_control(socket, got); });
}

}  // namespace wsproof::testing
