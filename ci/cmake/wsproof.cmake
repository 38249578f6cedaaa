# What every folder's CMakeLists.txt uses: one static library for each folder, whose link list is
# the rule of who may include whom, and one test program beside it.

add_library(wsproof_flags INTERFACE)
target_compile_options(wsproof_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wunused -Wdouble-promotion -Wformat=2
  -Wimplicit-fallthrough -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 takes the frame allocation of Asio's coroutines for a mismatched pair, sees overlaps in
  # "literal" + std::string at -O3, and uninitialised alternatives in every std::variant that moves;
  # clang, which has none of this, watches the same sources
  target_compile_options(wsproof_flags INTERFACE
    -Wno-mismatched-new-delete -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(WSPROOF_SANITIZE)
  target_compile_options(wsproof_flags INTERFACE
    -fsanitize=${WSPROOF_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(wsproof_flags INTERFACE -fsanitize=${WSPROOF_SANITIZE})
endif()
if(WSPROOF_COVERAGE)
  target_compile_options(wsproof_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(wsproof_flags INTERFACE -fprofile-instr-generate)
endif()

# wsproof_library(NAME SOURCES … LINKS …): the library wsproof_NAME of the current folder.
function(wsproof_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_library(wsproof_${name} STATIC ${arg_SOURCES})
  target_include_directories(wsproof_${name} PUBLIC ${PROJECT_SOURCE_DIR}/harness ${PROJECT_SOURCE_DIR})
  target_link_libraries(wsproof_${name} PUBLIC ${arg_LINKS} PRIVATE wsproof_flags)
endfunction()

# wsproof_test(NAME SOURCES … LINKS …): the program NAME_test, each TEST known to ctest.
function(wsproof_test name)
  if(NOT WSPROOF_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name}_test ${arg_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${arg_LINKS} wsproof_flags GTest::gtest_main)
  target_compile_definitions(${name}_test PRIVATE
    WSPROOF_SOURCE_DIR="${PROJECT_SOURCE_DIR}" WSPROOF_BINARY_DIR="${PROJECT_BINARY_DIR}")
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 300)
endfunction()
