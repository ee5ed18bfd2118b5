// YTO's XML in a form, SF's routes as JSON.
#include "tests/e2e/pushes.hpp"

#include <chrono>

#include "adapters/json/writer.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"
#include "tests/support/gateway_process.hpp"

namespace returngate::e2e {

std::string yto_form(const std::string& text, std::string_view secret) {
    const sandbox::FormFields fields{{"logistics_interface", text},
                                     {"data_digest", sandbox::yto_push_digest(text, secret)},
                                     {"clientId", "CUSTOMER"},
                                     {"type", "online"}};
    return sandbox::render_form(fields);
}

std::string yto_push(std::string_view reference, std::string_view waybill, std::string_view word, Instant at,
                     std::string_view secret) {
    std::string xml = "<UpdateInfo><logisticProviderID>YTO</logisticProviderID><clientID>CUSTOMER</clientID>";
    xml.append("<mailNo>").append(waybill).append("</mailNo><txLogisticID>").append(reference);
    xml.append("</txLogisticID><infoType>STATUS</infoType><infoContent>").append(word);
    xml.append("</infoContent><acceptTime>").append(sandbox::courier_time(at));
    return yto_form(xml + "</acceptTime></UpdateInfo>", secret);
}

std::string sf_route_push(std::string_view reference, std::string_view waybill, std::string_view op_code,
                          std::string_view id, Instant at) {
    json::Writer w;
    w.begin_object().key("Body").begin_object().key("WaybillRoute").begin_array().begin_object();
    w.member("mailno", waybill).member("orderid", reference).member("id", id);
    w.member("acceptTime", sandbox::courier_time(at)).member("acceptAddress", "杭州市");
    w.member("opCode", op_code).member("remark", "顺丰速运 已收取快件");
    return w.end_object().end_array().end_object().end_object().take();
}

Instant scene_now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) +
           testing::offset_to_ten_in_shanghai();
}

}  // namespace returngate::e2e
