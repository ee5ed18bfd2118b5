// The table of number formats. Tiers: 1 own prefix, length and check digit; 2 own prefix and length;
// 3 digits with a check digit; 4 digits with a documented prefix (or a check digit that a current prefix
// elsewhere outweighs); 5 length only. Within a courier the stronger rule stands first.
//
// Sources: Chinese couriers from Taobao's published reg_mail_no rules, station scanners and public
// samples; the rest of the world from tracking_number_data (MIT). Nobody but the UPU guarantees any of it.
#pragma once

#include <array>

#include "src/waybill/formats.hpp"

namespace returngate::waybill {

// Prefixes of STO's 12- and 13-digit numbers, and of ZTO's 12-digit ones (reg_mail_no).
inline constexpr std::string_view kSto3 = "268|888|588|688|368|468|568|668|768|868|968";
inline constexpr std::string_view kZto3 =
    "765|852|779|359|528|751|358|618|680|778|780|768|688|689|828|988|118|128|888|571|518|010|628|205|880|882|"
    "717|718|728|738|761|762|763|701|757|719|881|120";
inline constexpr std::string_view kBest12 = "21|22|23|24|25|26|27|28|29|30|31|32|33|34|35|36|37|38|39|61|63";

using enum CheckRule;
using enum Extra;

inline constexpr auto kFormats = std::to_array<Format>({
    // --- China -------------------------------------------------------------------------------------
    {"SF", "sf15", 1, "SF", "#{13}", {.check = sf15, .claims = true}},
    {"SF", "sf12", 3, "", "#{12}", {.check = sf12, .is_legacy = true}},

    {"YTO", "yto13", 2, "YT", "#{13}"},
    {"YTO", "yto_dd18", 2, "DD8|DD9", "#{15}", {.is_legacy = true}},
    {"YTO", "yto_y13", 2, "Y", "#{12}", {.is_legacy = true}},
    {"YTO", "yto18", 4, "6|7|8|9", "#{17}", {.is_legacy = true}},
    // Two characters and digits: never for a prefix that has a length of its own.
    {"YTO", "yto12", 5, "", "**#{10}", {.except = "YT|SF|JD|JT|KY|LP", .is_legacy = true}},
    {"YTO", "yto10", 5, "", "**#{8}", {.except = "YT|SF|JD|JT|KY|LP", .is_legacy = true}},

    {"ZTO", "zto14", 4, "73|74|75|76|77|78|79", "#{12}"},
    {"ZTO", "zto12_3", 4, kZto3, "#{9}", {.is_legacy = true}},
    {"ZTO", "zto12_4", 4, "2008|2010|8050|7518", "#{8}", {.is_legacy = true}},
    {"ZTO", "zto12_2", 4, "66|63|64|36|37|53|54|55|56|72", "#{10}", {.is_legacy = true}},
    {"ZTO", "zto12_1", 4, "4", "#{11}", {.is_legacy = true}},

    {"STO", "sto15", 4, "77", "#{13}"},
    {"STO", "sto_sto13", 2, "STO", "#{10}", {.is_legacy = true}},
    {"STO", "sto12_3", 4, kSto3, "#{9}", {.is_legacy = true}},
    {"STO", "sto13_3", 4, kSto3, "#{10}", {.is_legacy = true}},
    {"STO", "sto12_2", 4, "11|22|40", "#{10}", {.is_legacy = true}},
    {"STO", "sto13_2", 4, "33|37|55|66|77|88|99", "#{11}", {.is_legacy = true}},
    {"STO", "sto12_1", 4, "4", "#{11}", {.is_legacy = true}},
    {"STO", "sto13_1", 4, "4", "#{12}", {.is_legacy = true}},

    {"YUNDA", "yunda15", 4, "3|4", "#{14}"},
    {"YUNDA", "yunda13_2", 4, "31|42|43|46|11|12|50|51", "#{11}", {.is_legacy = true}},
    {"YUNDA", "yunda13", 5, "", "#{13}", {.is_legacy = true}},

    {"JD", "jd15", 2, "JD", "**#{11}"},
    {"JD", "jd_v13", 2, "V", "@#{11}", {.is_legacy = true}},
    {"JD", "jd11", 5, "", "#{11}", {.is_legacy = true}},

    {"JT", "jt13", 2, "JT", "#{13}"},

    {"EMS", "ems_s10", 1, "", "@@#{9}", {.check = s10, .tail = "CN", .claims = true}},
    {"EMS", "ems_s10_cs", 1, "", "@@#{9}", {.check = s10, .tail = "CS", .is_legacy = true, .claims = true}},
    {"EMS", "emsnum", 3, "10|11|12|50|51|95|97", "#{11}", {.check = s10, .claims = true}},

    {"POSTB", "postb13", 4, "96|98|99", "#{11}"},
    {"POSTB", "postb_letters", 2, "", "@@#{11}", {.extra = china_post_parcel, .is_legacy = true}},

    {"DEPPON", "deppon_dpk", 2, "DPK", "#{12}"},
    {"DEPPON", "deppon_parcel", 4, "", "#{15,40}", {.extra = parcel_suffix, .is_legacy = true}},
    {"DEPPON", "deppon8_10", 5, "", "#{8,10}", {.is_legacy = true}},

    {"HTKY", "htky14_67", 4, "6|7", "#{13}", {.is_legacy = true}},
    {"HTKY", "htky14_5", 4, "50|51", "#{12}", {.is_legacy = true}},
    {"HTKY", "htky16", 4, "58", "#{14}", {.is_legacy = true}},
    {"HTKY", "htky12", 4, kBest12, "#{10}", {.is_legacy = true}},
    {"HTKY", "htky_letter13", 2, "A|B|D|E", "#{12}", {.is_legacy = true}},
    {"HTKY", "htky_bxa13", 2, "BXA", "#{10}", {.is_legacy = true}},
    {"HTKY", "htky_k8_13", 2, "K8", "#{11}", {.is_legacy = true}},
    {"HTKY", "htky_c13", 2, "C0000", "#{8}", {.is_legacy = true}},
    {"HTKY", "htky13_02", 4, "02", "#{11}", {.is_legacy = true}},
    {"HTKY", "htky13_000", 4, "000", "#{10}", {.is_legacy = true}},
    // Best's parcels became J&T's, which takes their numbers as its own.
    {"JT", "jt_best14_67", 4, "6|7", "#{13}", {.is_legacy = true}},
    {"JT", "jt_best14_5", 4, "50|51", "#{12}", {.is_legacy = true}},
    {"JT", "jt_best16", 4, "58", "#{14}", {.is_legacy = true}},
    {"JT", "jt_best12", 4, kBest12, "#{10}", {.is_legacy = true}},
    {"JT", "jt_best_letter13", 2, "A|B|D|E", "#{12}", {.is_legacy = true}},
    {"JT", "jt_best_bxa13", 2, "BXA", "#{10}", {.is_legacy = true}},
    {"JT", "jt_best_k8_13", 2, "K8", "#{11}", {.is_legacy = true}},
    {"JT", "jt_best_c13", 2, "C0000", "#{8}", {.is_legacy = true}},
    {"JT", "jt_best13_02", 4, "02", "#{11}", {.is_legacy = true}},
    {"JT", "jt_best13_000", 4, "000", "#{10}", {.is_legacy = true}},

    {"DANNIAO", "danniao15", 4, "61|62", "#{13}"},

    // Fleets that speak our own protocol: OP, two letters of the fleet, 8 to 20 digits
    // (docs/courier-protocol.md).
    {"OPEN", "open", 2, "OP", "@@#{8,20}"},

    {"KYE", "kye13", 2, "KY", "#{13}"},
    {"KYE", "kye14", 4, "50", "#{12}", {.is_legacy = true}},

    {"ZJS", "zjs_zjs15", 2, "ZJS", "#{12}"},
    {"ZJS", "zjs_a13", 2, "A", "#{12}"},
    {"ZJS", "zjs10", 3, "", "#{10}", {.check = rest_mod_7, .except = "49|92|16"}},
    {"ZJS", "zjs10_counted", 4, "49|92|16", "#{8}"},

    {"FEDEXCN", "fedexcn12", 3, "1", "#{11}", {.check = rest_mod_11, .is_legacy = true}},

    {"ANE", "ane12", 5, "", "#{12}"},
    {"ANE", "ane15", 5, "", "#{15}"},
    {"ZTOKY", "ztoky12", 5, "", "#{12}"},
    {"YMDD", "ymdd12", 5, "", "#{12}"},

    {"TTKDEX", "ttkdex_tt15", 2, "TT66|TT88|TT99|TT56|TT57", "#{11}", {.is_legacy = true}},
    {"TTKDEX", "ttkdex12", 5, "", "#{12}", {.is_legacy = true}},
    {"TTKDEX", "ttkdex14", 5, "", "#{14}", {.is_legacy = true}},

    {"UC", "uc_vip12", 2, "VIP", "#{9}"},
    {"UC", "uc_v12", 2, "V", "#{11}"},
    {"UC", "uc_9001", 4, "9001", "#{8}"},
    {"UC", "uc12", 5, "", "#{12}", {.extra = last_digit_to_6, .is_legacy = true}},

    // --- the rest of the world ---------------------------------------------------------------------
    {"UPS", "ups_1z", 1, "1Z", "*{15}#", {.check = ups, .claims = true}},
    {"UPS", "ups_waybill", 1, "A|H|J|K|T|V", "#{10}", {.check = ups_waybill, .claims = true}},

    {"FEDEX", "fedex12", 3, "", "#{12}", {.check = fedex_12}},
    {"FEDEX", "fedex34", 3, "0|1|2|3|4|5|6|7|8", "#{33}", {.check = fedex_34, .except = "420"}},
    {"FEDEX", "fedex_gsn34", 3, "96", "#{32}", {.check = fedex_34}},
    {"FEDEX", "fedex_astra32", 3, "3", "#{31}", {.check = fedex_astra}},
    {"FEDEX", "fedex_ground96", 3, "96", "#{20}", {.check = fedex_96}},
    // One STO or Yunda number in ten passes: the prefix there counts as much as the check digit here.
    {"FEDEX", "fedex_ground15", 4, "", "#{15}", {.check = fedex_15}},
    {"FEDEX", "fedex_sscc18", 4, "", "#{18}", {.check = sscc_18}},

    {"DHL", "dhl_express10", 3, "", "#{10}", {.check = rest_mod_7}},
    {"DHL", "dhl_express11", 3, "", "#{11}", {.check = rest_mod_7}},
    {"DHL", "dhl_piece3", 2, "J", "@@#{9,10}"},
    {"DHL", "dhl_piece4", 2, "J", "@@@#{9,10}"},
    {"DHL", "dhl_ecommerce", 2, "GM|LX|RX|UV|CN|SG|TH|IN|HK|MY", "#{10,39}"},
    {"DHL", "dhl_ecommerce14", 5, "", "#{14}"},

    {"USPS", "usps_s10", 1, "", "@@#{9}", {.check = s10, .tail = "US", .claims = true}},
    {"USPS", "usps_impb22", 3, "91|92|93|94|95", "#{20}", {.check = mod_10_3_1}},
    {"USPS", "usps_impb26", 3, "91|92|93|94|95", "#{24}", {.check = mod_10_3_1}},
    {"USPS", "usps_impb30", 3, "94", "#{28}", {.check = mod_10_3_1}},
    {"USPS", "usps_20", 3, "", "#{20}", {.check = mod_10_3_1}},
    {"USPS", "usps_legacy20", 3, "", "#{20}", {.check = usps_implied_91, .is_legacy = true}},
    // FedEx Ground Economy prints a USPS number without its leading 92.
    {"USPS", "usps_economy20", 3, "", "#{20}", {.check = usps_implied_92}},
    {"USPS", "usps_routed28", 3, "420", "#{25}", {.check = usps_routed_5_implied_91, .is_legacy = true}},
    {"USPS", "usps_routed30", 3, "420", "#{27}", {.check = usps_routed_5}},
    {"USPS", "usps_routed32", 3, "420", "#{29}", {.check = usps_routed_9_implied_91, .is_legacy = true}},
    {"USPS", "usps_routed34", 3, "420", "#{31}", {.check = usps_routed_9}},
    {"USPS", "usps_routed34_26", 3, "420", "#{31}", {.check = usps_routed_5}},

    {"DPD", "dpd28", 3, "", "#{27}*", {.check = mod_37_36}},
    {"DPD", "dpd15_letter", 3, "", "#{14}@", {.check = mod_37_36}},
    {"DPD", "dpd15", 4, "", "#{15}", {.check = mod_37_36}},

    {"CANADAPOST", "canadapost_s10", 1, "", "@@#{9}", {.check = s10, .tail = "CA", .claims = true}},
    {"CANADAPOST", "canadapost16", 4, "", "#{16}", {.check = mod_10_3_1}},

    {"PUROLATOR", "purolator12", 3, "0|1|2|3|4|5", "#{11}", {.check = luhn}},
    {"PUROLATOR", "purolator_alpha", 2, "", "@@@#{9}"},

    {"ONTRAC", "ontrac_c", 1, "C", "#{14}", {.check = ontrac_c, .claims = true}},
    {"ONTRAC", "ontrac_d", 1, "D", "#{14}", {.check = ontrac_d, .claims = true}},

    {"AMAZON", "amazon_tb", 2, "TBA|TBC|TBM", "#{12}"},

    {"LASERSHIP", "lasership_l", 2, "LA|LI|LE|LH|LN|LX", "#{8}"},
    {"LASERSHIP", "lasership_1ls7", 2, "1LS71|1LS72", "#{10}"},
    {"LASERSHIP", "lasership_1ls7_leg", 2, "1LS71|1LS72", "#{11}", {.extra = lasership_leg, .tail = "1"}},
    {"LASERSHIP", "lasership_1lscx", 2, "1LSCX", "*{10}"},

    {"LANDMARK", "landmark_ltn", 2, "LTN", "#{8}", {.tail = "N1"}},
    {"CANPAR", "canpar22", 2, "C|D|K|L|S|U|X|Z", "#{21}"},
    {"SPEEDEE", "speedee20", 2, "SP", "#{18}"},

    {"OLDDOMINION", "olddominion11", 3, "", "#{11}", {.check = luhn}},

    {"YODEL", "yodel_jd", 2, "JD", "#{16}"},
    {"YODEL", "yodel_jjd", 2, "JJD", "#{16}"},
    {"YUNEXPRESS", "yunexpress16", 2, "YT", "#{16}"},
    {"GOFO", "gofo_us", 2, "GFUS", "#{14}"},

    // The standard behind every post's own numbers, and the posts that have no code of their own.
    {"S10", "s10", 1, "", "@@#{9}@@", {.check = s10, .extra = known_country, .claims = true}},
});

}  // namespace returngate::waybill
