// Everything that a sandbox world is told at its start.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "adapters/sandbox/cainiao.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/deppon.hpp"
#include "adapters/sandbox/ems.hpp"
#include "adapters/sandbox/jd.hpp"
#include "adapters/sandbox/jt.hpp"
#include "adapters/sandbox/kdniao.hpp"
#include "adapters/sandbox/kuaidi100.hpp"
#include "adapters/sandbox/lifecycle.hpp"
#include "adapters/sandbox/open.hpp"
#include "adapters/sandbox/sf.hpp"
#include "adapters/sandbox/sto.hpp"
#include "adapters/sandbox/yto.hpp"
#include "adapters/sandbox/yunda.hpp"
#include "adapters/sandbox/zto.hpp"
#include "src/base/result.hpp"

namespace returngate::sandbox {

// Our side's secrets, for the actors that stand for the platform's other programs.
struct GatewayKeys {
    std::string platform;
    std::string buyer_app;
    std::string seller;
    std::string finance;
    std::string operations;
    std::string seller_id = "seller-demo";  // the seller that the seller's key is bound to
};

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    YtoAccount yto;
    SfAccount sf;
    Kuaidi100Account kuaidi100;
    ZtoAccount zto;
    StoAccount sto;
    JdAccount jd;
    JtAccount jt;
    DepponAccount deppon;
    OpenAccount open;
    KdniaoAccount kdniao;
    EmsAccount ems;
    YundaAccount yunda;
    CainiaoAccount cainiao;
    std::map<std::string, std::string> callback_urls;  // by courier code
    std::filesystem::path provider_book;               // the payment provider's file
    std::string provider_api_key;                      // "": asks for none
    Pace pace;
    std::chrono::seconds clock_offset{0};
    WorldClock::Source clock{};  // absent: the machine's, moved by the offset
    std::uint64_t seed = 0;      // of the waybill numbers; 0: fresh ones
    std::string gateway_url;     // "": no seller and no escrow
    GatewayKeys keys;
};

// {"YTO":{customer_code,token,secret,push_secret},"SF":{partner_id,secret,digest_mode},
//  "KUAIDI100":{key,secret,customer},"ZTO":{app_key,app_secret},
//  "STO":{from_appkey,from_code,secret_key,order_source,site_code,customer_name,site_password},
//  "JD":{app_key,app_secret,access_token,customer_code},
//  "JT":{api_account,private_key,customer_code,password},
//  "DEPPON":{company_code,app_key,customer_code,sign_prefix},
//  "OPEN":{secret,push_secret},"KDNIAO":{e_business_id,api_key},
//  "EMS":{sender_no,authorization,sign_key},"YUNDA":{app_key,app_secret},
//  "CAINIAO":{logistic_provider_id,secret,access_code,cn_account_id},
//  "provider":{api_key}}; what is left out keeps its default.
[[nodiscard]] Result<void> read_accounts(const std::filesystem::path& file, Options& options);
// {"platform","buyer_app","seller","finance","operations","seller_id"}
[[nodiscard]] Result<GatewayKeys> read_keys(const std::filesystem::path& file);

}  // namespace returngate::sandbox
