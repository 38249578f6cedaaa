#include "reference-server/faults.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "reference-server/faulty_peer_probes.hpp"

namespace wsproof {
namespace {

TEST(Faults, AreListedInTheOrderOfTheEnumeration) {
    auto const all = all_faults();
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(static_cast<std::size_t>(all[i].id), i + 1) << all[i].name;
    }
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.back().id, fault::pong_behind_echo) << "the last enumerator";
}

std::ptrdiff_t count(role of, bool variants) {
    return std::ranges::count_if(all_faults(), [&](fault_info const& info) {
        return info.concerns(of) && info.variant == variants;
    });
}

TEST(Faults, AreEnoughToProveASuiteWith) {
    EXPECT_GE(count(role::server, false), 150);
    EXPECT_GE(count(role::client, false), 80);
    EXPECT_GE(count(role::server, true), 40);
    EXPECT_GE(count(role::client, true), 10);
}

TEST(Faults, HaveUniqueNamesOfLowerCaseWords) {
    std::set<std::string_view> names;
    for (auto const& info : all_faults()) {
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_NE(info.name, "none");
        bool const plain = std::ranges::all_of(info.name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
        EXPECT_TRUE(plain && !info.name.empty()) << info.name;
    }
}

TEST(Faults, AreDescribedInOneSentenceThatNoOtherHas) {
    std::set<std::string_view> texts;
    for (auto const& info : all_faults()) {
        EXPECT_TRUE(texts.insert(info.text).second) << info.text;
        EXPECT_TRUE(info.text.ends_with('.')) << info.name;
        EXPECT_GT(info.text.size(), 15U) << info.name;
    }
}

TEST(Faults, NameAClauseOfTheCatalogue) {
    std::string catalogue;
    std::filesystem::path const folder = WSPROOF_SOURCE_DIR "/corpus/requirements";
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        std::ostringstream text;
        text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        catalogue += text.str();
    }
    ASSERT_FALSE(catalogue.empty());
    for (auto const& info : all_faults()) {
        auto const quoted = '"' + std::string(info.clause) + '"';
        EXPECT_NE(catalogue.find(quoted), std::string::npos) << info.name << ' ' << info.clause;
    }
}

TEST(Faults, AreFoundByName) {
    for (auto const& info : all_faults()) EXPECT_EQ(find_fault(info.name), &info);
    EXPECT_EQ(find_fault("no-pong")->id, fault::no_pong);
    EXPECT_EQ(find_fault("none"), nullptr);
    EXPECT_EQ(find_fault("no-pon"), nullptr);
    EXPECT_EQ(find_fault(""), nullptr);
}

void expect_all_to_show(role of) {
    auto const probes = all_probes(of);
    std::vector<observation> usual;
    for (auto const& probe : probes)
        usual.push_back(observe(of, fault::none, probe.pieces, probe.ended));
    for (auto const& info : all_faults()) {
        bool shown = !info.concerns(of);
        for (std::size_t i = 0; i < probes.size() && !shown; ++i) {
            shown = observe(of, info.id, probes[i].pieces, probes[i].ended) != usual[i];
        }
        EXPECT_TRUE(shown) << info.name;
    }
}

TEST(Faults, OfAServerShowInSomeDialogue) { expect_all_to_show(role::server); }
TEST(Faults, OfAClientShowInSomeDialogue) { expect_all_to_show(role::client); }

TEST(Faults, OfTheOtherRoleAreNone) {
    for (auto const of : {role::server, role::client}) {
        auto const pieces = all_probes(of).front().pieces;
        auto const usual = observe(of, fault::none, pieces);
        for (auto const& info : all_faults()) {
            if (info.concerns(of)) continue;
            EXPECT_EQ(observe(of, info.id, pieces), usual) << info.name;
        }
    }
}

}  // namespace
}  // namespace wsproof
