#include "reference-server/faults.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "reference-server/faulty_server_probes.hpp"

namespace wsproof {
namespace {

TEST(Faults, AreListedInTheOrderOfTheEnumeration) {
    auto const all = all_faults();
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(static_cast<std::size_t>(all[i].id), i + 1) << all[i].name;
    }
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.back().id, fault::close_inside_message_refused) << "the last enumerator";
}

TEST(Faults, AreEnoughToProveASuiteWith) {
    auto const variants = std::ranges::count(all_faults(), true, &fault_info::variant);
    EXPECT_GE(std::ssize(all_faults()) - variants, 85);
    EXPECT_GE(variants, 30);
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

TEST(Faults, ShowInSomeDialogue) {
    auto const probes = all_probes();
    std::vector<observation> usual;
    for (auto const& probe : probes)
        usual.push_back(observe(fault::none, probe.pieces, probe.ended));
    for (auto const& info : all_faults()) {
        bool shown = false;
        for (std::size_t i = 0; i < probes.size() && !shown; ++i) {
            shown = observe(info.id, probes[i].pieces, probes[i].ended) != usual[i];
        }
        EXPECT_TRUE(shown) << info.name;
    }
}

}  // namespace
}  // namespace wsproof
