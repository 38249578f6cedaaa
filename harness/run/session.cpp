#include "run/session.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <stdexcept>

#include "cases/registry.hpp"
#include "play/event.hpp"
#include "run/connect.hpp"

namespace wsproof {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::uint64_t trace_limit = 64 * 1024;             // for one case
constexpr std::uint64_t all_traces_limit = 4 * 1024 * 1024;  // for a run
constexpr std::uint64_t frame_weight = 512;                  // what a decoded frame takes in a report
constexpr unsigned most_revivals = 10;
constexpr auto polite_pause = 200ms;

// The same case gets the same seed in every run with the same seed, whatever else is selected.
std::uint64_t seed_for(std::uint64_t seed, std::string_view id) {
    std::uint64_t hash = 14695981039346656037ULL ^ seed;
    for (auto const c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

std::chrono::microseconds since(clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - start);
}

// Several coroutines at work, and one that waits for all of them.
class crew {
public:
    explicit crew(asio::any_io_executor const& executor) : executor_(executor), all_done_(executor) {
        all_done_.expires_at(clock::time_point::max());
    }
    void add(asio::awaitable<void> work) {
        ++working_;
        asio::co_spawn(executor_, std::move(work), [this](std::exception_ptr trouble) {
            if (trouble) trouble_ = trouble;
            if (--working_ == 0) all_done_.cancel();
        });
    }
    asio::awaitable<void> join() {
        while (working_ > 0) (void)co_await all_done_.async_wait(use_tuple);
        if (trouble_) std::rethrow_exception(trouble_);
    }

private:
    asio::any_io_executor executor_;
    asio::steady_timer all_done_;
    std::size_t working_ = 0;
    std::exception_ptr trouble_;
};

}  // namespace

session::session(asio::io_context& context, run_options const& options, target where, run_observer& observer,
                 run_result& result)
    : context_(context), options_(options), target_(std::move(where)), dialer_(target_.dial),
      observer_(observer), result_(result), trace_budget_(all_traces_limit), start_(clock::now()) {}

asio::awaitable<void> session::main() {
    result_.target.probe.problem = co_await start_target();
    if (!result_.target.probe.problem.empty()) co_return;
    if (!co_await probe_target()) co_return;
    sanity_ = sanity_case(result_.target.probe);
    for (std::size_t i = 0; i < options_.cases.size(); ++i) slots_.push_back({i, {}});
    result_.selected = slots_.size();
    for (unsigned round = 0; round < options_.repeat && !result_.incomplete; ++round) co_await play_all();
    if (!result_.incomplete) {
        bool const well = co_await alive();
        if (!well)
            result_.problems.push_back("at the end of the run the target no longer passes a legal dialogue" + death());
    }
    collect();
}

asio::awaitable<void> session::pause(std::chrono::milliseconds length) {
    asio::steady_timer timer(context_, length);
    (void)co_await timer.async_wait(use_tuple);
}

// ---- the target ---------------------------------------------------------------------------------

asio::awaitable<std::string> session::start_target() {
    if (options_.command.empty()) co_return "";
    try {
        child_ = std::make_unique<child_process>(context_, options_.command);
    } catch (std::exception const& error) {
        co_return error.what();
    }
    auto const problem = co_await why_it_does_not_listen(options_.start_limit);
    co_return problem.value_or("");
}

asio::awaitable<std::optional<std::string>> session::why_it_does_not_listen(std::chrono::milliseconds limit) {
    std::string last_problem;
    for (auto const until = clock::now() + limit; clock::now() < until;) {
        auto const dialled = co_await dialer_.dial();
        if (dialled.connection) {
            dialled.connection->close();
            co_return std::nullopt;
        }
        if (child_ && !child_->running())
            co_return "the command ended before it listened on " + target_.shown + death();
        if (dialled.hopeless) co_return dialled.problem;
        last_problem = dialled.problem;
        co_await pause(20ms);
    }
    co_return (child_ ? "the command does not listen on " : "nobody listens on ") + target_.shown + " within " +
        std::to_string(limit.count()) + " ms: " + last_problem;
}

asio::awaitable<bool> session::probe_target() {
    play_settings settings;
    settings.request = target_.request;
    settings.seed = seed_for(result_.seed, "probe");
    settings.reply_limit = target_.dial.limit;
    auto& info = result_.target;
    info.probe = co_await probe(dialer_, settings, options_.polite);
    if (info.agent.empty()) info.agent = info.probe.server.empty() ? target_.shown : info.probe.server;
    observer_.on_probed(info, options_.cases.size() * options_.repeat, result_.seed);
    co_return info.probe.problem.empty();
}

std::string session::death() {
    if (!child_ || !child_->gone_within(500ms)) return "";
    auto const end = child_->end();
    if (end.exit_status) return ": it exited with status " + std::to_string(*end.exit_status);
    if (end.signal) return ": it was ended by signal " + std::to_string(*end.signal);
    return "";
}

// The last line that a dead child wrote, shown safely.
std::string session::last_words() {
    if (!child_ || child_->running()) return "";
    child_->stop(1s);
    auto const output = child_->end().output;
    auto const text = trim(std::string_view(output).substr(0, output.find_last_not_of("\r\n") + 1));
    auto const line = text.substr(text.find_last_of('\n') + 1);
    return line.empty() ? "" : "; its last words: " + describe_octets(view_of(line), 200);
}

std::string session::how_it_died() {
    auto const end = death();  // first: it waits for the end
    return end + last_words();
}

void session::stop_child() {
    if (!child_) return;
    child_->stop(3s);
    result_.child = child_->end();
    child_.reset();
}

// ---- playing ------------------------------------------------------------------------------------

play_settings session::settings_for(test_case const& wanted) const {
    play_settings settings;
    settings.request = target_.request;
    settings.request.subprotocol = result_.target.probe.subprotocol;
    settings.seed = options_.case_seed.value_or(seed_for(result_.seed, wanted.id));
    settings.reply_limit = target_.dial.limit;
    settings.watch_time = watch_time(result_.target.probe);
    settings.echoes = result_.target.probe.echoes_text || result_.target.probe.echoes_binary;
    settings.segments = options_.segments;
    return settings;
}

asio::awaitable<void> session::play_all() {
    std::deque<std::size_t> together, alone;
    for (auto const& each : slots_) {
        auto const& wanted = options_.cases[each.index];
        (wanted.has_tag("alone") ? alone : together).push_back(each.index);
    }
    co_await play_batch(std::move(together), options_.polite ? 1 : options_.concurrency);
    co_await play_batch(std::move(alone), 1);
    co_await play_batch(std::exchange(crowded_, {}), 1);
}

asio::awaitable<void> session::play_batch(std::deque<std::size_t> batch, std::size_t lanes) {
    waiting_ = std::move(batch);
    while (!waiting_.empty() && !result_.incomplete) {
        auto all = std::make_shared<crew>(context_.get_executor());
        for (std::size_t i = 0; i < std::max<std::size_t>(lanes, 1); ++i) all->add(lane());
        co_await all->join();
        if (down_) co_await find_the_culprit();
    }
}

asio::awaitable<void> session::lane() {
    while (!waiting_.empty() && !down_) {
        auto const index = waiting_.front();
        waiting_.pop_front();
        co_await play_with_care(index);
        if (options_.polite) co_await pause(polite_pause);
    }
}

// Once, or once for every cut; then the worst counts.
asio::awaitable<case_result> session::play(std::size_t index) {
    constexpr std::uint64_t most_cuts = 2000;
    auto result = co_await play_once(index, options_.segments);
    bool const cuts = options_.segments == segmentation{segmentation::kind::cut, 0};
    if (!cuts || overall(result.verdict) >= grade::unsupported) co_return result;
    auto const size = result.happened.octets_sent();
    auto const stride = static_cast<std::uint32_t>(1 + size / most_cuts);
    for (std::uint32_t at = 1; at < size; at += stride) {
        auto other = co_await play_once(index, segmentation{segmentation::kind::cut, at});
        if (overall(other.verdict) <= overall(result.verdict)) continue;
        other.verdict.reason = "cut behind octet " + std::to_string(at) + " of what was sent: " + other.verdict.reason;
        co_return other;
    }
    co_return result;
}

asio::awaitable<case_result> session::play_once(std::size_t index, std::optional<segmentation> segments) {
    auto const& wanted = options_.cases[index];
    case_result out;
    out.played = wanted;
    out.started = since(start_);
    auto settings = settings_for(wanted);
    settings.segments = segments;
    out.seed = settings.seed;
    out.replay = replay_command(out, segments);
    if (auto const missing = missing_need(wanted, result_.target.probe)) {
        out.verdict.grade = grade::unsupported;
        out.verdict.reason = *missing;
        out.verdict.clause = wanted.clauses.front();
        co_return out;
    }
    std::optional<resource_watch> watch;
    if (auto const pid = watched_process(); pid && wanted.has_tag("alone")) watch.emplace(*pid);
    auto happened = co_await play_on(dialer_, wanted, std::move(settings));
    out.elapsed = since(start_) - out.started;
    out.happened = std::move(happened.happened);
    if (happened.problem.empty()) {
        out.verdict = judge(wanted, out.happened);
    } else {
        out.verdict.reason = std::move(happened.problem);
    }
    if (watch) judge_resources(*watch, out);
    co_return out;
}

std::optional<int> session::watched_process() const {
    return child_ ? std::optional(child_->pid()) : options_.pid;
}

// A case that runs alone is what the target has to do meanwhile.
void session::judge_resources(resource_watch const& watch, case_result& result) const {
    result.resources = watch.since_begin();
    if (!result.resources || result.verdict.grade == grade::error) return;
    auto const excess =
        excess_of(*result.resources, result.happened.octets_sent() + result.happened.octets_received(),
                  octets_sent_by(result.played));
    if (!excess) return;
    result.verdict.grade = grade::fail;
    result.verdict.reason = *excess;
}

// A case that may have hurt the target, or that did not go as it should, counts only when the target
// is seen alive behind it.
asio::awaitable<void> session::play_with_care(std::size_t index) {
    auto result = co_await play(index);
    auto const value = overall(result.verdict);
    bool const sure = value < grade::fail && !result.played.has_tag("hostile");
    if (value != grade::unsupported && !sure) {
        bool const well = co_await alive();
        if (!well) {
            down_ = true;
            suspects_.push_back(index);
            co_return;
        }
    }
    // a target that takes few connections at a time may have had no room for this one
    if (value == grade::error && retried_.insert(index).second) {
        crowded_.push_back(index);
        co_return;
    }
    record(index, std::move(result));
}

asio::awaitable<bool> session::alive() {
    if (down_) co_return false;
    auto settings = settings_for(sanity_);
    settings.segments.reset();
    auto const answer = co_await play_on(dialer_, sanity_, std::move(settings));
    if (!answer.problem.empty()) co_return false;
    co_return judge(sanity_, answer.happened).grade != grade::error;
}

// ---- when the target dies -----------------------------------------------------------------------

asio::awaitable<bool> session::revive() {
    if (++revivals_ > most_revivals) co_return false;
    if (child_) {
        child_->stop(1s);
        observer_.on_notice("starting the command again");
        auto const problem = co_await start_target();
        if (!problem.empty()) co_return false;
    } else {
        auto const problem = co_await why_it_does_not_listen(target_.dial.limit);
        if (problem) co_return false;
    }
    down_ = false;
    co_return co_await alive();
}

asio::awaitable<void> session::find_the_culprit() {
    auto const suspects = std::exchange(suspects_, {});
    auto const first_death = obituary_ = how_it_died();
    observer_.on_notice("the target died" + obituary_ + "; looking for the case that did it among " +
                        std::to_string(suspects.size()));
    convicted_ = false;
    co_await play_suspects(suspects);
    if (convicted_ || result_.incomplete) co_return;
    std::string names;  // a crash that no case alone brings about again is a crash all the same
    for (auto const index : suspects) names += (names.empty() ? "" : ", ") + options_.cases[index].id;
    result_.problems.push_back("the target died" + first_death + "; none of the cases in flight did it again alone: " +
                               names);
}

// Every case that was in flight is played again, alone: after the one that kills, nothing lives.
asio::awaitable<void> session::play_suspects(std::vector<std::size_t> suspects) {
    for (std::size_t i = 0; i < suspects.size(); ++i) {
        if (down_) {
            bool const revived = co_await revive();
            if (!revived) {
                down_ = true;
                suspects_.assign(suspects.begin() + static_cast<std::ptrdiff_t>(i), suspects.end());
                give_up();
                co_return;
            }
        }
        auto result = co_await play(suspects[i]);
        if (co_await alive()) {
            record(suspects[i], std::move(result));
        } else {
            down_ = true;
            convict(suspects[i], std::move(result));
        }
    }
    if (!down_) co_return;
    bool const revived = co_await revive();
    if (!revived) give_up();
}

void session::convict(std::size_t index, case_result result) {
    convicted_ = true;
    obituary_ = how_it_died();
    result.verdict.grade = grade::fail;
    result.verdict.reason = "the target died of this case" + obituary_;
    record(index, std::move(result));
}

// The target is gone for good.
void session::give_up() {
    auto const text = "the target no longer answers" + obituary_;
    for (auto const index : suspects_) {
        case_result result;
        result.played = options_.cases[index];
        if (suspects_.size() == 1) result.verdict.grade = grade::fail;
        result.verdict.clause = result.played.clauses.front();
        result.verdict.reason = suspects_.size() == 1
                                    ? "the target died of this case" + obituary_
                                    : text + "; this case was being played, with " +
                                          std::to_string(suspects_.size() - 1) + " others, when it died";
        record(index, std::move(result));
    }
    suspects_.clear();
    result_.problems.push_back(text);
    result_.incomplete = true;
}

// ---- results ------------------------------------------------------------------------------------

void session::record(std::size_t index, case_result result) {
    keep_trace(result);
    if (result.replay.empty()) result.replay = replay_command(result, options_.segments);
    auto& kept = slots_[index].result;
    auto const value = overall(result.verdict);
    if (!kept) {
        if (options_.repeat > 1) result.repeats.push_back(value);
        kept = std::move(result);
    } else {
        auto repeats = std::move(kept->repeats);
        repeats.push_back(value);
        if (value > overall(kept->verdict)) kept = std::move(result);
        kept->repeats = std::move(repeats);
    }
    observer_.on_result(*kept, ++done_, options_.cases.size() * options_.repeat);
}

void session::keep_trace(case_result& result) {
    bool const wanted = options_.all_traces || counts(result, options_.strict) ||
                        overall(result.verdict) >= grade::fail;
    if (!wanted) {
        result.happened.entries = {};  // with its memory
        result.played.steps = {};      // what is as it should be is not explained
        result.played.outcomes = {};
        return;
    }
    for (auto const& secret : target_.secrets) result.happened.blot_out(secret);
    result.happened.shorten(std::min(trace_limit, trace_budget_));
    auto const kept = result.happened.octets_received() + result.happened.octets_sent();
    auto const decoded = std::min(result.happened.frames_received(), most_decoded_frames) * frame_weight;
    trace_budget_ -= std::min(trace_budget_, kept + decoded);
}

void session::collect() {
    for (auto& each : slots_) {
        if (!each.result) {
            result_.incomplete = true;
            continue;
        }
        auto const& repeats = each.result->repeats;
        if (std::ranges::adjacent_find(repeats, std::not_equal_to<>()) != repeats.end())
            result_.problems.push_back("the verdict of " + each.result->played.id + " changed between repeats");
        result_.results.push_back(std::move(*each.result));
    }
    slots_.clear();
}

std::string session::replay_command(case_result const& result, std::optional<segmentation> const& segments) const {
    std::string text = "wsproof replay " + result.played.id;
    if (!options_.built_in && options_.command.empty()) text += " '" + target_.shown + "'";
    text += " --seed " + std::to_string(result.seed);
    if (segments) text += " --segments " + name_of(*segments);
    if (options_.command.empty()) return text;
    text += " --";  // as it was given: the port of this run means nothing in the next
    for (auto const& word : options_.command_as_given)
        text += word.find_first_of(" '\"$;&|<>()\\*?") == std::string::npos ? " " + word : " '" + word + "'";
    return text;
}

}  // namespace wsproof
