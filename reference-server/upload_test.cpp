#include "reference-server/upload.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>
#include <boost/json/parse.hpp>
#include <random>
#include <thread>

#include "reference-server/echo_testing.hpp"

namespace wsproof::reference {
namespace {

namespace json = boost::json;

std::string sha256(std::string const& octets) {
    std::array<unsigned char, 32> value{};
    unsigned size = 0;
    EVP_Digest(octets.data(), octets.size(), value.data(), &size, EVP_sha256(), nullptr);
    std::string text;
    for (auto const octet : value) {
        std::array<char, 3> two{};
        std::snprintf(two.data(), two.size(), "%02x", octet);
        text += two.data();
    }
    return text;
}

std::string random_octets(unsigned seed, std::size_t size) {
    std::mt19937 random{seed};
    std::string octets(size, '\0');
    for (auto& c : octets) c = static_cast<char>(random());
    return octets;
}

piece text(std::string_view octets, bool last = true) { return {true, last, octets}; }
piece content(std::string_view octets, bool last = true) { return {false, last, octets}; }

bool is_error(std::vector<std::string> const& answers) {
    return answers.size() == 1 && answers.front().starts_with("{\"error\":");
}

TEST(UploadReceiver, DigestsAFileAndIsReadyForTheNext) {
    upload_receiver receiver;
    EXPECT_TRUE(receiver.take(text("{\"name\":\"a\",", false)).empty());
    EXPECT_TRUE(receiver.take(text("\"size\":3}")).empty());
    EXPECT_TRUE(receiver.take(content("ab")).empty());
    EXPECT_EQ(receiver.take(content("c")),
              std::vector<std::string>{
                  "{\"name\":\"a\",\"size\":3,\"sha256\":"
                  "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}"});
    EXPECT_EQ(receiver.take(text("{\"size\":0,\"name\":\"\\u0007\\\"\"}")),
              std::vector<std::string>{
                  "{\"name\":\"\\u0007\\\"\",\"size\":0,\"sha256\":"
                  "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}"});
    EXPECT_FALSE(receiver.failed());
}

TEST(UploadReceiver, TellsTheProgressAtEachStep) {
    upload_receiver receiver;
    receiver.take(text("{\"name\":\"a\",\"size\":1000000}"));
    std::string const step(upload_receiver::progress_step, 'x');
    EXPECT_EQ(receiver.take(content(step)), std::vector<std::string>{"{\"received\":262144}"});
    EXPECT_TRUE(receiver.take(content(step.substr(1))).empty());
    EXPECT_EQ(receiver.take(content("xx")), std::vector<std::string>{"{\"received\":524289}"});
}

TEST(UploadReceiver, RefusesABadAnnouncement) {
    for (auto const* bad :
         {"", "x", "[]", "{}", "{\"name\":\"a\"}", "{\"size\":1}", "{\"name\":1,\"size\":1}",
          "{\"name\":\"a\",\"size\":-1}", "{\"name\":\"a\",\"size\":1.5}",
          "{\"name\":\"a\",\"size\":1e300}", "{\"name\":\"a\",\"size\":\"1\"}",
          "{\"name\":\"a\",\"size\":99999999999999999999}", "{\"name\":\"a\",\"size\":1} x"}) {
        upload_receiver receiver;
        EXPECT_TRUE(is_error(receiver.take(text(bad)))) << bad;
        EXPECT_TRUE(receiver.failed());
        EXPECT_TRUE(receiver.take(text("{\"name\":\"a\",\"size\":0}")).empty()) << "after an error";
    }
    upload_receiver receiver;
    EXPECT_TRUE(is_error(receiver.take(text(std::string(5000, '['), false))));
    upload_receiver deep;
    EXPECT_TRUE(is_error(deep.take(text(std::string(4000, '[')))));
}

TEST(UploadReceiver, RefusesWhatIsOutOfTurn) {
    upload_receiver early;
    EXPECT_TRUE(is_error(early.take(content("x"))));
    upload_receiver late;
    late.take(text("{\"name\":\"a\",\"size\":2}"));
    EXPECT_TRUE(is_error(late.take(text("{\"name\":\"b\",\"size\":2}"))));
    upload_receiver much;
    much.take(text("{\"name\":\"a\",\"size\":2}"));
    EXPECT_TRUE(much.take(content("ab", false)).empty()) << "the message is not over";
    EXPECT_TRUE(is_error(much.take(content("c"))));
}

class Upload : public ::testing::Test {
protected:
    Upload() { server_.start(); }

    raw_client open() {
        auto client = raw_client::tcp(server_.port());
        EXPECT_TRUE(client.shake_hands("/upload").starts_with("HTTP/1.1 101 "));
        return client;
    }

    // Sends a file in pieces and returns the last answer; progress has to rise on the way.
    static json::object send_file(raw_client& client, std::string const& name,
                                  std::string const& octets, std::size_t piece_size) {
        client.send(
            frame(1, "{\"name\":\"" + name + "\",\"size\":" + std::to_string(octets.size()) + "}"));
        for (std::size_t at = 0; at < octets.size(); at += piece_size)
            client.send(frame(2, std::string_view{octets}.substr(at, piece_size)));
        std::int64_t received = 0;
        for (;;) {
            auto const answer = client.read_frame();
            if (!answer || answer->opcode() != 1) return {};
            auto const object = json::parse(answer->payload).as_object();
            if (!object.contains("received")) return object;
            EXPECT_GT(object.at("received").as_int64(), received);
            received = object.at("received").as_int64();
        }
    }

    echo_server server_{free_port()};
};

TEST_F(Upload, TakesThreeFilesInParallel) {
    std::vector<std::string> files;
    for (unsigned i = 0; i < 3; ++i) files.push_back(random_octets(i, (i + 1) * 700'001U));
    std::vector<json::object> answers(files.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < files.size(); ++i)
            threads.emplace_back([&, i] {
                auto client = open();
                answers[i] = send_file(client, "f" + std::to_string(i), files[i], 10'000 * (i + 1));
            });
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        ASSERT_TRUE(answers[i].contains("sha256")) << i;
        EXPECT_EQ(answers[i].at("name").as_string(), "f" + std::to_string(i));
        EXPECT_EQ(answers[i].at("size").as_int64(), static_cast<std::int64_t>(files[i].size()));
        EXPECT_EQ(answers[i].at("sha256").as_string(), sha256(files[i]));
    }
}

TEST_F(Upload, TakesOneFileAfterAnother) {
    auto client = open();
    for (unsigned i = 0; i < 3; ++i) {
        auto const octets = random_octets(i, i * 100'000U);
        EXPECT_EQ(send_file(client, "x", octets, 65536).at("sha256").as_string(), sha256(octets));
    }
}

TEST_F(Upload, AnswersAnErrorAndCloses) {
    for (auto const& bad : {frame(1, "{}"), frame(2, "x"),
                            frame(1, "{\"name\":\"a\",\"size\":1}") + frame(2, "xy")}) {
        auto client = open();
        client.send(bad);
        auto const answer = client.read_frame();
        ASSERT_TRUE(answer);
        EXPECT_TRUE(answer->payload.starts_with("{\"error\":")) << answer->payload;
        EXPECT_EQ(close_code_of(client.read_frame()), 1008U);
        client.send(close_frame(1008));
        EXPECT_EQ(client.read_end(), ending::fin);
    }
}

}  // namespace
}  // namespace wsproof::reference
