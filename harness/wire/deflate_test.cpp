#include "wire/deflate.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <stdexcept>

#include "testing/random.hpp"
#include "testing/vectors.hpp"

namespace wsproof {
namespace {

using nlohmann::json;
using testing::flag_of;
using testing::load_vectors;
using testing::octets_of;
using testing::octets_of_hex;

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

json vectors(char const* section) { return load_vectors("deflate", section); }

extension element_of(std::string const& value) {
    auto const parsed = parse_extensions(value);
    auto const* const list = std::get_if<std::vector<extension>>(&parsed);
    if (list == nullptr || list->size() != 1) throw std::invalid_argument(value);
    return list->front();
}

std::optional<int> bits_of(json const& parameters, char const* name) {
    return parameters.contains(name) ? std::optional(parameters.at(name).get<int>()) : std::nullopt;
}

deflate_parameters parameters_of(json const& values) {
    return {flag_of(values, "server_no_context_takeover"),
            flag_of(values, "client_no_context_takeover"),
            bits_of(values, "server_max_window_bits"), bits_of(values, "client_max_window_bits")};
}

TEST(DeflateParameters, ReadsTheVectors) {
    for (auto const& vector : vectors("parameters")) {
        SCOPED_TRACE(vector.dump());
        auto const side =
            vector.at("side") == "offer" ? negotiation_side::offer : negotiation_side::response;
        auto const result = parse_deflate(element_of(vector.at("value")), side);
        if (vector.contains("wrong")) {
            ASSERT_TRUE(std::holds_alternative<std::string>(result));
            EXPECT_NE(std::get<std::string>(result).find(vector.at("wrong")), std::string::npos)
                << std::get<std::string>(result);
        } else {
            ASSERT_TRUE(std::holds_alternative<deflate_parameters>(result));
            EXPECT_EQ(std::get<deflate_parameters>(result), parameters_of(vector.at("parameters")));
        }
    }
}

TEST(DeflateParameters, AreReadAsTheyAreWritten) {
    for (unsigned flags = 0; flags < 4; ++flags) {
        for (int server = 7; server <= 15; ++server) {
            for (int client = 6; client <= 15; ++client) {
                deflate_parameters wanted{(flags & 1U) != 0, (flags & 2U) != 0, {}, {}};
                if (server >= 8) wanted.server_max_window_bits = server;
                if (client >= 7) wanted.client_max_window_bits = client == 7 ? 0 : client;
                auto const element = write_deflate(wanted);
                EXPECT_EQ(element.name, "permessage-deflate");
                auto const again =
                    parse_deflate(element_of(write_extensions({element})), negotiation_side::offer);
                ASSERT_TRUE(std::holds_alternative<deflate_parameters>(again));
                ASSERT_EQ(std::get<deflate_parameters>(again), wanted);
            }
        }
    }
}

TEST(DeflateParameters, ResponsesKeepToTheOfferAsTheVectorsSay) {
    for (auto const& vector : vectors("responses")) {
        SCOPED_TRACE(vector.dump());
        auto const offer = parse_deflate(element_of(vector.at("offer")), negotiation_side::offer);
        auto const response =
            parse_deflate(element_of(vector.at("response")), negotiation_side::response);
        auto const breach = check_deflate_response(std::get<deflate_parameters>(offer),
                                                   std::get<deflate_parameters>(response));
        ASSERT_EQ(breach.has_value(), !vector.at("breach").is_null()) << breach.value_or("");
        if (!breach) continue;
        EXPECT_NE(breach->find(vector.at("breach")), std::string::npos) << *breach;
    }
}

TEST(Inflater, ReadsTheMessagesOfTheVectors) {
    for (auto const& vector : vectors("messages")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        inflater reader(vector.at("window_bits"), vector.at("takeover"));
        auto const& payloads = vector.at("payloads");
        auto const& messages = vector.at("messages");
        ASSERT_EQ(payloads.size(), messages.size());
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            auto const result = reader.inflate(octets_of_hex(payloads[i]), no_limit);
            EXPECT_EQ(result.outcome, inflate_outcome::ok) << result.detail;
            EXPECT_EQ(to_hex(result.data), to_hex(octets_of(messages[i])));
        }
    }
}

TEST(Inflater, SaysWhatIsWrongWithTheBrokenVectors) {
    std::map<std::string, inflate_outcome> const outcomes{
        {"corrupt", inflate_outcome::corrupt}, {"unfinished", inflate_outcome::unfinished}};
    for (auto const& vector : vectors("broken")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        inflater reader(vector.at("window_bits"), true);
        auto const result = reader.inflate(octets_of_hex(vector.at("hex")), no_limit);
        EXPECT_EQ(result.outcome, outcomes.at(vector.at("outcome"))) << result.detail;
        EXPECT_EQ(to_hex(result.data), to_hex(octets_of(vector.at("data"))));
        EXPECT_FALSE(result.detail.empty());
    }
}

TEST(Deflater, GivesTheExamplesOfTheRfc) {
    deflater sharing(15, true);
    EXPECT_EQ(to_hex(sharing.compress(view_of("Hello"))), "f248cdc9c90700");
    EXPECT_EQ(to_hex(sharing.compress(view_of("Hello"))), "f200110000");
    EXPECT_EQ(to_hex(sharing.compress({})), "00");
    deflater fresh(15, false);
    EXPECT_EQ(to_hex(fresh.compress(view_of("Hello"))), "f248cdc9c90700");
    EXPECT_EQ(to_hex(fresh.compress(view_of("Hello"))), "f248cdc9c90700");
    EXPECT_EQ(to_hex(fresh.compress({})), "00");
    EXPECT_EQ(to_hex(fresh.compress({})), "00");
}

octets patterned(std::size_t size) {
    octets out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i * i / 97 % 61);
    return out;
}

std::vector<octets> sample_messages(testing::random_source& random) {
    return {to_octets("Hello"),
            {},
            to_octets("Hello"),
            patterned(300),
            octets(100'000, 0),
            {},
            {},
            random.any(70'000),
            patterned(100'000),
            random.any(1),
            octets(65'536, 'x'),
            to_octets("the end")};
}

TEST(Deflater, MessagesComeBackForAllWindowsAndTakeoverSettings) {
    testing::random_source random;
    auto const messages = sample_messages(random);
    for (int bits = 8; bits <= 15; ++bits) {
        for (bool const writer_takes_over : {false, true}) {
            for (bool const reader_takes_over : {false, true}) {
                // a writer that refers to earlier messages needs a reader that remembers them
                if (writer_takes_over && !reader_takes_over) continue;
                deflater writer(bits, writer_takes_over);
                inflater reader(bits, reader_takes_over);
                for (auto const& message : messages) {
                    auto const result = reader.inflate(writer.compress(message), no_limit);
                    ASSERT_EQ(result.outcome, inflate_outcome::ok) << result.detail;
                    ASSERT_EQ(result.data, message) << bits;
                }
            }
        }
    }
}

TEST(Deflater, KeepsToASmallerWindowThanTheReaders) {
    testing::random_source random;
    auto const messages = sample_messages(random);
    for (int bits = 8; bits <= 15; ++bits) {
        deflater writer(bits, true);
        inflater reader(15, true);
        for (auto const& message : messages) {
            ASSERT_EQ(reader.inflate(writer.compress(message), no_limit).data, message);
        }
    }
}

TEST(Deflater, RefersToNothingWithTheSmallestWindow) {
    deflater writer(8, true);
    // without back references every octet costs one bit at least
    EXPECT_GE(writer.compress(octets(80'000, 'x')).size(), 10'000U);
    EXPECT_LT(deflater(9, true).compress(octets(80'000, 'x')).size(), 1'000U);
}

TEST(Deflater, TakeoverMakesRepetitionsShort) {
    testing::random_source random;
    auto const message = random.any(200);
    deflater sharing(15, true);
    sharing.compress(message);
    EXPECT_LT(sharing.compress(message).size(), 20U);
    deflater fresh(15, false);
    EXPECT_EQ(fresh.compress(message), fresh.compress(message));
}

TEST(Deflater, ComesBackWhateverTheSizeOfTheOutput) {
    // around multiples of the size in which zlib's output is fetched
    testing::random_source random;
    auto const noise = random.any(33'000);
    for (std::size_t const base : {16'384U, 32'768U}) {
        for (std::size_t size = base - 40; size < base + 10; ++size) {
            deflater writer(15, false);
            inflater reader(15, false);
            auto const payload = writer.compress(octets_view(noise).first(size));
            auto const result = reader.inflate(payload, size);
            ASSERT_EQ(result.outcome, inflate_outcome::ok) << size << ' ' << result.detail;
            ASSERT_EQ(result.data.size(), size);
        }
    }
}

TEST(Inflater, GivesWhatWaitsWhenTheInputIsUsedUp) {
    // in a long run the last octet may hold a reference, the end of its block and the next header,
    // while zlib has room for a part of what is referred to
    for (int bits = 9; bits <= 15; ++bits) {
        for (std::size_t references = 80; references < 120; ++references) {
            octets const message(258 * references + 1, 'x');
            auto const payload = deflater(bits, false).compress(message);
            auto const result = inflater(bits, false).inflate(payload, message.size());
            ASSERT_EQ(result.outcome, inflate_outcome::ok) << bits << ' ' << references;
            ASSERT_EQ(result.data, message);
        }
    }
}

TEST(Deflater, AndInflaterCanBeMoved) {
    deflater writer(15, true);
    inflater reader(15, true);
    EXPECT_EQ(as_text(reader.inflate(writer.compress(view_of("one")), 10).data), "one");
    deflater other_writer = std::move(writer);
    inflater other_reader = std::move(reader);
    EXPECT_EQ(as_text(other_reader.inflate(other_writer.compress(view_of("two")), 10).data), "two");
    writer = deflater(15, true);
    reader = inflater(15, true);
    EXPECT_EQ(as_text(reader.inflate(writer.compress(view_of("three")), 10).data), "three");
}

TEST(Deflater, AndInflaterRefuseOtherWindows) {
    for (int const bits : {-15, 0, 7, 16, 31, 47}) {
        EXPECT_THROW(deflater(bits, true), std::invalid_argument) << bits;
        EXPECT_THROW(inflater(bits, true), std::invalid_argument) << bits;
    }
}

TEST(Inflater, GivesUpToTheLimitAndNoMore) {
    auto const message = patterned(50'000);
    for (int const bits : {8, 9, 12, 15}) {
        auto const payload = deflater(bits, false).compress(message);
        auto const exact = inflater(bits, false).inflate(payload, message.size());
        EXPECT_EQ(exact.outcome, inflate_outcome::ok);
        for (std::size_t const limit :
             {0U, 1U, 15U, 16U, 17U, 16'383U, 16'384U, 16'385U, 49'999U}) {
            auto const result = inflater(bits, false).inflate(payload, limit);
            EXPECT_EQ(result.outcome, inflate_outcome::too_large) << limit;
            ASSERT_EQ(result.data.size(), limit);
            EXPECT_TRUE(std::equal(result.data.begin(), result.data.end(), message.begin()));
        }
    }
}

TEST(Inflater, AnEmptyMessageFitsALimitOfNothing) {
    EXPECT_EQ(inflater(15, true).inflate(octets{0x00}, 0).outcome, inflate_outcome::ok);
}

TEST(Inflater, MemoryFollowsTheLimitNotTheBomb) {
    auto const bomb = deflater(15, false).compress(octets(std::size_t{64} << 20U, 0));
    EXPECT_LT(bomb.size(), 100'000U);
    constexpr std::size_t limit = 1'000'000;
    auto const result = inflater(15, false).inflate(bomb, limit);
    EXPECT_EQ(result.outcome, inflate_outcome::too_large);
    EXPECT_EQ(result.data.size(), limit);
    EXPECT_LE(result.data.capacity(), 3 * limit);
}

TEST(Inflater, ManyFinalBlocksCostNoMoreThanOthers) {
    // an empty final block each two octets: copying the window for each would take minutes
    octets payload;
    for (int i = 0; i < 500'000; ++i) append(payload, octets{0x03, 0x00});
    payload.push_back(0x00);
    inflater reader(15, true);
    EXPECT_EQ(reader.inflate(deflater(15, true).compress(patterned(100'000)), no_limit).outcome,
              inflate_outcome::ok);
    auto const result = reader.inflate(payload, 0);
    EXPECT_EQ(result.outcome, inflate_outcome::ok) << result.detail;
}

TEST(Inflater, KeepsTheWindowAcrossAFinalBlock) {
    inflater reader(15, true);
    EXPECT_EQ(as_text(reader.inflate(octets_of_hex("f348cdc9c9070000"), 100).data), "Hello");
    EXPECT_EQ(as_text(reader.inflate(octets_of_hex("f200110000"), 100).data), "Hello");
}

TEST(Inflater, ForgetsTheWindowWithoutTakeover) {
    inflater reader(15, false);
    EXPECT_EQ(as_text(reader.inflate(octets_of_hex("f248cdc9c90700"), 100).data), "Hello");
    EXPECT_EQ(reader.inflate(octets_of_hex("f200110000"), 100).outcome, inflate_outcome::corrupt);
}

TEST(Inflater, SeesReferencesBeyondASmallerWindow) {
    testing::random_source random;
    for (int bits = 8; bits < 14; ++bits) {
        // the second half repeats the first from twice the window away
        auto message = random.any(std::size_t{2} << static_cast<unsigned>(bits));
        append(message, octets(message));
        auto const payload = deflater(15, false).compress(message);
        ASSERT_LT(payload.size(), message.size() * 3 / 4);
        EXPECT_EQ(inflater(bits, false).inflate(payload, no_limit).outcome,
                  inflate_outcome::corrupt)
            << bits;
        EXPECT_EQ(inflater(bits + 2, false).inflate(payload, no_limit).data, message);
    }
}

TEST(Inflater, FollowsAReferenceToTheEndOfTheWindowAndNotFarBeyond) {
    testing::random_source random;
    for (auto const& [distance, fits] : {std::pair{250U, true}, {512U, true}, {600U, false}}) {
        // so that all but the repetition stays as it is, and nothing nearer is found
        auto message = random.any(distance);
        append(message, octets(message.begin(), message.begin() + 100));
        auto const payload = deflater(15, false).compress(message);
        ASSERT_LT(payload.size(), message.size() - 50);
        auto const result = inflater(9, false).inflate(payload, no_limit);
        EXPECT_EQ(result.outcome, fits ? inflate_outcome::ok : inflate_outcome::corrupt)
            << distance;
    }
}

TEST(Inflater, ATruncatedMessageIsNeverWhole) {
    for (auto const& message :
         {to_octets("Hello"), patterned(2'000), octets(5'000, 'x'), octets(300, 0xFE)}) {
        for (int const bits : {8, 15}) {
            auto const payload = deflater(bits, false).compress(message);
            for (std::size_t size = 0; size < payload.size(); ++size) {
                auto const result =
                    inflater(bits, false).inflate(octets_view(payload).first(size), no_limit);
                ASSERT_NE(result.outcome, inflate_outcome::ok) << size << " of " << payload.size();
                ASSERT_LE(result.data.size(), message.size());
            }
        }
    }
}

TEST(Inflater, WhatCameOutOfATruncatedMessageIsItsStart) {
    auto const message = patterned(2'000);
    auto const payload = deflater(15, false).compress(message);
    for (std::size_t size = 0; size < payload.size(); ++size) {
        auto const result = inflater(15, false).inflate(octets_view(payload).first(size), no_limit);
        if (result.outcome != inflate_outcome::unfinished) continue;
        ASSERT_LE(result.data.size(), message.size());
        ASSERT_TRUE(std::equal(result.data.begin(), result.data.end(), message.begin()));
    }
}

TEST(Inflater, IsTotalOnDamagedMessages) {
    testing::random_source random;
    auto const good = deflater(15, false).compress(patterned(1'500));
    for (int round = 0; round < 5'000; ++round) {
        auto payload = good;
        payload[random.between(0, payload.size() - 1)] ^=
            static_cast<std::uint8_t>(random.between(1, 255));
        auto const bits = static_cast<int>(random.between(8, 15));
        auto const result = inflater(bits, true).inflate(payload, 4'000);
        ASSERT_LE(result.data.size(), 4'000U);
        ASSERT_EQ(result.outcome == inflate_outcome::ok, result.detail.empty());
    }
}

TEST(Inflater, IsTotalOnRandomOctets) {
    testing::random_source random;
    for (int round = 0; round < 20'000; ++round) {
        auto const payload = random.any(random.between(0, 40));
        inflater reader(static_cast<int>(random.between(8, 15)), random.coin());
        auto const result = reader.inflate(payload, 1'000);
        ASSERT_LE(result.data.size(), 1'000U);
        if (result.outcome == inflate_outcome::ok) {
            // whatever was read as whole leaves the reader ready for the next message
            auto const next = reader.inflate(octets_of_hex("f248cdc9c90700"), 1'000);
            ASSERT_EQ(as_text(next.data), "Hello") << to_hex(payload);
        }
    }
}

}  // namespace
}  // namespace wsproof
