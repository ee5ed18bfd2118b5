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
    struct Setting {
        std::string_view of;
        std::string_view name;
        std::string& target;
    };
    const Setting settings[] = {
        {"YTO", "customer_code", options.yto.customer_code},
        {"YTO", "token", options.yto.token},
        {"YTO", "secret", options.yto.secret},
        {"YTO", "push_secret", options.yto.push_secret},
        {"SF", "partner_id", options.sf.partner_id},
        {"SF", "secret", options.sf.checkword},
        {"SF", "digest_mode", options.sf.digest_mode},
        {"KUAIDI100", "key", options.kuaidi100.key},
        {"KUAIDI100", "secret", options.kuaidi100.secret},
        {"KUAIDI100", "customer", options.kuaidi100.customer},
        {"ZTO", "app_key", options.zto.app_key},
        {"ZTO", "app_secret", options.zto.app_secret},
        {"STO", "from_appkey", options.sto.from_appkey},
        {"STO", "from_code", options.sto.from_code},
        {"STO", "secret_key", options.sto.secret_key},
        {"STO", "order_source", options.sto.order_source},
        {"STO", "site_code", options.sto.site_code},
        {"STO", "customer_name", options.sto.customer_name},
        {"STO", "site_password", options.sto.site_password},
        {"JD", "app_key", options.jd.app_key},
        {"JD", "app_secret", options.jd.app_secret},
        {"JD", "access_token", options.jd.access_token},
        {"JD", "customer_code", options.jd.customer_code},
        {"JT", "api_account", options.jt.api_account},
        {"JT", "private_key", options.jt.private_key},
        {"JT", "customer_code", options.jt.customer_code},
        {"JT", "password", options.jt.password},
        {"DEPPON", "company_code", options.deppon.company_code},
        {"DEPPON", "app_key", options.deppon.app_key},
        {"DEPPON", "customer_code", options.deppon.customer_code},
        {"DEPPON", "sign_prefix", options.deppon.sign_prefix},
        {"OPEN", "secret", options.open.secret},
        {"OPEN", "push_secret", options.open.push_secret},
        {"KDNIAO", "e_business_id", options.kdniao.e_business_id},
        {"KDNIAO", "api_key", options.kdniao.api_key},
        {"EMS", "sender_no", options.ems.sender_no},
        {"EMS", "authorization", options.ems.authorization},
        {"EMS", "sign_key", options.ems.sign_key},
        {"YUNDA", "app_key", options.yunda.app_key},
        {"YUNDA", "app_secret", options.yunda.app_secret},
        {"CAINIAO", "logistic_provider_id", options.cainiao.logistic_provider_id},
        {"CAINIAO", "secret", options.cainiao.secret},
        {"CAINIAO", "access_code", options.cainiao.access_code},
        {"CAINIAO", "cn_account_id", options.cainiao.cn_account_id},
        {"provider", "api_key", options.provider_api_key},
    };
    for (const Setting& setting : settings) take((*value)[setting.of], setting.name, setting.target);
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
