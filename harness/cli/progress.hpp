// Shows a run while it goes on: one live line on a terminal, plain lines in a pipe.
#pragma once

#include <string>

#include "run/runner.hpp"

namespace wsproof {

class progress final : public run_observer {
public:
    /// On standard error. `every`: a line for each case, not only for what went wrong.
    progress(bool quiet, bool every);
    ~progress() override;

    void on_probed(target_info const& target, std::size_t cases, std::uint64_t seed) override;
    void on_result(case_result const& result, std::size_t done, std::size_t all) override;
    void on_notice(std::string const& text) override;

private:
    void line(std::string const& text);
    void live(std::string const& text);

    bool quiet_, every_, live_, color_;
    std::size_t failed_ = 0, tenth_ = 0;
    bool drawn_ = false;
};

}  // namespace wsproof
