#include "run/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace wsproof {
namespace {

constexpr std::size_t output_kept = 16 * 1024;

struct pipe_ends {
    int read = -1, write = -1;
    pipe_ends() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
        read = ends[0];
        write = ends[1];
    }
};

// Between fork and exec only calls that are safe there.
[[noreturn]] void become(std::vector<char*> const& arguments, int output, int trouble) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // not even a SIGKILL of wsproof leaves the server behind
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    int const nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execvp(arguments.front(), arguments.data());
    int const error = errno;
    (void)!::write(trouble, &error, sizeof error);
    ::_exit(127);
}

}  // namespace

struct child_process::state : std::enable_shared_from_this<child_process::state> {
    state(asio::io_context& context, int read_end) : pipe(context, read_end) {}

    asio::posix::stream_descriptor pipe;
    std::array<char, 4096> buffer{};
    std::string output;
    pid_t pid = -1;
    bool reaped = false;
    bool stopped = false;
    int status = 0;

    void keep(std::size_t size) {
        output.append(buffer.data(), size);
        if (output.size() > 2 * output_kept) output.erase(0, output.size() - output_kept);
    }
    void read_on() {
        pipe.async_read_some(asio::buffer(buffer),
                             [self = shared_from_this()](error_code const& error, std::size_t size) {
                                 self->keep(size);
                                 if (!error) self->read_on();
                             });
    }
    // What is still in the pipe when the io_context no longer runs.
    void drain() {
        error_code error;
        pipe.non_blocking(true, error);
        while (!error) keep(pipe.read_some(asio::buffer(buffer), error));
    }
    bool reap(bool wait) {
        if (!reaped && ::waitpid(pid, &status, wait ? 0 : WNOHANG) == pid) reaped = true;
        return reaped;
    }
    bool gone_within(std::chrono::milliseconds patience) {
        auto const until = std::chrono::steady_clock::now() + patience;
        while (!reap(false)) {
            if (std::chrono::steady_clock::now() >= until) return false;
            ::poll(nullptr, 0, 5);
        }
        return true;
    }
};

child_process::child_process(asio::io_context& context, std::vector<std::string> const& command) {
    if (command.empty()) throw std::runtime_error("there is no command behind --");
    pipe_ends const output, trouble;
    std::vector<std::string> copies(command);
    std::vector<char*> arguments;
    for (auto& each : copies) arguments.push_back(each.data());
    arguments.push_back(nullptr);

    state_ = std::make_shared<state>(context, output.read);
    state_->pid = ::fork();
    if (state_->pid < 0) throw std::runtime_error("cannot start a process: " + std::string(std::strerror(errno)));
    if (state_->pid == 0) become(arguments, output.write, trouble.write);
    ::setpgid(state_->pid, state_->pid);
    ::close(output.write);
    ::close(trouble.write);
    int error = 0;
    bool const failed = ::read(trouble.read, &error, sizeof error) == sizeof error;
    ::close(trouble.read);
    if (failed) {
        state_->reap(true);
        throw std::runtime_error("cannot execute \"" + command.front() + "\": " + std::strerror(error));
    }
    state_->read_on();
}

child_process::~child_process() {
    if (!state_) return;
    ::kill(-state_->pid, SIGKILL);
    state_->reap(true);
    error_code ignored;
    state_->pipe.close(ignored);
}

int child_process::pid() const noexcept { return state_->pid; }
bool child_process::running() noexcept { return !state_->reap(false); }
bool child_process::gone_within(std::chrono::milliseconds patience) noexcept {
    return state_->gone_within(patience);
}

child_end child_process::end() const {
    child_end out;
    out.by_wsproof = state_->stopped;
    if (state_->reaped && WIFEXITED(state_->status)) out.exit_status = WEXITSTATUS(state_->status);
    if (state_->reaped && WIFSIGNALED(state_->status)) out.signal = WTERMSIG(state_->status);
    auto const& all = state_->output;
    out.output = all.size() > output_kept ? all.substr(all.size() - output_kept) : all;
    return out;
}

void child_process::stop(std::chrono::milliseconds patience) {
    if (running()) {
        state_->stopped = true;
        ::kill(-state_->pid, SIGTERM);
        if (!state_->gone_within(patience)) {
            ::kill(-state_->pid, SIGKILL);
            state_->reap(true);
        }
    }
    ::kill(-state_->pid, SIGKILL);  // what the server itself had started
    state_->drain();
}

}  // namespace wsproof
