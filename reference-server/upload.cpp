#include "reference-server/upload.hpp"

#include <openssl/evp.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <new>
#include <optional>
#include <utility>

namespace wsproof::reference {

namespace json = boost::json;

struct upload_receiver::digest {
    digest() : context(EVP_MD_CTX_new()) {
        if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1)
            throw std::bad_alloc{};
    }
    ~digest() { EVP_MD_CTX_free(context); }
    digest(digest const&) = delete;
    digest& operator=(digest const&) = delete;

    void update(std::string_view octets) const {
        EVP_DigestUpdate(context, octets.data(), octets.size());
    }

    std::string hex() const {
        std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
        unsigned size = 0;
        EVP_DigestFinal_ex(context, value.data(), &size);
        static constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (unsigned i = 0; i < size; ++i) {
            text += digits[value[i] >> 4U];
            text += digits[value[i] & 15U];
        }
        return text;
    }

    EVP_MD_CTX* context;
};

namespace {

struct announced {
    std::string name;
    std::uint64_t size = 0;
};

std::optional<announced> parse_announcement(std::string const& text) {
    boost::system::error_code failed;
    auto const value = json::parse(text, failed);
    auto const* object = failed ? nullptr : value.if_object();
    if (object == nullptr) return std::nullopt;
    auto const* name = object->if_contains("name");
    auto const* size = object->if_contains("size");
    if (name == nullptr || !name->is_string() || size == nullptr) return std::nullopt;
    auto const octets = size->to_number<std::uint64_t>(failed);
    if (size->is_double() || failed) return std::nullopt;
    return announced{std::string{name->get_string()}, octets};
}

}  // namespace

upload_receiver::upload_receiver() = default;
upload_receiver::~upload_receiver() = default;

std::vector<std::string> upload_receiver::take(piece const& part) {
    std::vector<std::string> answers;
    if (failed_) return answers;
    if (part.text) {
        if (digest_) {
            fail("text inside a file: binary messages with its content are expected", answers);
        } else if (announcement_.size() + part.octets.size() > announcement_limit) {
            fail("announcement of more than 4096 octets", answers);
        } else {
            announcement_ += part.octets;
            if (part.last) announce(answers);
        }
        return answers;
    }
    if (!digest_) {
        fail("content without a file: send {\"name\": text, \"size\": octets} first", answers);
        return answers;
    }
    digest_octets(part.octets, answers);
    if (!failed_ && part.last && received_ == size_) finish_file(answers);
    return answers;
}

void upload_receiver::announce(std::vector<std::string>& answers) {
    auto const file = parse_announcement(std::exchange(announcement_, {}));
    if (!file) {
        fail("announcement is not {\"name\": text, \"size\": octets}", answers);
        return;
    }
    name_ = file->name;
    size_ = file->size;
    received_ = 0;
    digest_ = std::make_unique<digest>();
    if (size_ == 0) finish_file(answers);
}

void upload_receiver::digest_octets(std::string_view octets, std::vector<std::string>& answers) {
    if (octets.size() > size_ - received_) {
        fail("more octets than announced", answers);
        return;
    }
    digest_->update(octets);
    auto const step = received_ / progress_step;
    received_ += octets.size();
    if (received_ / progress_step != step && received_ < size_)
        answers.push_back(json::serialize(json::object{{"received", received_}}));
}

void upload_receiver::finish_file(std::vector<std::string>& answers) {
    answers.push_back(json::serialize(
        json::object{{"name", name_}, {"size", size_}, {"sha256", digest_->hex()}}));
    digest_.reset();
}

void upload_receiver::fail(std::string const& because, std::vector<std::string>& answers) {
    failed_ = true;
    answers.push_back(json::serialize(json::object{{"error", because}}));
}

task<void> receive_uploads(std::shared_ptr<message_stream> stream) {
    upload_receiver receiver;
    piece part;
    while (co_await stream->read(part)) {
        auto const answers = receiver.take(part);
        for (auto const& answer : answers)
            if (!co_await stream->write(answer, true)) co_return;
        if (!receiver.failed()) continue;
        co_await stream->close(close_code::policy);
        co_return;
    }
}

}  // namespace wsproof::reference
