// Bodies for the log.
#include "adapters/courier/redact.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "adapters/courier/xml.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::courier {
namespace {

constexpr std::string_view kBlank = "***";
constexpr std::size_t kLongestKept = 64;
constexpr int kMaxNesting = 4;  // documents inside strings inside documents

class Redaction {
public:
    explicit Redaction(std::string_view keep) : keep_(keep) {}

    bool write_body(std::string_view body, int nesting) {
        if (nesting > kMaxNesting || body.empty()) return false;
        if (body.front() == '{' || body.front() == '[') return write_json_document(body, nesting);
        if (body.front() == '<') return write_xml_document(body, nesting);
        return nesting == 0 && write_form(body);
    }

    std::string take() { return out_.take(); }

private:
    bool is_kept_name(std::string_view name) const {
        std::string_view rest = keep_;
        while (!rest.empty()) {
            const std::string_view word = rest.substr(0, rest.find(' '));
            if (word == name) return true;
            rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        }
        return false;
    }

    void write_text(std::string_view name, std::string_view text, int nesting) {
        if (write_body(text, nesting + 1)) return;
        const bool is_kept = text.size() <= kLongestKept && is_kept_name(name);
        out_.value(is_kept || text.empty() ? text : kBlank);
    }

    bool write_json_document(std::string_view body, int nesting) {
        const auto parsed = json::parse(body);
        if (!parsed) return false;
        write_json("", *parsed, nesting);
        return true;
    }

    // Items of an array are judged by the array's name.
    void write_json(std::string_view name, const json::Value& value, int nesting) {
        if (value.is_object()) {
            out_.begin_object();
            for (const json::Member& member : value.members()) {
                out_.key(member.name);
                write_json(member.name, member.value, nesting);
            }
            out_.end_object();
        } else if (value.is_array()) {
            out_.begin_array();
            for (const json::Value& item : value.items()) write_json(name, item, nesting);
            out_.end_array();
        } else if (value.is_boolean()) {
            out_.value(*value.boolean());
        } else if (value.is_null()) {
            out_.null();
        } else {
            write_text(name, value.text().value_or(""), nesting);
        }
    }

    bool write_xml_document(std::string_view body, int nesting) {
        pugi::xml_document document;
        if (!load_xml(body, document)) return false;
        out_.begin_object();
        write_xml(document.document_element(), nesting);
        out_.end_object();
        return true;
    }

    void write_xml(const pugi::xml_node& node, int nesting) {
        out_.key(node.name());
        const bool is_leaf = node.attributes().empty() && !node.find_child([](const pugi::xml_node& child) {
            return child.type() == pugi::node_element;
        });
        if (is_leaf) return write_text(node.name(), node.child_value(), nesting);
        out_.begin_object();
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            out_.key(attribute.name());
            write_text(attribute.name(), attribute.value(), nesting);
        }
        for (const pugi::xml_node& child : node.children())
            if (child.type() == pugi::node_element) write_xml(child, nesting);
        out_.end_object();
    }

    bool write_form(std::string_view body) {
        const auto form = http::parse_form(body);
        if (!form || body.find('=') == body.npos) return false;
        out_.begin_object();
        for (const auto& [name, value] : *form) {
            out_.key(name);
            write_text(name, value, 0);
        }
        out_.end_object();
        return true;
    }

    std::string_view keep_;
    json::Writer out_;
};

}  // namespace

std::string redact_body(std::string_view body, std::string_view keep) {
    Redaction redaction(keep);
    if (!redaction.write_body(body, 0)) return "(unreadable, " + std::to_string(body.size()) + " bytes)";
    return redaction.take();
}

}  // namespace returngate::courier
