#include "reports/text_case.hpp"

#include <gtest/gtest.h>

#include "reports/sample_run.hpp"
#include "testing/golden.hpp"

namespace wsproof {
namespace {

TEST(TextCase, GoldenSample) {
    EXPECT_TRUE(matches_golden("reports/golden/sample.case.txt", text_case(sample_case())));
}

TEST(TextCase, ShowsAMinimalCase) {
    test_case value;
    value.id = "rfc6455/5.1/x";
    value.title = "Title \x1b";
    value.outcomes = {{grade::pass, {{see_silence{}, false}}, {}, ""}};
    EXPECT_EQ(text_case(value),
              "rfc6455/5.1/x\nTitle \\x1b\n\n"
              "  level     must\n"
              "\nClauses\n"
              "\nSteps\n"
              "  then, if the connection stands, the closing handshake\n"
              "\nVerdict\n"
              "  pass        nothing until the time limit\n"
              "  fail        anything else\n");
}

}  // namespace
}  // namespace wsproof
