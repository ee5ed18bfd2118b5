// The account and key files.
#include "adapters/sandbox/options.hpp"

#include <fstream>
#include <iterator>

#include "adapters/json/reader.hpp"

namespace returngate::sandbox {
namespace {

Result<json::Value> read_json(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(ErrorKind::invalid, "no_file", "cannot read " + file.string());
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    auto value = json::parse(text);
    if (!value)
        return fail(ErrorKind::invalid, value.error().code, file.string() + ": " + value.error().message);
    return value;
}

void take(const json::Value& object, std::string_view name, std::string& target) {
    if (const auto text = object[name].string()) target = std::string(*text);
}

}  // namespace

Result<void> read_accounts(const std::filesystem::path& file, Options& options) {
    const auto value = read_json(file);
    if (!value) return tl::unexpected(value.error());
    const json::Value& yto = (*value)["YTO"];
    take(yto, "customer_code", options.yto.customer_code);
    take(yto, "token", options.yto.token);
    take(yto, "secret", options.yto.secret);
    take(yto, "push_secret", options.yto.push_secret);
    const json::Value& sf = (*value)["SF"];
    take(sf, "partner_id", options.sf.partner_id);
    take(sf, "secret", options.sf.checkword);
    take(sf, "digest_mode", options.sf.digest_mode);
    const json::Value& kuaidi100 = (*value)["KUAIDI100"];
    take(kuaidi100, "key", options.kuaidi100.key);
    take(kuaidi100, "secret", options.kuaidi100.secret);
    take(kuaidi100, "customer", options.kuaidi100.customer);
    const json::Value& zto = (*value)["ZTO"];
    take(zto, "app_key", options.zto.app_key);
    take(zto, "app_secret", options.zto.app_secret);
    const json::Value& sto = (*value)["STO"];
    take(sto, "from_appkey", options.sto.from_appkey);
    take(sto, "from_code", options.sto.from_code);
    take(sto, "secret_key", options.sto.secret_key);
    take(sto, "order_source", options.sto.order_source);
    take(sto, "site_code", options.sto.site_code);
    take(sto, "customer_name", options.sto.customer_name);
    take(sto, "site_password", options.sto.site_password);
    const json::Value& jd = (*value)["JD"];
    take(jd, "app_key", options.jd.app_key);
    take(jd, "app_secret", options.jd.app_secret);
    take(jd, "access_token", options.jd.access_token);
    take(jd, "customer_code", options.jd.customer_code);
    const json::Value& jt = (*value)["JT"];
    take(jt, "api_account", options.jt.api_account);
    take(jt, "private_key", options.jt.private_key);
    take(jt, "customer_code", options.jt.customer_code);
    take(jt, "password", options.jt.password);
    const json::Value& deppon = (*value)["DEPPON"];
    take(deppon, "company_code", options.deppon.company_code);
    take(deppon, "app_key", options.deppon.app_key);
    take(deppon, "customer_code", options.deppon.customer_code);
    take(deppon, "sign_prefix", options.deppon.sign_prefix);
    const json::Value& open = (*value)["OPEN"];
    take(open, "secret", options.open.secret);
    take(open, "push_secret", options.open.push_secret);
    const json::Value& kdniao = (*value)["KDNIAO"];
    take(kdniao, "e_business_id", options.kdniao.e_business_id);
    take(kdniao, "api_key", options.kdniao.api_key);
    const json::Value& ems = (*value)["EMS"];
    take(ems, "sender_no", options.ems.sender_no);
    take(ems, "authorization", options.ems.authorization);
    take(ems, "sign_key", options.ems.sign_key);
    const json::Value& yunda = (*value)["YUNDA"];
    take(yunda, "app_key", options.yunda.app_key);
    take(yunda, "app_secret", options.yunda.app_secret);
    const json::Value& cainiao = (*value)["CAINIAO"];
    take(cainiao, "logistic_provider_id", options.cainiao.logistic_provider_id);
    take(cainiao, "secret", options.cainiao.secret);
    take(cainiao, "access_code", options.cainiao.access_code);
    take(cainiao, "cn_account_id", options.cainiao.cn_account_id);
    take((*value)["provider"], "api_key", options.provider_api_key);
    return {};
}

Result<GatewayKeys> read_keys(const std::filesystem::path& file) {
    const auto value = read_json(file);
    if (!value) return tl::unexpected(value.error());
    GatewayKeys keys;
    take(*value, "platform", keys.platform);
    take(*value, "buyer_app", keys.buyer_app);
    take(*value, "seller", keys.seller);
    take(*value, "finance", keys.finance);
    take(*value, "operations", keys.operations);
    take(*value, "seller_id", keys.seller_id);
    return keys;
}

}  // namespace returngate::sandbox
