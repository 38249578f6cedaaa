// The reference server inside wsproof, for runs that name no target.
#pragma once

#include <memory>

#include "reference-server/echo_server.hpp"
#include "run/runner.hpp"

namespace wsproof {

/// Started when the options have neither URL nor command, and then filled in as the target.
class built_in_server {
public:
    explicit built_in_server(run_options& options) {
        if (!options.where.url.empty() || !options.command.empty() || !options.where.unix_socket.empty() ||
            !options.where.connect_to.empty())
            return;
        echo_options settings;
        settings.port = 0;
        server_ = std::make_unique<echo_server>(settings);
        server_->start();
        options.built_in = true;
        options.where.url = "ws://127.0.0.1:" + std::to_string(server_->port()) + "/echo";
        if (options.name.empty()) options.name = "reference server";
    }

private:
    std::unique_ptr<echo_server> server_;
};

}  // namespace wsproof
