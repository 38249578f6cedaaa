#include "reference-server/deflate_offer.hpp"

#include <gtest/gtest.h>

namespace wsproof::reference {
namespace {

std::string taken(std::string_view offers) {
    auto const choice = choose_extensions(offers);
    if (!choice.well_formed) return "malformed";
    return choice.deflate.value_or("declined");
}

TEST(DeflateOffer, TakesWhatItCanKeep) {
    EXPECT_EQ(taken("permessage-deflate"), "permessage-deflate");
    EXPECT_EQ(taken("permessage-deflate; client_max_window_bits"),
              "permessage-deflate; client_max_window_bits");
    EXPECT_EQ(taken("permessage-deflate;server_no_context_takeover ; client_no_context_takeover"),
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    EXPECT_EQ(taken("permessage-deflate; client_max_window_bits=8"),
              "permessage-deflate; client_max_window_bits=8");
    for (std::string const bits : {"9", "10", "11", "12", "13", "14", "15"}) {
        auto const offer = "permessage-deflate; server_max_window_bits=" + bits;
        EXPECT_EQ(taken(offer), offer);
    }
}

TEST(DeflateOffer, ReadsAQuotedValueLikeAToken) {
    EXPECT_EQ(taken("permessage-deflate; server_max_window_bits=\"10\""),
              "permessage-deflate; server_max_window_bits=10");
    EXPECT_EQ(taken("permessage-deflate; server_max_window_bits=\"1\\0\""),
              "permessage-deflate; server_max_window_bits=10");
}

TEST(DeflateOffer, DeclinesWhatItMust) {
    for (std::string const parameter : {"foo",
                                        "client_max_window_bits; bar=1",
                                        "server_max_window_bits",
                                        "server_max_window_bits=7",
                                        "server_max_window_bits=16",
                                        "server_max_window_bits=08",
                                        "server_max_window_bits=+9",
                                        "server_max_window_bits=-9",
                                        "server_max_window_bits=1.5",
                                        "server_max_window_bits=abc",
                                        "server_max_window_bits=010",
                                        "server_max_window_bits=99999999999999999999",
                                        "server_no_context_takeover=1",
                                        "client_no_context_takeover=true",
                                        "client_max_window_bits=0",
                                        "client_max_window_bits=7",
                                        "client_max_window_bits=16",
                                        "server_no_context_takeover; server_no_context_takeover",
                                        "server_max_window_bits=10; server_max_window_bits=11",
                                        "client_max_window_bits; client_max_window_bits=10"})
        EXPECT_EQ(taken("permessage-deflate; " + parameter), "declined") << parameter;
    EXPECT_EQ(taken("x-unknown"), "declined");
    EXPECT_EQ(taken("x-webkit-deflate-frame"), "declined");
}

TEST(DeflateOffer, DeclinesAWindowThatBeastWouldAnswerWithALargerOne) {
    EXPECT_EQ(taken("permessage-deflate; server_max_window_bits=8"), "declined");
    EXPECT_EQ(taken("permessage-deflate; server_max_window_bits=8, permessage-deflate"),
              "permessage-deflate");
}

TEST(DeflateOffer, LooksFurtherThanTheFirstOffer) {
    EXPECT_EQ(taken("x-unknown; a=b, permessage-deflate; foo, "
                    "permessage-deflate; server_max_window_bits=12, permessage-deflate"),
              "permessage-deflate; server_max_window_bits=12");
}

TEST(DeflateOffer, ReportsWhatBreaksTheGrammar) {
    for (std::string_view const value :
         {"", ",", " , ,", "@", "a b", ";a=b", "permessage-deflate;", "permessage-deflate; =1",
          "permessage-deflate;;client_max_window_bits", "permessage-deflate; a=", "foo;bar=\"x",
          "foo;bar=x\"", "foo; bar=\"\"", "permessage-deflate; server_max_window_bits=\"1 0\"",
          "permessage-deflate, a b", "permessage-deflate; a=b=c", "foo=1"})
        EXPECT_EQ(taken(value), "malformed") << value;
}

}  // namespace
}  // namespace wsproof::reference
