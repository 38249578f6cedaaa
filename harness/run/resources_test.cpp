#include "run/resources.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <vector>

namespace wsproof {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t mebi = 1024 * 1024;

// A process that leads its group, takes `size` octets of memory when it is told to, and says so.
class greedy_process {
public:
    explicit greedy_process(std::size_t size) {
        if (::pipe(to_.data()) != 0 || ::pipe(from_.data()) != 0) throw std::runtime_error("no pipe");
        pid_ = ::fork();
        if (pid_ == 0) serve(size);
        ::setpgid(pid_, pid_);
    }
    ~greedy_process() {
        for (int const end : {to_[0], to_[1], from_[0], from_[1]}) ::close(end);
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    greedy_process(greedy_process const&) = delete;
    greedy_process& operator=(greedy_process const&) = delete;

    int pid() const { return pid_; }
    void eat() {
        char word = 'x';
        ASSERT_EQ(::write(to_[1], &word, 1), 1);
        ASSERT_EQ(::read(from_[0], &word, 1), 1);
    }

private:
    [[noreturn]] void serve(std::size_t size) {
        char word = 0;
        while (::read(to_[0], &word, 1) == 1) {
            { std::vector<char> volatile const taken(size, word); }
            (void)!::write(from_[1], &word, 1);
        }
        ::_exit(0);
    }
    std::array<int, 2> to_{}, from_{};
    pid_t pid_ = -1;
};

TEST(ResourceWatch, SeesAPeakThatIsOver) {
    greedy_process target(100 * mebi);
    resource_watch watch(target.pid());
    auto const before = watch.since_begin();
    ASSERT_TRUE(before);
    EXPECT_LT(before->memory, 20 * mebi);
    target.eat();
    auto const after = watch.since_begin();
    ASSERT_TRUE(after);
    EXPECT_GT(after->memory, 90 * mebi);
    EXPECT_TRUE(excess_of(*after, 1000, 0));
}

TEST(ResourceWatch, AProcessThatIsGoneHasNone) {
    int gone = 0;
    {
        greedy_process const target(1);
        gone = target.pid();
    }
    EXPECT_FALSE(resource_watch(gone).since_begin());
}

TEST(ResourceWatch, WhatIsTooMuchFollowsWhatWasSent) {
    EXPECT_FALSE(excess_of({60 * mebi, 0us}, 10, 0));
    EXPECT_EQ(excess_of({100 * mebi, 0us}, 10, 0),
              "the target's memory grew by 100 MiB while 10 octets went to and fro (10.4)");
    EXPECT_FALSE(excess_of({200 * mebi, 0us}, 16 * mebi, 0));
    EXPECT_FALSE(excess_of({100 * mebi, 0us}, 10, 16 * mebi)) << "a message that inflates";
    EXPECT_FALSE(excess_of({0, 9s}, 10, 0));
    EXPECT_EQ(excess_of({0, 12s}, 10, 0), "the target used 12 s of processor time while 10 octets went to and fro (10.4)");
    EXPECT_FALSE(excess_of({0, 12s}, 16 * mebi, 0));
}

}  // namespace
}  // namespace wsproof
