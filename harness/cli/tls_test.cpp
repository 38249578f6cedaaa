// `wsproof test wss://…`: whom it trusts, what it says of itself, and how it says what is wrong.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "cli/cli_testing.hpp"

namespace wsproof::testing {
namespace {

template <auto free>
struct freed_by {
    template <class T>
    void operator()(T* value) const {
        free(value);
    }
};
using key_pointer = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_pointer = std::unique_ptr<X509, freed_by<X509_free>>;

void check(bool good, char const* what) {
    if (!good) throw std::runtime_error(what);
}

// A certificate and its key in PEM files; signed by itself, or by an issuer.
class identity {
public:
    identity(temporary_folder const& folder, std::string const& name, std::string const& extension,
             identity const* issuer = nullptr)
        : certificate_file(folder.file(name + ".pem")),
          key_file(folder.file(name + ".key")),
          key_(EVP_EC_gen("P-256")),
          certificate_(X509_new()) {
        auto* const made = certificate_.get();
        X509_set_version(made, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made), issuer == nullptr ? 1 : 2);
        X509_gmtime_adj(X509_getm_notBefore(made), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made), 3600);
        X509_set_pubkey(made, key_.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                                   reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
        auto const& by = issuer == nullptr ? *this : *issuer;
        X509_set_issuer_name(made, X509_get_subject_name(by.certificate_.get()));
        extend(extension);
        check(X509_sign(made, by.key_.get(), EVP_sha256()) > 0, "cannot sign");
        write(certificate_file, [&](FILE* to) { return PEM_write_X509(to, made); });
        write(key_file, [&](FILE* to) {
            return PEM_write_PrivateKey(to, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    std::string const certificate_file, key_file;

private:
    // "subjectAltName=DNS:localhost"
    void extend(std::string const& extension) {
        auto const at = extension.find('=');
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>> const made(
            X509V3_EXT_conf(nullptr, &context, extension.substr(0, at).c_str(),
                            extension.substr(at + 1).c_str()));
        check(made != nullptr, "no such extension");
        X509_add_ext(certificate_.get(), made.get(), -1);
    }
    template <class Write>
    static void write(std::string const& file, Write how) {
        std::unique_ptr<FILE, int (*)(FILE*)> const to(std::fopen(file.c_str(), "wb"), std::fclose);
        check(to != nullptr && how(to.get()) == 1, "cannot write a PEM file");
    }

    key_pointer key_;
    certificate_pointer certificate_;
};

std::string const authority = "basicConstraints=critical,CA:TRUE";

class Tls : public ::testing::Test {
protected:
    Tls()
        : ca(folder, "ca", authority),
          other_ca(folder, "other-ca", authority),
          local(folder, "local", "subjectAltName=DNS:localhost,IP:127.0.0.1", &ca),
          shop(folder, "shop", "subjectAltName=DNS:shop.example", &ca),
          client(folder, "client", "extendedKeyUsage=clientAuth", &ca) {}

    static echo_options options_of(identity const& server) {
        echo_options options;
        options.certificate = server.certificate_file;
        options.private_key = server.key_file;
        return options;
    }
    static std::string url_of(running_echo const& server, std::string const& host = "localhost") {
        return "wss://" + host + ":" + std::to_string(server.port()) + "/echo";
    }
    static void expect_problem(tested const& got, words const& says) {
        EXPECT_EQ(got.end.code, 3);
        auto const problem = got.probe().at("problem").get<std::string>();
        for (auto const& each : says)
            EXPECT_NE(problem.find(each), std::string::npos) << each << " in: " << problem;
        EXPECT_TRUE(got.report.at("incomplete"));
        EXPECT_EQ(got.cases().size(), 0U);
    }

    temporary_folder folder;
    identity ca, other_ca, local, shop, client;
};

TEST_F(Tls, ACertificateOfTheGivenCaIsTrustedByNameAndByAddress) {
    running_echo const server(options_of(local));
    for (auto const* host : {"localhost", "127.0.0.1"}) {
        auto const got =
            test_with({url_of(server, host), pings, "--ca", ca.certificate_file});
        EXPECT_EQ(got.end.code, 0) << got.end.err;
        EXPECT_EQ(got.target().at("url"), url_of(server, host));
    }
}

TEST_F(Tls, InsecureTakesAnyCertificate) {
    running_echo const server(options_of(shop));
    EXPECT_EQ(test_with({url_of(server), pings, "--insecure"}).end.code, 0);
}

TEST_F(Tls, AnotherCaIsNotTrusted) {
    running_echo const server(options_of(local));
    expect_problem(test_with({url_of(server), pings, "--ca", other_ca.certificate_file}),
                   {"cannot agree on TLS with localhost:", "certificate verify failed",
                    "unable to get local issuer certificate", "--ca"});
}

TEST_F(Tls, TheTrustStoreOfTheSystemDoesNotKnowIt) {
    running_echo const server(options_of(local));
    expect_problem(test_with({url_of(server), pings}),
                   {"certificate verify failed", "--ca", "--insecure"});
}

TEST_F(Tls, AnotherNameIsNotTrusted) {
    running_echo const server(options_of(shop));
    expect_problem(test_with({url_of(server), pings, "--ca", ca.certificate_file}),
                   {"certificate verify failed", "is not for localhost", "--server-name"});
}

TEST_F(Tls, ServerNameIsTheNameThatCounts) {
    running_echo const server(options_of(shop));
    auto const got = test_with({url_of(server, "127.0.0.1"), pings, "--ca", ca.certificate_file,
                                "--server-name", "shop.example"});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
}

TEST_F(Tls, AClientCertificateIsShown) {
    auto options = options_of(local);
    options.client_ca = ca.certificate_file;
    running_echo const server(options);
    words const arguments{url_of(server), pings, "--ca", ca.certificate_file};
    auto with = arguments;
    with.insert(with.end(), {"--cert", client.certificate_file, "--key", client.key_file});
    EXPECT_EQ(test_with(with).end.code, 0);

    // the key may stand in the same file
    auto const both = folder.write("both.pem", text_of_file(client.certificate_file) +
                                                   text_of_file(client.key_file));
    auto one_file = arguments;
    one_file.insert(one_file.end(), {"--cert", both});
    EXPECT_EQ(test_with(one_file).end.code, 0);

    expect_problem(test_with(arguments), {"certificate required", "--cert"});
}

TEST_F(Tls, FilesThatAreNoCertificatesAreNamed) {
    running_echo const server(options_of(local));
    auto const bad = folder.write("bad.pem", "not PEM");
    for (auto const& [option, says] :
         std::vector<std::pair<std::string, std::string>>{{"--ca", "CA file"}, {"--cert", "client certificate"}}) {
        auto const got = wsproof({"test", url_of(server), pings, option, bad});
        EXPECT_EQ(got.code, 2) << got.err;
        EXPECT_TRUE(got.says("cannot read the " + says + " " + bad)) << got.err;
    }
    auto const no_key = wsproof({"test", url_of(server), pings, "--cert", client.certificate_file});
    EXPECT_EQ(no_key.code, 2);
    EXPECT_TRUE(no_key.says("private key")) << no_key.err;
}

TEST_F(Tls, AServerWithoutTlsIsNamed) {
    running_echo const server;
    expect_problem(test_with({url_of(server), pings}), {"cannot agree on TLS with localhost:"});
}

TEST_F(Tls, AServerThatWantsTlsIsNamed) {
    running_echo const server(options_of(local));
    auto const got = test_with({"ws://localhost:" + std::to_string(server.port()) + "/echo", pings});
    expect_problem(got, {"does not answer the opening handshake in HTTP"});
}

TEST_F(Tls, ACommandWithTheWrongCertificateDoesNotTimeOut) {
    auto const got = test_with({"wss://localhost:{port}/echo", pings, "--start-timeout", "20"},
                               {WSPROOF_PROGRAM, "echo", "--port", "{port}", "--cert",
                                local.certificate_file, "--key", local.key_file});
    expect_problem(got, {"cannot agree on TLS with localhost:", "certificate verify failed"});
    EXPECT_EQ(got.probe().at("problem").get<std::string>().find("within"), std::string::npos);
}

TEST_F(Tls, ACommandBehindTlsIsPlayedAgainst) {
    auto const got =
        test_with({"wss://localhost:{port}/echo", pings, "--ca", ca.certificate_file},
                  {WSPROOF_PROGRAM, "echo", "--port", "{port}", "--cert", local.certificate_file,
                   "--key", local.key_file});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
}

// ---- the name in the clear -----------------------------------------------------------------------

// The ClientHello of the first connection, which is then closed.
std::string client_hello(words options, std::string const& host) {
    std::mutex mutex;
    std::string hello;
    raw_server const server([&](raw_socket& socket, int) {
        std::array<char, 4096> into{};
        boost::system::error_code error;
        auto const size = socket.read_some(boost::asio::buffer(into), error);
        std::lock_guard const lock(mutex);
        if (hello.empty()) hello.assign(into.data(), size);
    });
    auto const port = server.url("").substr(std::string("ws://127.0.0.1:").size());
    options.insert(options.begin(), {"wss://" + host + ":" + port + "/", one_ping, "--insecure"});
    EXPECT_EQ(test_with(options).end.code, 3);
    std::lock_guard const lock(mutex);
    return hello;
}

TEST(ServerName, IsTheHostOfTheUrl) {
    EXPECT_NE(client_hello({}, "localhost").find("localhost"), std::string::npos);
}

TEST(ServerName, IsWhatTheOptionSays) {
    auto const hello = client_hello({"--server-name", "shop.example"}, "localhost");
    EXPECT_NE(hello.find("shop.example"), std::string::npos);
    EXPECT_EQ(hello.find("localhost"), std::string::npos);
}

// RFC 6066 3: literal addresses are not permitted in HostName
TEST(ServerName, IsNoAddress) {
    EXPECT_EQ(client_hello({}, "127.0.0.1").find("127.0.0.1"), std::string::npos);
}

}  // namespace
}  // namespace wsproof::testing
