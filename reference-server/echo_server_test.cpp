#include "reference-server/echo_server.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "reference-server/echo_testing.hpp"
#include "testing/program.hpp"

namespace wsproof::reference {
namespace {

void expect_echo(raw_client& client) {
    ASSERT_TRUE(client.shake_hands().starts_with("HTTP/1.1 101 "));
    std::string const payload(100'000, 'e');
    ASSERT_TRUE(client.send(frame(2, payload)));
    auto const back = client.read_frame();
    ASSERT_TRUE(back);
    EXPECT_EQ(back->payload, payload);
    ASSERT_TRUE(client.send(close_frame(1000)));
    EXPECT_EQ(close_code_of(client.read_frame()), 1000U);
    EXPECT_EQ(client.read_end(), ending::fin);
}

std::string why_not(echo_options const& options) {
    try {
        echo_server const server{options};
    } catch (std::runtime_error const& e) {
        return e.what();
    }
    return "";
}

TEST(EchoServer, SaysWhyItCannotListen) {
    echo_server const first{free_port()};
    auto taken = free_port();
    taken.port = first.port();
    auto const where = "127.0.0.1 port " + std::to_string(first.port());
    EXPECT_EQ(why_not(taken), "cannot listen at " + where + ": Address already in use");

    auto nowhere = free_port();
    nowhere.address = "203.0.113.7";
    EXPECT_EQ(why_not(nowhere),
              "cannot listen at 203.0.113.7 port 0: Cannot assign requested address");
    nowhere.address = "256.0.0.1.invalid.";
    EXPECT_TRUE(why_not(nowhere).starts_with("cannot find the address 256.0.0.1.invalid.: "));

    auto unix = free_port();
    unix.unix_path = "/nonexistent/socket";
    EXPECT_EQ(why_not(unix), "cannot listen at /nonexistent/socket: No such file or directory");
    unix.unix_path = std::string(200, 'x');
    EXPECT_EQ(why_not(unix), "the unix socket path is too long: " + unix.unix_path);
}

TEST(EchoServer, QueuesConnectionsBeforeItServes) {
    echo_server server{free_port()};
    auto client = raw_client::tcp(server.port());
    EXPECT_EQ(server.connections(), 0U);
    server.start();
    expect_echo(client);
}

TEST(EchoServer, ListensAtANameAndAtIpv6) {
    auto options = free_port();
    options.address = "localhost";
    EXPECT_EQ(why_not(options), "");
    options.address = "::1";
    if (!why_not(options).empty()) GTEST_SKIP() << "no IPv6 here: " << why_not(options);
    echo_server server{options};
    server.start();
    auto client = raw_client::tcp6(server.port());
    expect_echo(client);
}

TEST(EchoServer, ListensAtAUnixSocketAndRemovesIt) {
    temporary_directory const directory;
    auto options = free_port();
    options.unix_path = directory.file("socket");
    {
        echo_server server{options};
        EXPECT_EQ(server.port(), 0U);
        server.start();
        auto client = raw_client::at(options.unix_path);
        expect_echo(client);
        EXPECT_NE(why_not(options), "") << "a socket in use is not taken away";
        auto again = raw_client::at(options.unix_path);
        expect_echo(again);
    }
    EXPECT_NE(::access(options.unix_path.c_str(), F_OK), 0);
}

TEST(EchoServer, ReplacesASocketThatWasLeftOver) {
    temporary_directory const directory;
    auto options = free_port();
    options.unix_path = directory.file("socket");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    options.unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
    int const dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(dead, reinterpret_cast<sockaddr const*>(&address), sizeof address), 0);
    ::close(dead);
    ASSERT_EQ(::access(options.unix_path.c_str(), F_OK), 0);
    EXPECT_EQ(why_not(options), "");
}

TEST(EchoServer, CountsItsConnections) {
    echo_server server{free_port()};
    server.start();
    {
        auto a = raw_client::tcp(server.port());
        auto b = raw_client::tcp(server.port());
        b.shake_hands();
        EXPECT_TRUE(eventually([&] { return server.connections() == 2; }));
    }
    EXPECT_TRUE(eventually([&] { return server.connections() == 0; }));
}

TEST(EchoServer, StopsWithConnectionsInEveryState) {
    auto server = std::make_unique<echo_server>(free_port());
    server->start();
    auto silent = raw_client::tcp(server->port());
    auto half = raw_client::tcp(server->port());
    half.send("GET / HTTP/1.1\r\nHost: a\r\n");
    auto open = raw_client::tcp(server->port());
    open.shake_hands();
    auto polite = raw_client::tcp(server->port());
    polite.shake_hands("/chat");
    auto inside = raw_client::tcp(server->port());
    inside.shake_hands("/upload");
    inside.send(frame(1, "{\"name\":", false));
    EXPECT_TRUE(eventually([&] { return server->connections() == 5; }));
    std::jthread const answers{[&] {
        EXPECT_EQ(close_code_of(polite.read_frame()), 1001U);
        polite.send(close_frame(1001));
        EXPECT_EQ(polite.read_end(), ending::fin);
    }};
    server->stop();
    server->stop();
    EXPECT_EQ(server->connections(), 0U);
    EXPECT_EQ(close_code_of(open.read_frame()), 1001U);
    EXPECT_EQ(close_code_of(inside.read_frame()), 1001U);
    EXPECT_NE(silent.read_end(), ending::still_open);
    EXPECT_NE(half.read_end(), ending::still_open);
    auto const port = server->port();
    EXPECT_THROW(raw_client::tcp(port), std::runtime_error) << "nobody listens any more";
}

TEST(EchoServer, StopsWithoutHavingStarted) {
    echo_server server{free_port()};
    server.stop();
    server.start();
    server.run();
    EXPECT_EQ(server.connections(), 0U);
}

TEST(EchoServer, RunsHereUntilItIsStoppedOrSignalled) {
    for (bool const by_signal : {true, false}) {
        echo_server server{free_port()};
        std::jthread const client_thread{[&] {
            auto client = raw_client::tcp(server.port());
            expect_echo(client);
            if (by_signal)
                ::kill(::getpid(), SIGTERM);
            else
                server.stop();
        }};
        server.run();
        EXPECT_EQ(server.connections(), 0U);
    }
}

TEST(EchoServer, GivesASilentClientUp) {
    auto options = free_port();
    options.handshake_timeout = std::chrono::milliseconds{50};
    echo_server server{options};
    server.start();
    auto silent = raw_client::tcp(server.port());
    EXPECT_EQ(silent.read_rest(), "");
    EXPECT_EQ(silent.read_end(), ending::fin);
    auto slow = raw_client::tcp(server.port());
    slow.send("GET / HTTP/1.1\r\nHost: a\r\n");
    EXPECT_TRUE(slow.read_head().starts_with("HTTP/1.1 408 "));
    EXPECT_EQ(slow.read_end(), ending::fin);
    EXPECT_TRUE(eventually([&] { return server.connections() == 0; })) << "both keep their sockets";
}

TEST(EchoServer, RefusesConnectionsBeyondItsLimit) {
    auto options = free_port();
    options.connection_limit = 2;
    echo_server server{options};
    server.start();
    auto a = raw_client::tcp(server.port());
    auto b = raw_client::tcp(server.port());
    a.shake_hands();
    b.shake_hands();
    {
        auto c = raw_client::tcp(server.port());
        EXPECT_TRUE(c.shake_hands().starts_with("HTTP/1.1 503 "));
        EXPECT_EQ(c.read_end(), ending::fin);
    }
    a.send(close_frame(1000));
    a.read_end();
    EXPECT_TRUE(eventually([&] {
        auto again = raw_client::tcp(server.port());
        return again.shake_hands().starts_with("HTTP/1.1 101 ");
    }));
}

// No new descriptor for anybody in this process while it lives.
class no_descriptors {
public:
    no_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto none = before_;
        none.rlim_cur = 3;
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    no_descriptors(no_descriptors const&) = delete;
    no_descriptors& operator=(no_descriptors const&) = delete;

private:
    rlimit before_{};
};

TEST(EchoServer, GoesOnAfterItRanOutOfDescriptors) {
    if (testing::sanitized) GTEST_SKIP() << "UBSan looks at memory through a pipe, which needs descriptors";
    echo_server server{free_port()};
    server.start();
    auto first = raw_client::tcp(server.port());
    ASSERT_TRUE(first.shake_hands().starts_with("HTTP/1.1 101 "));
    std::optional<no_descriptors> scarcity;
    auto waiting = raw_client::tcp(server.port(), [&] { scarcity.emplace(); });
    first.send(frame(1, "meanwhile"));
    EXPECT_EQ(first.read_frame()->payload, "meanwhile");
    EXPECT_EQ(server.connections(), 1U);
    scarcity.reset();
    expect_echo(waiting);
}

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using key_pointer = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_pointer = std::unique_ptr<X509, freed_by<X509_free>>;
using context_pointer = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;

struct identity {
    identity(temporary_directory const& directory, std::string const& name)
        : certificate_file(directory.file(name + ".pem")), key_file(directory.file(name + ".key")) {
        key.reset(EVP_EC_gen("P-256"));
        certificate.reset(X509_new());
        X509_set_version(certificate.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        auto* subject = X509_get_subject_name(certificate.get());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(certificate.get(), subject);
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        write(certificate_file, [&](BIO* to) { PEM_write_bio_X509(to, certificate.get()); });
        write(key_file, [&](BIO* to) {
            PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    template <class Write>
    static void write(std::string const& file, Write&& contents) {
        auto* to = BIO_new_file(file.c_str(), "w");
        contents(to);
        BIO_free(to);
    }

    key_pointer key;
    certificate_pointer certificate;
    std::string certificate_file;
    std::string key_file;
};

class EchoServerTls : public ::testing::Test {
protected:
    EchoServerTls() : context_(SSL_CTX_new(TLS_client_method())) {
        options_.certificate = server_.certificate_file;
        options_.private_key = server_.key_file;
        SSL_CTX_load_verify_locations(context_.get(), server_.certificate_file.c_str(), nullptr);
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    }

    temporary_directory directory_;
    identity server_{directory_, "server"};
    identity client_{directory_, "client"};
    context_pointer context_;
    echo_options options_ = free_port();
};

TEST_F(EchoServerTls, EchoesInsideTheTunnel) {
    echo_server server{options_};
    server.start();
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SSL_CTX_set_min_proto_version(context_.get(), version);
        SSL_CTX_set_max_proto_version(context_.get(), version);
        auto client = raw_client::tcp(server.port());
        ASSERT_TRUE(client.start_tls(context_.get()));
        expect_echo(client);
    }
}

TEST_F(EchoServerTls, SendsItsLastWordsAlthoughThePeerIsStillSending) {
    echo_server server{options_};
    server.start();
    auto client = raw_client::tcp(server.port());
    ASSERT_TRUE(client.start_tls(context_.get()));
    client.shake_hands();
    client.send(frame(3) + std::string(100'000, 'x'));
    EXPECT_EQ(close_code_of(client.read_frame()), 1002U);
    EXPECT_EQ(client.read_end(), ending::fin) << "close_notify";
    auto refused = raw_client::tcp(server.port());
    ASSERT_TRUE(refused.start_tls(context_.get()));
    EXPECT_TRUE(refused.shake_hands("/nowhere").starts_with("HTTP/1.1 404 "));
    EXPECT_EQ(refused.read_end(), ending::fin);
}

TEST_F(EchoServerTls, DoesNotSpeakInTheClear) {
    echo_server server{options_};
    server.start();
    auto client = raw_client::tcp(server.port());
    client.send(upgrade_request());
    EXPECT_EQ(client.read_rest().find("HTTP/1.1 101"), std::string::npos);
    EXPECT_TRUE(eventually([&] { return server.connections() == 0; }));
}

TEST_F(EchoServerTls, AsksForACertificateFromItsAuthority) {
    options_.client_ca = client_.certificate_file;
    echo_server server{options_};
    server.start();
    SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
    {
        auto stranger = raw_client::tcp(server.port());
        EXPECT_FALSE(stranger.start_tls(context_.get()));
    }
    SSL_CTX_use_certificate(context_.get(), client_.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), client_.key.get());
    auto friendly = raw_client::tcp(server.port());
    ASSERT_TRUE(friendly.start_tls(context_.get()));
    expect_echo(friendly);
}

TEST_F(EchoServerTls, SaysWhatIsWrongWithItsCertificates) {
    auto options = options_;
    options.private_key.clear();
    EXPECT_EQ(why_not(options), "TLS takes both a certificate and its private key");
    options = options_;
    options.certificate = directory_.file("missing.pem");
    EXPECT_TRUE(why_not(options).starts_with("cannot read the certificate " + options.certificate));
    options = options_;
    options.private_key = client_.key_file;
    EXPECT_TRUE(why_not(options).starts_with("cannot use the private key " + options.private_key));
    options = options_;
    options.client_ca = server_.key_file;
    EXPECT_TRUE(why_not(options).starts_with("cannot read the client CA " + options.client_ca));
    options = free_port();
    options.client_ca = client_.certificate_file;
    EXPECT_EQ(why_not(options), "client certificates take a server certificate as well");
}

TEST_F(EchoServerTls, GivesUpOnATlsHandshakeThatDoesNotCome) {
    options_.handshake_timeout = std::chrono::milliseconds{50};
    echo_server server{options_};
    server.start();
    auto silent = raw_client::tcp(server.port());
    EXPECT_EQ(silent.read_rest(), "");
    EXPECT_EQ(silent.read_end(), ending::fin);
}

}  // namespace
}  // namespace wsproof::reference
