#include "reports/text_trace.hpp"

#include <gtest/gtest.h>

#include "reports/sample_run.hpp"
#include "testing/golden.hpp"
#include "testing/random.hpp"
#include "wire/utf8.hpp"

namespace wsproof {
namespace {

TEST(TextTrace, GoldenSample) {
    EXPECT_TRUE(matches_golden("reports/golden/sample.trace.txt",
                               text_trace(sample_case(), sample_trace())));
}

TEST(TextTrace, ShowsTheOctetsOfAPieceRightBehindIt) {
    trace happened;
    auto const add = [&happened](trace_entry::kind what, std::string_view text) {
        happened.entries.push_back({duration(1500), what, 1, to_octets(text), end_reason::fin});
    };
    add(trace_entry::kind::sent, "one");
    add(trace_entry::kind::received, "two");
    add(trace_entry::kind::sent, "three");
    EXPECT_TRUE(text_trace({}, happened)
                    .starts_with("\n\n"
                                 "     1.500 ms  → 3 octets\n"
                                 "                00000000  6f 6e 65                               "
                                 "           |one|\n"
                                 "     1.500 ms  ← 3 octets\n"
                                 "                3 octets outside of any frame: \"two\"\n"
                                 "                00000000  74 77 6f                               "
                                 "           |two|\n"
                                 "     1.500 ms  → 5 octets\n"
                                 "                8 octets outside of any frame: \"onethree\"\n"
                                 "                00000003  74 68 72 65 65                         "
                                 "           |three|\n"))
        << text_trace({}, happened);
}

TEST(TextTrace, NamesStepsByNumberWhereTheCaseHasNone) {
    auto const text = text_trace({}, sample_trace());
    EXPECT_NE(text.find("  step 3\n"), std::string::npos) << text;
}

TEST(TextTrace, TakesAnyOctets) {
    testing::random_source random;
    for (int i = 0; i < 500; ++i) {
        trace happened;
        happened.peer = random.coin() ? role::client : role::server;
        for (auto left = random.between(0, 12); left > 0; --left) {
            auto data = random.any(random.between(0, 60));
            if (random.between(0, 3) == 0) data = to_octets("HTTP/1.1 101 X\r\nA: \x1b\r\n\r\n");
            happened.entries.push_back({duration(1),
                                        static_cast<trace_entry::kind>(random.between(0, 8)), 1,
                                        std::move(data), end_reason::fin});
        }
        auto const text = text_trace({}, happened);
        ASSERT_TRUE(is_utf8(view_of(text)));
        ASSERT_EQ(text.find_first_of("\x1b\r\t\x7F"), std::string::npos);
    }
}

}  // namespace
}  // namespace wsproof
