// Strict XML in.
#include "adapters/courier/xml.hpp"

#include <charconv>
#include <pugixml.hpp>

#include "adapters/courier/toolbox.hpp"
#include "adapters/json/utf8.hpp"

namespace returngate::courier {
namespace {

constexpr int kMaxDepth = 32;

bool is_character(unsigned code) {
    return code >= 0x20 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

// pugixml turns &#0; into the end of a string and &#xD800; into bytes that are no UTF-8.
bool has_forged_characters(std::string_view text) {
    for (std::size_t at = text.find("&#"); at != text.npos; at = text.find("&#", at + 2)) {
        const bool is_hex = at + 2 < text.size() && text[at + 2] == 'x';
        const char* begin = text.data() + at + (is_hex ? 3 : 2);
        unsigned code = 0;
        const auto [stop, error] = std::from_chars(begin, text.data() + text.size(), code, is_hex ? 16 : 10);
        if (error != std::errc{} || stop == text.data() + text.size() || *stop != ';') return true;
        if (!is_character(code) && code != '\n' && code != '\r' && code != '\t') return true;
    }
    return false;
}

struct DepthGuard : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node& node) override {
        return depth() < kMaxDepth && node.type() != pugi::node_doctype;
    }
};

}  // namespace

Result<void> load_xml(std::string_view text, pugi::xml_document& document) {
    if (!json::is_utf8(text) || text.find('\0') != text.npos || has_forged_characters(text))
        return malformed("xml_text", "The XML is not clean UTF-8.");
    // Doctypes are parsed only so that they can be seen and refused.
    const auto parsed = document.load_buffer(text.data(), text.size(),
                                             pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
    if (!parsed) return malformed("xml_syntax", "The body is not well-formed XML.");
    int roots = 0;
    for (const pugi::xml_node& node : document.children())
        if (node.type() == pugi::node_element) ++roots;
    DepthGuard guard;
    if (roots != 1 || !document.traverse(guard))
        return malformed("xml_shape", "The XML has a DOCTYPE, is nested too deeply or has not one root.");
    return {};
}

std::string_view child_text(const pugi::xml_node& node, const char* name) {
    return node.child(name).child_value();
}

void append_xml_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
}

}  // namespace returngate::courier
