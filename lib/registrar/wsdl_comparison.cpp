#include "registrar/wsdl_comparison.h"

#include "registrar/netim_functions.h"
#include "registrar/reply_fields.h"
#include "soap/wsdl.h"

#include <algorithm>

namespace domspool {
namespace {

using Names = std::vector<std::string>;
using Parameters = NetimSettings::Parameters;

Names all_lower(Names names) {
    for (std::string& name : names) name = netim::lower(name);
    return names;
}

bool holds(const Names& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

// "p0", "p1": one of them among the parts would turn binding by position into binding by name.
bool is_neutral(const std::string& name) {
    return name.size() > 1 && name[0] == 'p' &&
           std::all_of(name.begin() + 1, name.end(),
                       [](unsigned char c) { return std::isdigit(c); });
}

std::string list_of(const Names& names) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : " ") + name;
    return list.empty() ? "nothing" : list;
}

// One function's parts as published, and as we send them.
class Pair {
  public:
    Pair(std::string function, Names there, Names ours, Parameters how)
        : function_(std::move(function)),
          there_shown_(there),
          ours_shown_(ours),
          there_(all_lower(std::move(there))),
          ours_(all_lower(std::move(ours))),
          how_(how) {}

    void tell(WsdlComparison& result) const {
        const std::string both =
            function_ + ": published " + list_of(there_shown_) + "; sent " + list_of(ours_shown_);
        if (is_bound_wrong()) {
            result.wrong.push_back(both);
        } else if (there_ != ours_) {
            result.notes.push_back(both);
        }
    }

  private:
    // By name the letter case counts too: a name the server does not know arrives as nothing.
    bool is_bound_wrong() const {
        const std::size_t count = ours_.size();
        if (there_.size() < count) return true;
        if (how_ == Parameters::names) {
            return !std::equal(ours_shown_.begin(), ours_shown_.end(), there_shown_.begin());
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (ours_[i] == there_[i]) continue;
            if (holds(there_, ours_[i]) || holds(ours_, there_[i])) return true;
        }
        return std::ranges::any_of(there_, is_neutral);
    }

    std::string function_;
    Names there_shown_, ours_shown_;  // with their letter case
    Names there_, ours_;
    Parameters how_;
};

}  // namespace

WsdlComparison compare_with_wsdl(std::string_view wsdl, Parameters how) {
    const std::vector<soap::WsdlFunction> published = soap::read_wsdl(wsdl);
    WsdlComparison result;
    for (const netim::Function* function : netim::kFunctions) {
        const auto found = std::ranges::find_if(published, [&](const soap::WsdlFunction& one) {
            return netim::lower(one.name) == netim::lower(function->name);
        });
        if (found == published.end()) {
            result.wrong.push_back(std::string(function->name) + ": not published");
            continue;
        }
        ++result.functions;
        Names parts;
        for (const soap::WsdlPart& part : found->parts) parts.push_back(part.name);
        Pair(function->name, parts, netim::parameter_names(*function), how).tell(result);
    }
    return result;
}

}  // namespace domspool
