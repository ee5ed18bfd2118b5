// The tables of sentences. {fact} is a fact of the event: amounts become CNY, instants Shanghai's wall clock,
// and words of ours are translated; [ … ] is left out when a fact in it is absent or empty.
#include "gateway/api/timeline_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "src/base/time.hpp"

namespace returngate::api {
namespace {

struct Words {
    std::string_view key;
    std::string_view en;
    std::string_view zh;
    [[nodiscard]] std::string_view in(Language language) const { return language == Language::en ? en : zh; }
};

constexpr std::array kEvents{
    Words{"return.applied",
          "The buyer applied for a return of {amount_fen}: approval {approval}, refund {refund}.",
          "买家申请退货，金额{amount_fen}；审核方式：{approval}，退款方式：{refund}。"},
    Words{"return.approved", "The return of {amount_fen} was approved by {by}.",
          "{by}同意退货，金额{amount_fen}。"},
    Words{"return.refused", "The return was refused by {by}.", "{by}拒绝了退货。"},
    Words{"return.offered",
          "The seller offers {amount_fen} instead of {applied_for_fen}; the buyer is to answer.",
          "卖家提出退款{amount_fen}（申请金额{applied_for_fen}），等待买家答复。"},
    Words{"return.withdrawn", "The buyer withdrew the return[: {reason}].", "买家撤销了退货[：{reason}]。"},
    Words{"return.closed", "The return was closed: {reason}.", "退货单已关闭：{reason}。"},
    Words{"return.frozen", "The return waits for a person: {reason}.",
          "退货单已冻结，等待人工处理：{reason}。"},
    Words{"return.thawed", "The return goes on; it had waited for a person: {reason}.",
          "退货单已解冻，冻结原因已消除：{reason}。"},
    Words{"pickup.booked", "A pickup was booked with {courier}, {window_start} to {window_end}.",
          "已向{courier}预约上门取件，时间{window_start}至{window_end}。"},
    Words{"pickup.rebrokered",
          "Now {courier} is asked to come, {window_start} to {window_end} (attempt {attempt}).",
          "已改派{courier}上门取件，时间{window_start}至{window_end}（第{attempt}次派单）。"},
    Words{"pickup.accepted", "{courier} accepted the pickup.", "{courier}已接单。"},
    Words{"pickup.courier_gave_up", "{courier} does not come[: {reason}].",
          "{courier}不再上门[：{reason}]。"},
    Words{"pickup.promise_missed", "No courier was at the door by {promised_at}, as promised.",
          "快递员未在承诺的{promised_at}前上门。"},
    Words{"pickup.promise_kept_after_all", "The courier was at the door by {promised_at} after all.",
          "经核实，快递员在承诺的{promised_at}前已上门。"},
    Words{"pickup.collected", "{courier} collected the parcel at {occurred_at}.",
          "{courier}已于{occurred_at}取件。"},
    Words{"pickup.collection_undone", "{courier} withdrew the report that it had collected the parcel.",
          "{courier}撤回了取件记录。"},
    Words{"pickup.unserved", "No courier came forward after {attempts} attempts.",
          "派单{attempts}次后，没有快递公司上门取件。"},
    Words{"pickup.cancelled", "The pickup was cancelled by {by}.", "{by}取消了上门取件。"},
    Words{"pickup.cancel_impossible",
          "{courier} cannot be told to cancel: its order number was lost with its answer. It may still come.",
          "{courier}的订单号随应答丢失，无法通知取消，快递员仍可能上门。"},
    Words{"pickup.cancel_too_late", "{courier} could not cancel: the parcel was collected already.",
          "{courier}已取件，无法取消。"},
    Words{"pickup.rescheduled", "The buyer moved the pickup to {window_start} to {window_end}.",
          "买家将上门取件改约至{window_start}至{window_end}。"},
    Words{"pickup.dead_reference", "{courier} no longer knows the booking; it is booked anew.",
          "{courier}已无此预约记录，重新下单。"},
    Words{"pickup.moved", "{courier} comes {window_start} to {window_end} instead.",
          "{courier}同意改约至{window_start}至{window_end}上门。"},
    Words{"pickup.courier_named", "{courier} told who comes.", "{courier}已指派快递员。"},
    Words{"courier.full", "{courier} has nobody to send there[: {reason}].",
          "{courier}在该地区暂无运力[：{reason}]。"},
    Words{"courier.contradicted", "{courier} had reported the parcel collected, and took that back.",
          "{courier}报告已取件，后又撤回。"},
    Words{"waybill.accepted", "The waybill number {waybill} of {courier} was accepted.",
          "{courier}运单号{waybill}已通过校验。"},
    Words{"waybill.refused", "The waybill number {waybill} of {courier} was not accepted[: {failed}].",
          "{courier}运单号{waybill}未通过校验[：{failed}]。"},
    Words{"waybill.suspect", "The waybill number {waybill} of {courier} waits for the parcel: {reason}.",
          "{courier}运单号{waybill}存疑，需核对包裹：{reason}。"},
    Words{"waybill.not_collected", "{courier} never collected a parcel with the number {waybill}.",
          "{courier}一直没有揽收运单号{waybill}的包裹。"},
    Words{"reservation.expired",
          "The {amount_fen} held on the credit line are free again: nothing was collected in time.",
          "未按时揽收，额度占用{amount_fen}已释放。"},
    Words{"advance.committed", "{amount_fen} are advanced to the buyer.", "平台决定向买家垫付{amount_fen}。"},
    Words{"advance.paid", "{amount_fen} were paid to the buyer.", "垫付款{amount_fen}已到账。"},
    Words{"advance.reversed", "The advance of {amount_fen} could not be paid[: {reason}].",
          "垫付款{amount_fen}支付失败，已冲回[：{reason}]。"},
    Words{"advance.recovered", "{amount_fen} came back from the escrow; {open_fen} are still open.",
          "已从担保交易收回{amount_fen}，尚余{open_fen}。"},
    Words{"refund.deferred", "The refund follows the receipt of the parcel: {reason}.",
          "改为卖家收货后退款：{reason}。"},
    Words{"refund.committed", "{amount_fen} are to be refunded to the buyer: {kind}.",
          "决定向买家退款{amount_fen}：{kind}。"},
    Words{"refund.paid", "{amount_fen} were refunded to the buyer: {kind}.",
          "退款{amount_fen}已到账：{kind}。"},
    Words{"refund.rejected", "The refund of {amount_fen} could not be paid[: {reason}].",
          "退款{amount_fen}支付失败[：{reason}]。"},
    Words{"refund.shipped_anyway",
          "The order had left with {courier} as {waybill} when it was refunded as unshipped.",
          "该订单按未发货退款，但已由{courier}发出，运单号{waybill}。"},
    Words{"refund.turned_instant", "The credit line covers {amount_fen} again: the refund comes in advance.",
          "额度已恢复，{amount_fen}改为先行垫付。"},
    Words{"return.consent_awaited",
          "{amount_fen} instead of {applied_for_fen} waits for the consent of the seller's superior.",
          "以{amount_fen}代替申请的{applied_for_fen}，等待卖家主管同意。"},
    Words{"return.reopened", "The return was opened again: {reason}.", "退货单重新打开：{reason}。"},
    Words{"receipt.short",
          "The seller found {units} of {of_units} units: {amount_fen} instead of {applied_for_fen}.",
          "卖家实收{units}件（应收{of_units}件）：退款{amount_fen}，原金额{applied_for_fen}。"},
    Words{"evidence.added", "{by} put {count} pieces of evidence forward.", "{by}补充了{count}项凭证。"},
    Words{"appeal.opened", "{by} appealed; customer service is to decide by {due_at}.",
          "{by}提出申诉，客服应在{due_at}前处理。"},
    Words{"appeal.decision_proposed",
          "Customer service proposes that the appeal is {outcome}; a second person is to agree.",
          "客服拟定申诉结果：{outcome}，等待第二人确认。"},
    Words{"appeal.decided", "The appeal of {by} is {outcome}[: {reason}].",
          "{by}的申诉结果：{outcome}[：{reason}]。"},
    Words{"appeal.escalated", "Nobody has decided the appeal in time; it was escalated.",
          "申诉未按时处理，已升级。"},
    Words{
        "appeal.settlement_due",
        "All money is settled already: {amount_fen} are to be settled between buyer and seller by a person.",
        "款项均已结清：{amount_fen}由人工在买卖双方之间结算。"},
    Words{"conduct.noted", "Remembered of the buyer: {fact}.", "记录买家行为：{fact}。"},
    Words{"conduct.withdrawn", "No longer held against the buyer[: {fact}].", "撤销买家行为记录[：{fact}]。"},
    Words{"penalty.imposed", "Penalty {number} on the buyer by {by}: {step}, because of {cause}.",
          "{by}对买家作出第{number}次处罚：{step}，原因：{cause}。"},
    Words{"penalty.reversal_proposed",
          "It is proposed to take penalty {number} back; a second person is to agree[: {reason}].",
          "拟撤销第{number}次处罚，等待第二人确认[：{reason}]。"},
    Words{"penalty.reversed", "Penalty {number} was taken back ({step})[: {reason}].",
          "第{number}次处罚（{step}）已撤销[：{reason}]。"},
    Words{"clawback.notified", "The buyer is asked to pay {amount_fen} back by {repay_by}: {reason}.",
          "通知买家在{repay_by}前退还{amount_fen}：{reason}。"},
    Words{"clawback.withdrawn", "The buyer need not pay back any more: {reason}.",
          "已撤销对买家的追款：{reason}。"},
    Words{"clawback.repaid", "The buyer paid {amount_fen} back; {owed_fen} are still owed.",
          "买家已退还{amount_fen}，尚欠{owed_fen}。"},
    Words{"clawback.overdue", "The buyer has not paid {amount_fen} back in time; the privilege is reviewed.",
          "买家逾期未退还{amount_fen}，将复核其垫付资格。"},
    Words{"parcel.delivered", "{courier} delivered the parcel {waybill} at {occurred_at}.",
          "{courier}已于{occurred_at}将包裹{waybill}送达。"},
    Words{"parcel.registered", "The seller's warehouse registered the parcel.", "卖家仓库已登记包裹。"},
    Words{"receipt.confirmed", "The receipt of the parcel was confirmed by {by}.", "{by}确认收货。"},
    Words{"receipt.disputed", "The seller disputes the parcel[: {fault}].", "卖家对包裹有异议[：{fault}]。"},
    Words{"intervention.opened", "{by} called in customer service, which is to rule by {due_at}.",
          "{by}申请客服介入，客服应在{due_at}前处理。"},
    Words{"intervention.escalated", "Customer service has not ruled in time; the case was escalated.",
          "客服未按时处理，已升级。"},
    Words{"intervention.ruling_proposed",
          "Customer service proposes to rule {outcome}; a second person is to agree.",
          "客服拟裁定{outcome}，等待第二人确认。"},
    Words{"intervention.decided", "Customer service ruled {outcome}[: {reason}].",
          "客服裁定{outcome}[：{reason}]。"},
};

constexpr std::array kRules{
    Words{"stars_at_least", "the buyer has enough trust stars", "买家星级达到要求"},
    Words{"within_days", "the application came in time after the goods were received",
          "在收货后规定时间内申请"},
    Words{"reason_in_scope", "the reason needs no seller", "退货原因无需卖家审核"},
    Words{"category_in_scope", "the goods are of a category that takes part", "商品类目在适用范围内"},
    Words{"seller_in_pilot", "the seller takes part", "卖家参与极速退货"},
    Words{"picture_present", "there is a picture", "已上传凭证图片"},
    Words{"trade_kind_in_scope", "the kind of trade is not excluded", "交易类型未被排除"},
    Words{"seller_not_excluded", "the shop is not excluded", "店铺未被排除"},
    Words{"items_not_excluded", "the goods are not excluded", "商品未被排除"},
    Words{"within_credit_line", "the buyer's credit line covers the amount", "垫付额度足够"},
    Words{"quality_user", "the buyer has enough trust stars for a refund at once", "买家信誉达到秒退要求"},
    Words{"paid_below", "the amount is below the limit of refunds at once", "金额未超过秒退上限"},
    Words{"category_not_excluded", "the category is not excluded", "商品类目未被排除"},
    Words{"member_selected", "the buyer is among those who may have advances", "买家在垫付开放范围内"},
    Words{"refund_rate", "the buyer's refund rate is within the limit", "买家退款率未超限"},
    Words{"complaints", "the complaints against the buyer are within the limit", "买家被投诉次数未超限"},
    Words{"dispute_rate", "the buyer's dispute rate is within the limit", "买家纠纷率未超限"},
    Words{"buyer_not_excluded", "the buyer is not excluded", "买家未被取消资格"},
};

// Words of ours among the facts. What is not here, a person wrote it or it names itself.
constexpr std::array kFacts{
    Words{"automatic", "automatic", "自动通过"},
    Words{"seller", "the seller", "卖家"},
    Words{"buyer", "the buyer", "买家"},
    Words{"rules", "the rules", "系统"},
    Words{"silence", "the seller's silence", "卖家超时未处理，系统"},
    Words{"customer_service", "customer service", "客服"},
    Words{"appeal", "customer service, on appeal", "客服（申诉）"},
    Words{"operations", "operations", "运营"},
    Words{"upheld", "upheld", "成立"},
    Words{"dismissed", "dismissed", "不成立"},
    Words{"appeal_upheld", "the appeal was upheld", "申诉成立"},
    Words{"units_missing", "fewer units than were applied for", "实收件数不足"},
    Words{"restitution", "what an appeal gives back", "申诉返还"},
    Words{"false_waybill", "a waybill number without a parcel", "虚假运单号"},
    Words{"unpaid_clawback", "money not paid back in time", "逾期未退还款项"},
    Words{"changed_mind", "a complaint after the refund was complete", "退款完成后反悔投诉"},
    Words{"complaint", "a complaint of the seller", "卖家投诉"},
    Words{"dispute_lost", "a dispute that was decided for the seller", "纠纷败诉"},
    Words{"fact_withdrawn", "it was not so after all", "事实已撤销"},
    Words{"warning", "a warning", "警告"},
    Words{"restriction", "a restricted credit line", "限制额度"},
    Words{"rating_cut", "a cut of the rating", "降低评级"},
    Words{"privilege_withdrawn", "no advances any more", "取消垫付资格"},
    Words{"ban", "banned for good", "永久取消资格"},
    Words{"advance", "in advance", "先行垫付"},
    Words{"after_receipt", "after the receipt", "收货后退款"},
    Words{"direct", "directly", "直接退款"},
    Words{"refund", "for the goods", "货款"},
    Words{"unshipped", "for goods that were not shipped", "未发货货款"},
    Words{"postage", "for the postage", "运费"},
    Words{"for_buyer", "for the buyer", "支持买家"},
    Words{"for_seller", "for the seller", "支持卖家"},
    Words{"not_shipped", "the parcel was not handed over in time", "买家逾期未寄出"},
    Words{"offer_not_answered", "the offer was not answered in time", "买家逾期未答复"},
    Words{"withdrawn", "withdrawn by the buyer", "买家撤销"},
    Words{"recovered", "everything is settled", "款项已结清"},
    Words{"dispute_upheld", "the seller's dispute was upheld", "异议成立"},
    Words{"not_collected", "no courier collected the parcel", "快递公司未揽收"},
    Words{"self_shipped", "the buyer took the parcel to a courier", "买家自行寄件"},
    Words{"disputed", "the seller disputes the parcel", "卖家有异议"},
    Words{"courier_not_asked", "the number's courier cannot be asked about it", "无法向该快递公司查询运单"},
    Words{"excluded", "nothing is advanced to the buyer any more", "买家已不享有先行垫付"},
    Words{"received_first", "the seller has the parcel, before any courier confirmed it",
          "卖家先于快递公司确认收货"},
    Words{"credit_line_exceeded", "the credit line does not cover the amount", "垫付额度不足"},
    Words{"collected_twice", "two couriers say that they have the parcel", "两家快递公司均称已取件"},
    Words{"collected_when_over", "collected although the return was over", "退货结束后仍被取件"},
    Words{"reported_before_booking", "the parcel was on its way before we asked for it",
          "包裹早于预约已被揽收"},
    Words{"returned", "the parcel goes back to the buyer", "包裹被退回"},
    Words{"returned_after_advance", "the parcel goes back to the buyer, and was paid for",
          "垫付后包裹被退回"},
    Words{"cancelled_after_advance", "the courier cancelled after the advance", "垫付后快递公司取消"},
    Words{"collection_undone_after_advance", "the collection was withdrawn after the advance",
          "垫付后取件记录被撤回"},
    Words{"waybill_changed", "another waybill number was presented", "运单号被更改"},
    Words{"waybill_courier_changed", "the waybill became another courier's", "运单改由其他快递公司承运"},
    Words{"waybill_suspect", "the waybill number is like other claimed ones",
          "运单号与其他已登记的运单号雷同"},
    Words{"waybill_replaced", "the courier replaced the waybill", "快递公司更换了运单"},
    Words{"not_claimed_otherwise", "it was claimed before, under another code or written otherwise",
          "该号码已以其他形式登记"},
    Words{"not_beside_the_buyers_own", "it follows another number of the same buyer",
          "与该买家的其他运单号连号"},
    Words{"not_beside_the_sellers_other", "it follows another buyer's number for the same seller",
          "与同一卖家其他买家的运单号连号"},
    Words{"paid_after_reversal", "paid although it had been given up", "冲回后又支付成功"},
    Words{"rejected_after_payment", "rejected although it had been paid", "支付成功后又被拒绝"},
    Words{"repayment_overdue", "the buyer has not paid back in time", "买家逾期未退还"},
    Words{"cancelled_by_courier", "cancelled by the courier", "快递公司取消"},
    Words{"collect_failed", "the courier could not collect the parcel", "取件失败"},
    Words{"not_accepted_in_time", "not accepted in time", "未按时接单"},
    Words{"not_at_the_door", "not at the door in time", "未按时上门"},
    Words{"unavailable", "it could not be reached", "无法连接"},
    Words{"not_placed", "it does not know the order", "快递公司查无此单"},
    Words{"no_capacity", "nobody is free", "运力已满"},
    Words{"slot_full", "the window is taken", "该时段已约满"},
    Words{"time_not_served", "it does not come at that time", "该时段不服务"},
    Words{"time_not_supported", "it does not come at that time", "该时段不服务"},
    Words{"wrong_goods", "wrong goods", "货物不符"},
    Words{"damaged", "damaged", "货物破损"},
    Words{"missing", "something is missing", "货物缺失"},
    Words{"empty", "empty parcel", "空包裹"},
};

template <std::size_t N>
const Words* find(const std::array<Words, N>& table, std::string_view key) {
    const auto found = std::ranges::find(table, key, &Words::key);
    return found == table.end() ? nullptr : &*found;
}

std::string amount_text(Language language, std::int64_t fen) {
    const std::string cents = std::to_string(100 + fen % 100).substr(1);
    const std::string yuan = std::to_string(fen / 100) + "." + cents;
    return language == Language::en ? "CNY " + yuan : yuan + "元";
}

std::string fact_text(Language language, std::string_view name, const json::Value& value) {
    if (const auto number = value.integer())
        return name.ends_with("_fen") ? amount_text(language, *number) : std::to_string(*number);
    const std::string_view text = value.string().value_or("");
    if (const auto at = parse_rfc3339(text)) return format_shanghai(*at).substr(0, 16);
    const Words* known = find(kFacts, text);
    return known == nullptr ? std::string(text) : std::string(known->in(language));
}

// One {fact} after the other; `is_whole` is false when one was absent or empty.
std::string filled(Language language, std::string_view words, const json::Value& facts, bool& is_whole) {
    std::string text;
    while (!words.empty()) {
        const auto open = std::min(words.find('{'), words.size());
        text += words.substr(0, open);
        if (open == words.size()) break;
        const auto close = words.find('}', open);
        const auto name = words.substr(open + 1, close - open - 1);
        const std::string fact = fact_text(language, name, facts[name]);
        is_whole = is_whole && !fact.empty();
        text += fact;
        words.remove_prefix(close + 1);
    }
    return text;
}

bool is_of(std::string_view tag, std::string_view language) {
    if (tag.size() < 2 || (tag.size() > 2 && tag[2] != '-')) return false;
    return (tag[0] | 0x20) == language[0] && (tag[1] | 0x20) == language[1];
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// ";q=0.8" in thousandths; 1000 without one, 0 for what is no weight.
int weight_of(std::string_view parameters) {
    const auto q = parameters.find("q=");
    if (q == parameters.npos) return 1000;
    const std::string_view text = parameters.substr(q + 2);
    if (text.starts_with("1")) return 1000;
    if (!text.starts_with("0.")) return 0;
    int weight = 0;
    for (std::size_t i = 2; i < 5; ++i) {
        const bool is_digit = i < text.size() && text[i] >= '0' && text[i] <= '9';
        weight = weight * 10 + (is_digit ? text[i] - '0' : 0);
    }
    return weight;
}

}  // namespace

std::string_view to_string(Language language) {
    return language == Language::en ? "en" : "zh-CN";
}

std::optional<Language> parse_language(std::string_view tag) {
    if (is_of(tag, "en")) return Language::en;
    if (is_of(tag, "zh")) return Language::zh_cn;
    return std::nullopt;
}

Language preferred_language(std::string_view accept_language) {
    Language best = Language::en;
    int best_weight = 0;
    for (std::string_view rest = accept_language; !rest.empty();) {
        const auto comma = std::min(rest.find(','), rest.size());
        const std::string_view range = rest.substr(0, comma);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        const auto semicolon = std::min(range.find(';'), range.size());
        const auto language = parse_language(trimmed(range.substr(0, semicolon)));
        const int weight = weight_of(range.substr(semicolon));
        if (!language || weight <= best_weight) continue;
        best = *language;
        best_weight = weight;
    }
    return best;
}

std::string event_words(Language language, std::string_view type, const json::Value& facts) {
    const Words* sentence = find(kEvents, type);
    if (sentence == nullptr) return {};
    std::string_view words = sentence->in(language);
    std::string text;
    bool is_whole = true;
    while (!words.empty()) {
        const auto open = std::min(words.find('['), words.size());
        text += filled(language, words.substr(0, open), facts, is_whole);
        if (open == words.size()) break;
        const auto close = words.find(']', open);
        is_whole = true;
        const auto part = filled(language, words.substr(open + 1, close - open - 1), facts, is_whole);
        if (is_whole) text += part;
        words.remove_prefix(close + 1);
    }
    if (language == Language::en && !text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string rule_words(Language language, std::string_view name, bool passed) {
    const Words* rule = find(kRules, name);
    if (rule == nullptr) return {};
    const std::string words(rule->in(language));
    if (language == Language::zh_cn) return (passed ? "通过：" : "未通过：") + words;
    return (passed ? "passed: " : "failed: ") + words;
}

}  // namespace returngate::api
