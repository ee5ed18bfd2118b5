// Which addresses a URL that somebody else chose may lead to.
#include "adapters/http/reach.hpp"

#include <gtest/gtest.h>

namespace returngate::http {
namespace {

boost::asio::ip::address address(const char* text) {
    return boost::asio::ip::make_address(text);
}

TEST(Reach, OfThePublicInternetIsWhatIsGloballyReachable) {
    for (const auto* text :
         {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
          "223.255.255.255", "2400:3200::1", "2606:4700:4700::1111", "::ffff:8.8.8.8"}) {
        EXPECT_TRUE(is_public(address(text))) << text;
    }
}

// RFC 6890 and its registries.
TEST(Reach, IsNotTheMachinesNextDoorHoweverTheyAreWritten) {
    for (const auto* text : {"0.0.0.0",
                             "0.1.2.3",
                             "10.0.0.1",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.255.254",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.1",
                             "192.0.2.1",
                             "192.168.0.1",
                             "198.18.0.1",
                             "198.51.100.7",
                             "203.0.113.9",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "2001:db8::1",
                             "2001::1",
                             "2002:7f00:1::",
                             "64:ff9b::a00:1",
                             "::127.0.0.1"}) {
        EXPECT_FALSE(is_public(address(text))) << text;
    }
}

TEST(Reach, TakesExceptions) {
    Reach reach;
    EXPECT_TRUE(reach.has(address("127.0.0.1")));
    reach.is_public_only = true;
    EXPECT_FALSE(reach.has(address("10.20.1.1")));
    reach.exceptions = {*parse_network("10.20.0.0/16"), *parse_network("::1")};
    EXPECT_TRUE(reach.has(address("10.20.1.1")));
    EXPECT_FALSE(reach.has(address("10.21.1.1")));
    EXPECT_TRUE(reach.has(address("::1")));
    EXPECT_FALSE(reach.has(address("::2")));
    EXPECT_TRUE(reach.has(address("9.9.9.9")));
}

TEST(Network, IsReadStrictly) {
    EXPECT_TRUE(parse_network("10.0.0.0/8"));
    EXPECT_TRUE(parse_network("2001:db8::/32"));
    for (const auto* text :
         {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "host", "::/129", "::1/1x"}) {
        EXPECT_FALSE(parse_network(text)) << text;
    }
}

}  // namespace
}  // namespace returngate::http
