// Stops the build when a header of this folder pulls in what the folder may not know. gtest stays
// out of this file too, so that nothing else can define the macros.
#include "wire/bytes.hpp"
#include "wire/close.hpp"
#include "wire/deflate.hpp"
#include "wire/extension.hpp"
#include "wire/frame.hpp"
#include "wire/frame_reader.hpp"
#include "wire/handshake.hpp"
#include "wire/mask.hpp"
#include "wire/utf8.hpp"

#if defined(BOOST_ASIO_VERSION) || defined(BOOST_ASIO_DETAIL_CONFIG_HPP) || defined(ASIO_VERSION)
#error "a wire header includes Asio"
#endif
#if defined(BOOST_VERSION) || defined(BOOST_CONFIG_HPP)
#error "a wire header includes Boost"
#endif
#if defined(NLOHMANN_JSON_VERSION_MAJOR) || defined(INCLUDE_NLOHMANN_JSON_HPP_)
#error "a wire header includes nlohmann/json"
#endif
#if defined(FMT_VERSION)
#error "a wire header includes fmt"
#endif
#if defined(ZLIB_VERSION) || defined(OPENSSL_VERSION_NUMBER)
#error "zlib and OpenSSL belong into sources, not into wire headers"
#endif
