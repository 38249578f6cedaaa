#include "wire/extension.hpp"

#include "wire/handshake.hpp"

namespace wsproof {

namespace {

/// Recursive descent over the ABNF of 9.1. Between any two elements there may be whitespace, by
/// the implied *LWS rule that 9.1 takes from RFC 2616.
class parser {
public:
    explicit parser(std::string_view value) : value_(value) {}

    std::variant<std::vector<extension>, extension_error> list() {
        std::vector<extension> found;
        for (;;) {
            skip_space();
            if (at_end()) break;
            if (take(',')) continue;  // RFC 9110 5.6.1.2: an empty element
            extension element;
            if (!read_extension(element)) return *error_;
            found.push_back(std::move(element));
            if (!at_end() && !take(',')) return extension_error{at_, "expected ';' or ','"};
        }
        // 4.3: 1#extension
        if (found.empty()) return extension_error{at_, "no extension in the list"};
        return found;
    }

private:
    bool read_extension(extension& out) {
        if (!read_token(out.name, "expected an extension name")) return false;
        for (skip_space(); take(';'); skip_space()) {
            skip_space();
            extension_parameter parameter;
            if (!read_parameter(parameter)) return false;
            out.parameters.push_back(std::move(parameter));
        }
        return true;
    }

    bool read_parameter(extension_parameter& out) {
        if (!read_token(out.name, "expected a parameter name")) return false;
        skip_space();
        if (!take('=')) return true;
        skip_space();
        out.value.emplace();
        if (at_end() || value_[at_] != '"') {
            return read_token(*out.value, "expected a parameter value");
        }
        out.quoted = true;
        return read_quoted(*out.value);
    }

    bool read_token(std::string& out, char const* complaint) {
        auto const start = at_;
        while (!at_end() && is_token(value_.substr(at_, 1))) ++at_;
        if (at_ == start) return fail(start, complaint);
        out.assign(value_.substr(start, at_ - start));
        return true;
    }

    bool read_quoted(std::string& out) {
        auto const start = at_++;
        while (!at_end() && value_[at_] != '"') {
            if (value_[at_] == '\\' && ++at_ == value_.size()) break;
            out.push_back(value_[at_++]);
        }
        if (!take('"')) return fail(start, "quoted string without an end");
        // 9.1: after unescaping the value has to be a token
        return is_token(out) || fail(start, "quoted value is not a token");
    }

    bool fail(std::size_t offset, char const* text) {
        error_ = extension_error{offset, text};
        return false;
    }

    bool at_end() const { return at_ == value_.size(); }
    void skip_space() {
        while (!at_end() && (value_[at_] == ' ' || value_[at_] == '\t')) ++at_;
    }
    bool take(char expected) {
        if (at_end() || value_[at_] != expected) return false;
        ++at_;
        return true;
    }

    std::string_view value_;
    std::size_t at_ = 0;
    std::optional<extension_error> error_;
};

void write_value(extension_parameter const& parameter, std::string& out) {
    out.push_back('=');
    if (!parameter.quoted) {
        out += *parameter.value;
        return;
    }
    out.push_back('"');
    for (auto const c : *parameter.value) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    out.push_back('"');
}

}  // namespace

std::variant<std::vector<extension>, extension_error> parse_extensions(std::string_view value) {
    return parser(value).list();
}

std::string write_extensions(std::vector<extension> const& list) {
    std::string out;
    for (auto const& element : list) {
        if (!out.empty()) out += ", ";
        out += element.name;
        for (auto const& parameter : element.parameters) {
            out += "; ";
            out += parameter.name;
            if (parameter.value) write_value(parameter, out);
        }
    }
    return out;
}

}  // namespace wsproof
