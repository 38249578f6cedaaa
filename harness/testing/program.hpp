// Runs a program as a shell would: what it wrote, how it ended, how much memory it took at most.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsproof::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) ||
                                  __has_feature(thread_sanitizer) ||
                                  __has_feature(memory_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

struct program_settings {
    std::vector<std::string> environment{};  ///< "NAME=value" sets, "NAME" takes away
    std::string input{};                     ///< standard input
    std::string out_file{};                  ///< standard output goes there
    bool terminal = false;  ///< both outputs are a terminal of 120 columns, and both come in `out`
    std::chrono::seconds limit{60};  ///< then it is killed
};

struct program_end {
    int code = -1;   ///< exit status; -1 when a signal ended it, or its time was over
    int signal = 0;  ///< that ended it
    std::string out{}, err{};
    long peak_kib = 0;  ///< never less than the peak of the process that started it

    bool says(std::string_view text) const { return err.find(text) != std::string::npos; }
    bool prints(std::string_view text) const { return out.find(text) != std::string::npos; }
};

/// True as soon as the process, which need not be a child, is gone; false when it lives on.
inline bool ends_within(int pid, std::chrono::milliseconds limit) {
    auto const descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (descriptor < 0) return errno == ESRCH;
    pollfd waiting{descriptor, POLLIN, 0};
    bool const gone = ::poll(&waiting, 1, static_cast<int>(limit.count())) == 1;
    ::close(descriptor);
    return gone;
}

class program {
public:
    explicit program(std::vector<std::string> words, program_settings settings = {})
        : settings_(std::move(settings)), until_(clock::now() + settings_.limit) {
        start(std::move(words));
    }
    ~program() {
        if (running_) {
            ::kill(pid_, SIGKILL);
            wait();
        }
        for (auto& each : sources_) ::close(each.descriptor);
    }
    program(program const&) = delete;
    program& operator=(program const&) = delete;

    int pid() const noexcept { return pid_; }
    /// What it wrote to its standard error so far, as far as has_said() read it.
    std::string const& said() const noexcept { return end_.err; }
    void send(int signal) const { ::kill(pid_, signal); }

    /// Waits until this stands in what it wrote; false when the program ended, or its time is over,
    /// before.
    bool has_said(std::string_view text) {
        while (!end_.says(text) && !end_.prints(text))
            if (!read_on()) return end_.says(text) || end_.prints(text);
        return true;
    }

    /// Returns when it has ended and nobody else, such as a server that it left behind, can write
    /// to its outputs any more.
    program_end const& wait() {
        while (read_on()) continue;
        if (!std::exchange(running_, false)) return end_;
        bool const late = !sources_.empty() || !ends_within(pid_, left());
        if (late) ::kill(pid_, SIGKILL);
        int status = 0;
        rusage used{};
        ::wait4(pid_, &status, 0, &used);
        if (!late && WIFEXITED(status)) end_.code = WEXITSTATUS(status);
        if (WIFSIGNALED(status)) end_.signal = WTERMSIG(status);
        end_.peak_kib = used.ru_maxrss;
        return end_;
    }

private:
    using clock = std::chrono::steady_clock;
    struct source {
        int descriptor;
        std::string* into;
    };
    struct opened {
        int in = -1, out = -1, err = -1;  // of the program
    };

    void start(std::vector<std::string> words) {
        auto const ends = open_ends();
        std::vector<std::string> environment = new_environment();
        auto const arguments = pointers(words), variables = pointers(environment);
        pid_ = ::fork();
        if (pid_ < 0) throw std::runtime_error("cannot fork");
        if (pid_ == 0) become(arguments, variables, ends);
        running_ = true;
        for (int const each : {ends.in, ends.out, ends.err}) ::close(each);
    }

    // Only calls that are safe between fork and exec.
    [[noreturn]] static void become(std::vector<char*> const& arguments,
                                    std::vector<char*> const& variables, opened const& ends) {
        ::dup2(ends.in, STDIN_FILENO);
        ::dup2(ends.out, STDOUT_FILENO);
        ::dup2(ends.err, STDERR_FILENO);
        ::execve(arguments.front(), arguments.data(), variables.data());
        ::_exit(127);
    }

    opened open_ends() {
        opened ends;
        ends.in = input_file();
        if (settings_.terminal) {
            ends.out = open_terminal();
            ends.err = ::fcntl(ends.out, F_DUPFD_CLOEXEC, 0);
            return ends;
        }
        ends.out = settings_.out_file.empty()
                       ? open_pipe(end_.out)
                       : ::open(settings_.out_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ends.err = open_pipe(end_.err);
        return ends;
    }

    int input_file() const {
        std::unique_ptr<FILE, int (*)(FILE*)> const file(std::tmpfile(), std::fclose);
        if (!file) throw std::runtime_error("no temporary file");
        std::fwrite(settings_.input.data(), 1, settings_.input.size(), file.get());
        std::rewind(file.get());
        return ::fcntl(::fileno(file.get()), F_DUPFD_CLOEXEC, 0);
    }

    int open_pipe(std::string& into) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        sources_.push_back({ends[0], &into});
        return ends[1];
    }

    int open_terminal() {
        int const ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (ours < 0 || ::grantpt(ours) != 0 || ::unlockpt(ours) != 0)
            throw std::runtime_error("no terminal");
        sources_.push_back({ours, &end_.out});
        winsize const size{40, 120, 0, 0};
        ::ioctl(ours, TIOCSWINSZ, &size);
        return ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
    }

    std::vector<std::string> new_environment() const {
        std::vector<std::string> all;
        for (auto* each = environ; *each != nullptr; ++each) all.emplace_back(*each);
        for (auto const& change : settings_.environment) {
            auto const name = change.substr(0, change.find('=')) + "=";
            std::erase_if(all, [&](auto const& one) { return one.starts_with(name); });
            if (change.find('=') != std::string::npos) all.push_back(change);
        }
        return all;
    }

    static std::vector<char*> pointers(std::vector<std::string>& texts) {
        std::vector<char*> out;
        for (auto& each : texts) out.push_back(each.data());
        out.push_back(nullptr);
        return out;
    }

    std::chrono::milliseconds left() const {
        auto const rest =
            std::chrono::duration_cast<std::chrono::milliseconds>(until_ - clock::now());
        return std::max(rest, std::chrono::milliseconds(0));
    }

    // Takes what has come, or waits for it. False when nothing can come any more.
    bool read_on() {
        if (sources_.empty()) return false;
        std::vector<pollfd> waiting;
        for (auto const& each : sources_) waiting.push_back({each.descriptor, POLLIN, 0});
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(left().count())) <= 0)
            return false;
        for (std::size_t i = waiting.size(); i-- > 0;) {
            if (waiting[i].revents == 0) continue;
            std::array<char, 65536> data;
            auto const size = ::read(sources_[i].descriptor, data.data(), data.size());
            if (size > 0) {
                sources_[i].into->append(data.data(), static_cast<std::size_t>(size));
            } else {  // a terminal that nobody writes to any more gives an error
                ::close(sources_[i].descriptor);
                sources_.erase(sources_.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
        return true;
    }

    program_settings settings_;
    clock::time_point until_;
    int pid_ = -1;
    bool running_ = false;
    program_end end_;
    std::vector<source> sources_;
};

inline program_end run_program(std::vector<std::string> words, program_settings settings = {}) {
    program one(std::move(words), std::move(settings));
    return one.wait();
}

}  // namespace wsproof::testing
