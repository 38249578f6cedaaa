#include "reports/sample_run.hpp"

#include "wire/close.hpp"
#include "wire/frame.hpp"
#include "wire/handshake.hpp"

namespace wsproof {
namespace {

using namespace std::chrono_literals;
using kind = trace_entry::kind;

constexpr masking_key key{0x37, 0xFA, 0x21, 0x3D};

octets joined(std::initializer_list<octets> parts) {
    octets out;
    for (auto const& part : parts) append(out, part);
    return out;
}

octets_view part_of(octets const& all, std::size_t first, std::size_t size) {
    return octets_view(all).subspan(first, size);
}

struct trace_maker {
    trace out;
    duration now{};

    void add(kind what, std::uint32_t step, octets_view data = {}) {
        out.entries.push_back({now, what, step, {data.begin(), data.end()}, end_reason::fin});
        now += 125us;
    }
};

send_frame frame_step(opcode op, payload data) {
    send_frame out;
    out.op = op;
    out.data = std::move(data);
    return out;
}

octets request() {
    return write_head("GET /echo HTTP/1.1", {{"Host", "localhost:9001"},
                                             {"Upgrade", "websocket"},
                                             {"Connection", "Upgrade"},
                                             {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                             {"Sec-WebSocket-Version", "13"}});
}

octets response() {
    return write_head("HTTP/1.1 101 Switching Protocols",
                      {{"Upgrade", "websocket"},
                       {"Connection", "Upgrade"},
                       {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
                       {"Server", "evil \x1b[31m\xE2\x80\xAE\xFF"}});
}

std::vector<step> sample_steps() {
    auto first = frame_step(opcode::text, payload::of(std::string_view("gr\xC3\xBCn")));
    first.fin = false;
    auto odd = frame_step(opcode{11}, payload::repeat("*", 300));
    odd.rsv = rsv1 | rsv3;
    odd.masked = false;
    odd.form = length_form::sixty_four_bits;
    auto keyed = frame_step(opcode::ping, payload::of(to_octets("\xFF\xFE")));
    keyed.key = key;
    auto lying = frame_step(opcode::continuation, payload::of(std::string_view("!")));
    lying.declared_length = std::uint64_t{1} << 63U;
    lying.cut = 5;
    auto packed = frame_step(opcode::binary, payload::repeat("ab", 70000));
    packed.compress = true;
    open_step open;
    open.request.set = {{"Sec-WebSocket-Version", {payload::of(std::string_view("13"))}}};
    open.request.remove = {"Origin"};
    open.request.lines = {payload::of(std::string_view("X-Evil: \x1b"))};
    open.request.line_end = "\n";
    return {open,
            first,
            keyed,
            fence_step{},
            odd,
            lying,
            packed,
            frame_step(opcode::close, payload::of(write_close(1002, "bad"))),
            send_octets{payload::of(to_octets("\x81\x85"))},
            watch_step{},
            await_step{await_step::what::end},
            shutdown_step{},
            reset_step{}};
}

std::vector<outcome> sample_outcomes() {
    expectation const pong{see_pong{}, false}, end{see_end{}, true};
    expectation const close{see_close{{{1002, 1002}, {3000, 4999}}, true, false}, false};
    return {{grade::pass, {pong, {see_echo{}, false}}, std::nullopt, ""},
            {grade::non_strict, {close, end}, 3, "the connection is failed, but 7.4.1 names 1002"}};
}

case_result result_of(std::string id, grade behaviour, std::string reason = {}) {
    case_result out;
    out.played.id = std::move(id);
    out.played.title = "What is done, and what has to happen";
    out.played.clauses = {"6455-5.4-12"};
    out.played.roles = {role::server, role::client};
    out.verdict = {behaviour, std::move(reason), "6455-5.4-12", "the echo", "the echo", grade::pass,
                   ""};
    out.started = 2ms;
    out.elapsed = 1301us;
    out.seed = 18446744073709551615U;
    out.replay =
        "wsproof replay " + out.played.id + " ws://localhost:9001/ --seed 18446744073709551615";
    return out;
}

case_result hostile_result() {
    auto out = result_of("rfc6455/5.4/ping-between-fragments", grade::fail);
    out.played = sample_case();
    out.happened = sample_trace();
    out.verdict.reason = "expected the echo; observed " + hostile_text_with_nul();
    out.verdict.expected = "the echo";
    out.verdict.observed = hostile_text_with_nul();
    out.unexpected = true;
    out.repeats = {grade::fail, grade::pass, grade::fail};
    return out;
}

case_result late_close() {
    auto out = result_of("rfc6455/7.1/close-is-answered", grade::pass);
    out.verdict.clause = "6455-5.5.1-11";
    out.verdict.close_grade = grade::fail;
    out.verdict.close_reason = "the Close frame was never answered (5.5.1)";
    out.unexpected = true;
    return out;
}

case_result unexpected_pass() {
    auto out = result_of("rfc6455/7.1/half-close", grade::pass);
    out.unexpected = true;
    out.expectation = "listed as fail (issue 12), but passed: remove the entry";
    return out;
}

case_result expected_fail() {
    auto out = result_of("rfc6455/5.4/empty-fragments", grade::fail,
                         "expected the echo; observed nothing");
    out.verdict.observed = "nothing";
    out.expectation = "fail, as listed: known since 1.2";
    return out;
}

case_result light_fail() {
    auto out = result_of("rfc6455/5.4/one-octet-fragments", grade::fail, "the echo came late");
    out.played.level = level::should;
    return out;
}

target_info sample_target() {
    target_info out;
    out.url = "ws://localhost:9001/";
    out.command = "./server --port {port}";
    out.agent = "evil \x1b[31m\xFF";
    out.probe.opened = true;
    out.probe.status = 101;
    out.probe.server = "evil \x1b[31m\xFF";
    out.probe.response_violations = {"response_extension_unrequested"};
    out.probe.echoes_text = out.probe.answers_pings = out.probe.deflate = true;
    out.probe.deflate_response = "permessage-deflate; server_max_window_bits=\"\xFF\"";
    out.probe.deflate_offers = {{"permessage-deflate", "permessage-deflate"},
                                {"permessage-deflate; client_max_window_bits=8", ""}};
    out.probe.message_limit = 1U << 20U;
    out.probe.round_trip = 96us;
    return out;
}

run_result empty_run() {
    run_result out;
    out.tool_version = "0.1.0";
    out.case_set = "3f2a90c1";
    out.started =
        std::chrono::sys_days(std::chrono::year(2026) / 1 / 31) + 12h + 34min + 56s + 789ms;
    out.elapsed = 2345678us;
    out.seed = 42;
    out.target = sample_target();
    return out;
}

void add_same_cause(run_result& run) {
    for (auto const* name : {"1", "125", "126", "127", "128", "65535", "65536"}) {
        auto each = result_of(std::string("rfc6455/5.2/length-") + name, grade::fail,
                              "the length form is not the shortest");
        each.verdict.clause = "6455-5.2-19";
        each.verdict.observed = "text of " + std::string(name) + " octets";
        each.unexpected = true;
        run.results.push_back(std::move(each));
    }
}

}  // namespace

std::string hostile_text_with_nul() {
    std::string out(hostile_text);
    out.push_back('\0');
    return out + "end";
}

test_case sample_case() {
    test_case out;
    out.id = "rfc6455/5.4/ping-between-fragments";
    out.title = "A Ping between the fragments of a message is answered at once";
    out.clauses = {"6455-5.4-12", "6455-5.5.2-3", "0000-0-0"};
    out.roles = {role::server, role::client};
    out.needs = {"echo"};
    out.tags = {"hostile", "alone"};
    out.autobahn = {"5.6", "5.7"};
    out.note = "Autobahn demands the Pong before the echo only";
    out.offer = "permessage-deflate";
    out.steps = sample_steps();
    out.outcomes = sample_outcomes();
    out.outcome_list = "ponged, then echoed";
    out.segmentation = {segmentation::kind::every, 1};
    out.ending = ending::drop;
    return out;
}

trace sample_trace() {
    trace_maker make;
    make.add(kind::at_step, 1);
    make.add(kind::sent, 1, request());
    make.add(kind::received, 1, response());
    make.add(kind::at_step, 2);
    make.add(kind::at_step, 3);
    make.add(kind::sent, 3,
             joined({make_frame(opcode::text, to_octets("gr\xC3\xBCn"), key, false),
                     make_frame(opcode::ping, to_octets("\xFF\xFE"), key)}));
    make.add(kind::at_step, 4, to_octets("fence-9f"));
    make.add(kind::sent, 4, make_frame(opcode::binary, octets(6000, '*'), key));
    auto const hostile = make_frame(opcode::text, view_of(hostile_text), std::nullopt, true, rsv2);
    make.add(kind::received, 4, part_of(hostile, 0, 7));
    make.add(kind::received, 4,
             joined({octets(hostile.begin() + 7, hostile.end()), make_frame(opcode{12}, {}, key),
                     make_frame(opcode::close, write_close(1002, "bad \xFF"), std::nullopt)}));
    make.add(kind::gave_up, 4);
    make.add(kind::received, 4,
             part_of(make_frame(opcode::binary, octets(300), std::nullopt), 0, 9));
    make.add(kind::sent, 4);
    make.add(kind::shutdown, 12);
    make.add(kind::closing, 13);
    make.add(kind::dropped, 13);
    make.add(kind::reset, 13);
    make.add(kind::ended, 99);
    make.out.entries.back().end = end_reason::reset;
    make.out.omitted = 131;
    return make.out;
}

run_result sample_run() {
    auto run = empty_run();
    run.arguments = {"test", "ws://localhost:9001/", "--header", "Cookie: ***"};
    add_same_cause(run);
    run.results.push_back(hostile_result());
    run.results.push_back(expected_fail());
    run.results.push_back(light_fail());
    run.results.push_back(late_close());
    run.results.push_back(unexpected_pass());
    auto lost = result_of("rfc6455/7.1/reset", grade::error, "the peer could not be reached");
    lost.verdict.close_grade = grade::info;
    lost.unexpected = true;
    run.results.push_back(std::move(lost));
    run.results.push_back(
        result_of("rfc7692/7.1/offer", grade::unsupported, "permessage-deflate was declined"));
    run.results.push_back(
        result_of("rfc7692/7.1/window", grade::non_strict, "declined without need"));
    run.results.push_back(result_of("rfc7692/7.1/bits", grade::info, "the window is 12 bits"));
    run.selected = run.results.size() + 2;
    run.problems = {"the peer died in rfc6455/7.1/reset: \x1b[31mno connection\nsince then"};
    run.incomplete = true;
    run.child = child_end{false, std::nullopt, 11, "listening\n\x1b[31mSegmentation fault\xFF\n"};
    run.exit_code = 4;
    return run;
}

run_result green_run() {
    auto run = empty_run();
    run.target = {};
    run.target.built_in = true;
    run.target.agent = "wsproof echo";
    run.results = {result_of("rfc6455/5.4/fragments", grade::pass),
                   result_of("rfc6455/5.4/empty-fragments", grade::non_strict,
                             "legal, but not as recommended")};
    run.selected = run.results.size();
    return run;
}

}  // namespace wsproof
