#include "registrar/netim_functions.h"

#include "util/failure.h"

namespace domspool::netim {
namespace {

std::string take_word(std::string_view& words) {
    const auto end = words.find(' ');
    const std::string word(words.substr(0, end));
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    return word;
}

}  // namespace

std::vector<std::string> parameter_names(const Function& function) {
    std::vector<std::string> names;
    for (std::string_view words = function.parameters; !words.empty();) {
        names.push_back(take_word(words));
    }
    return names;
}

soap::Call make_call(const Function& function, Values values, NetimSettings::Parameters how) {
    soap::Call call{function.name, {}};
    call.parameters.reserve(values.size());
    std::string_view names = function.parameters;
    for (soap::Value& value : values) {
        std::string name = take_word(names);
        DOMSPOOL_ASSERT(!name.empty());
        if (how == NetimSettings::Parameters::position) {
            name = "p" + std::to_string(call.parameters.size());
        }
        call.parameters.push_back({std::move(name), std::move(value)});
    }
    return call;
}

}  // namespace domspool::netim
