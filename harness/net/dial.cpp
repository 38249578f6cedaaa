#include "net/dial.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <optional>
#include <stdexcept>
#include <algorithm>

namespace wsproof {
namespace {

namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;
using unix_socket = asio::local::stream_protocol::socket;

template <class Socket>
void close_quietly(Socket& socket) {
    error_code ignored;
    socket.close(ignored);
}

template <class Socket>
void linger_nothing(Socket& socket) {
    error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
}

template <class Socket>
class plain_stream final : public stream {
public:
    explicit plain_stream(Socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<read_result> read_some(std::span<std::uint8_t> into) override {
        auto [error, size] = co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), use_tuple);
        co_return read_result{error, size};
    }
    asio::awaitable<error_code> write(octets_view data) override {
        auto [error, size] = co_await asio::async_write(socket_, asio::buffer(data.data(), data.size()), use_tuple);
        (void)size;
        co_return error;
    }
    void shutdown_send() override {
        error_code ignored;
        socket_.shutdown(Socket::shutdown_send, ignored);
    }
    void reset_on_close() override { linger_nothing(socket_); }
    void close() override { close_quietly(socket_); }

private:
    Socket socket_;
};

template <class Socket>
class tls_stream final : public stream {
public:
    tls_stream(Socket socket, ssl::context& context) : tls_(std::move(socket), context) {}

    ssl::stream<Socket>& tls() noexcept { return tls_; }

    asio::awaitable<read_result> read_some(std::span<std::uint8_t> into) override {
        auto [error, size] = co_await tls_.async_read_some(asio::buffer(into.data(), into.size()), use_tuple);
        if (error.category() == asio::error::get_ssl_category()) problem_ = error.message();
        co_return read_result{error, size};
    }
    asio::awaitable<error_code> write(octets_view data) override {
        auto [error, size] = co_await asio::async_write(tls_, asio::buffer(data.data(), data.size()), use_tuple);
        (void)size;
        co_return error;
    }
    void shutdown_send() override {
        error_code ignored;
        tls_.next_layer().shutdown(Socket::shutdown_send, ignored);
    }
    void reset_on_close() override { linger_nothing(tls_.next_layer()); }
    std::string problem() const override { return problem_; }
    void close() override { close_quietly(tls_.next_layer()); }

private:
    ssl::stream<Socket> tls_;
    std::string problem_;
};

// Ends an operation when its time is over. Lives no longer than the operation it guards.
class watchdog {
public:
    watchdog(asio::any_io_executor const& executor, std::chrono::milliseconds limit, std::function<void()> stop)
        : timer_(executor, limit), watch_(std::make_shared<watch>(std::move(stop))) {
        timer_.async_wait([watch = watch_](error_code const& error) {
            // without an error the handler may still come too late: it was queued already
            if (error || !watch->on) return;
            watch->fired = true;
            watch->stop();
        });
    }
    ~watchdog() { watch_->on = false; }
    watchdog(watchdog const&) = delete;
    watchdog& operator=(watchdog const&) = delete;
    bool fired() const noexcept { return watch_->fired; }

private:
    struct watch {
        explicit watch(std::function<void()> what) : stop(std::move(what)) {}
        std::function<void()> stop;
        bool on = true;
        bool fired = false;
    };
    asio::steady_timer timer_;
    std::shared_ptr<watch> watch_;
};

}  // namespace

bool is_orderly_end(error_code const& error) noexcept {
    // a TLS peer that closes TCP without close_notify ended the stream all the same
    return error == asio::error::eof || error == ssl::error::stream_truncated;
}

struct dialer::state {
    dial_settings settings;
    std::optional<ssl::context> context;

    void load_tls();
    template <class Socket>
    asio::awaitable<dial_result> finish(std::shared_ptr<Socket> socket, asio::steady_timer::time_point until);
    template <class Socket>
    asio::awaitable<dial_result> start_tls(std::shared_ptr<Socket> socket,
                                           asio::steady_timer::time_point until);
    asio::awaitable<dial_result> dial_tcp(asio::steady_timer::time_point until);
    asio::awaitable<dial_result> dial_unix(asio::steady_timer::time_point until);
};

namespace {

std::chrono::milliseconds left(asio::steady_timer::time_point until) {
    using namespace std::chrono;
    auto const rest = duration_cast<milliseconds>(until - steady_clock::now());
    return std::max(rest, milliseconds(1));
}

std::string where(dial_settings const& settings) {
    if (!settings.unix_path.empty()) return "unix socket " + settings.unix_path;
    bool const bare6 = settings.host.find(':') != std::string::npos;
    return (bare6 ? "[" + settings.host + "]" : settings.host) + ":" + settings.port;
}

dial_result failed(dial_settings const& settings, std::string const& doing, error_code const& error,
                   bool timed_out) {
    auto const cause = timed_out ? "no answer within " + std::to_string(settings.limit.count()) + " ms"
                                 : error.message();
    return {nullptr, "cannot " + doing + " " + where(settings) + ": " + cause,
            error == asio::error::connection_refused || error == boost::system::errc::no_such_file_or_directory};
}

std::string complaint_about_certificate(long checked, std::string const& name) {
    if (checked == X509_V_ERR_HOSTNAME_MISMATCH || checked == X509_V_ERR_IP_ADDRESS_MISMATCH)
        return "it is not for " + name;
    return X509_verify_cert_error_string(checked);
}

void load(error_code const& error, std::string const& what, std::string const& file) {
    if (error) throw std::runtime_error("cannot read the " + what + " " + file + ": " + error.message());
}

}  // namespace

void dialer::state::load_tls() {
    auto const& tls = settings.tls;
    if (!tls.use) return;
    error_code error;
    context.emplace(ssl::context::tls_client);
    if (tls.insecure) {
        context->set_verify_mode(ssl::verify_none);
    } else {
        context->set_verify_mode(ssl::verify_peer);
        if (tls.ca_file.empty()) {
            context->set_default_verify_paths(error);
            load(error, "trust store", "of the system");
        } else {
            context->load_verify_file(tls.ca_file, error);
            load(error, "CA file", tls.ca_file);
        }
    }
    if (tls.certificate.empty()) return;
    context->use_certificate_chain_file(tls.certificate, error);
    load(error, "client certificate", tls.certificate);
    context->use_private_key_file(tls.private_key, ssl::context::pem, error);
    load(error, "private key", tls.private_key);
}

template <class Socket>
asio::awaitable<dial_result> dialer::state::start_tls(std::shared_ptr<Socket> socket,
                                                      asio::steady_timer::time_point until) {
    auto secured = std::make_shared<tls_stream<Socket>>(std::move(*socket), *context);
    auto& tls = secured->tls();
    error_code no_address;
    asio::ip::make_address(settings.tls.server_name, no_address);
    if (!settings.tls.server_name.empty() && no_address)  // RFC 6066 3: addresses are no server names
        SSL_set_tlsext_host_name(tls.native_handle(), settings.tls.server_name.c_str());
    if (!settings.tls.insecure) {
        if (no_address)
            SSL_set1_host(tls.native_handle(), settings.tls.server_name.c_str());
        else
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.native_handle()), settings.tls.server_name.c_str());
    }

    watchdog guard(tls.get_executor(), left(until), [&tls] { close_quietly(tls.next_layer()); });
    auto [error] = co_await tls.async_handshake(ssl::stream_base::client, use_tuple);
    if (error) {
        auto out = failed(settings, "agree on TLS with", error, guard.fired());
        auto const checked = SSL_get_verify_result(tls.native_handle());
        if (checked != X509_V_OK && !settings.tls.insecure)
            out.problem += "; the certificate: " + complaint_about_certificate(checked, settings.tls.server_name) +
                           " (see --ca, --server-name and --insecure)";
        out.hopeless = checked != X509_V_OK && !settings.tls.insecure;
        co_return out;
    }
    co_return dial_result{secured, "", false};
}

template <class Socket>
asio::awaitable<dial_result> dialer::state::finish(std::shared_ptr<Socket> socket,
                                                   asio::steady_timer::time_point until) {
    if (context) co_return co_await start_tls(socket, until);
    co_return dial_result{std::make_shared<plain_stream<Socket>>(std::move(*socket)), "", false};
}

asio::awaitable<dial_result> dialer::state::dial_tcp(asio::steady_timer::time_point until) {
    auto const executor = co_await asio::this_coro::executor;
    tcp::resolver resolver(executor);
    watchdog resolving(executor, left(until), [&resolver] { resolver.cancel(); });
    auto [unknown, endpoints] = co_await resolver.async_resolve(settings.host, settings.port, use_tuple);
    if (unknown) co_return failed(settings, "resolve", unknown, resolving.fired());

    auto socket = std::make_shared<tcp::socket>(executor);
    watchdog guard(executor, left(until), [socket] { close_quietly(*socket); });
    auto [error, endpoint] = co_await asio::async_connect(*socket, endpoints, use_tuple);
    if (error) co_return failed(settings, "connect to", error, guard.fired());
    error_code ignored;
    socket->set_option(tcp::no_delay(true), ignored);
    co_return co_await finish(socket, until);
}

asio::awaitable<dial_result> dialer::state::dial_unix(asio::steady_timer::time_point until) {
    auto const executor = co_await asio::this_coro::executor;
    auto socket = std::make_shared<unix_socket>(executor);
    if (settings.unix_path.size() > 107)
        co_return dial_result{nullptr, "the path of the unix socket is longer than 107 octets", false};
    auto [error] = co_await socket->async_connect(
        asio::local::stream_protocol::endpoint(settings.unix_path), use_tuple);
    if (error) co_return failed(settings, "connect to", error, false);
    co_return co_await finish(socket, until);
}

dialer::dialer(dial_settings settings) : state_(std::make_unique<state>()) {
    state_->settings = std::move(settings);
    state_->load_tls();
}
dialer::~dialer() = default;
dialer::dialer(dialer&&) noexcept = default;
dialer& dialer::operator=(dialer&&) noexcept = default;

dial_settings const& dialer::settings() const noexcept { return state_->settings; }

asio::awaitable<dial_result> dialer::dial() const {
    auto const until = std::chrono::steady_clock::now() + state_->settings.limit;
    if (!state_->settings.unix_path.empty()) co_return co_await state_->dial_unix(until);
    co_return co_await state_->dial_tcp(until);
}

}  // namespace wsproof
