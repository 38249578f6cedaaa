#include "reports/time_text.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

using namespace std::chrono;

TEST(TimeText, WritesUtcWithMilliseconds) {
    EXPECT_EQ(iso_time(system_clock::time_point{}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(iso_time(sys_days(2024y / February / 29) + 23h + 59min + 59s + 999999us),
              "2024-02-29T23:59:59.999Z");
    EXPECT_EQ(iso_time(system_clock::time_point{} - 1us), "1969-12-31T23:59:59.999Z");
}

TEST(TimeText, ReadsWhatItWrites) {
    for (auto const text :
         {"1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2026-11-22T17:36:52.007Z"}) {
        auto const read = parse_iso_time(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(iso_time(*read), text);
    }
}

TEST(TimeText, ReadsNothingElse) {
    for (auto const text :
         {"", "2026-11-22", "2026-11-22T17:36:52Z", "2026-11-22 17:36:52.007Z",
          "2026-13-22T17:36:52.007Z", "2026-02-30T17:36:52.007Z", "2026-11-22T24:00:00.000Z",
          "2026-11-22T17:60:52.007Z", "2026-11-22T17:36:61.007Z", "2026-11-22T17:36:52.-07Z",
          "202x-11-22T17:36:52.007Z", "0001-01-01T00:00:00.000Z", "2026-11-22T17:36:52.007Z "})
        EXPECT_FALSE(parse_iso_time(text)) << text;
}

TEST(TimeText, WritesDurationsWithAllTheirDigits) {
    EXPECT_EQ(in_seconds(0us), "0.000000");
    EXPECT_EQ(in_seconds(61000001us), "61.000001");
    EXPECT_EQ(in_milliseconds(1301us), "1.301");
    EXPECT_EQ(in_milliseconds(-1us), "-0.001");
}

}  // namespace
}  // namespace wsproof
