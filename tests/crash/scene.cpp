#include "crash/scene.h"

#include <algorithm>

namespace domspool::test {

namespace {

bool only_asks(const std::string& function) {
    static const std::vector<std::string> asking = {
        "query", "session", "domainInfo", "domainCheck", "domainTldInfo", "contactInfo", "hello"};
    return std::any_of(asking.begin(), asking.end(),
                       [&](const std::string& begin) { return function.starts_with(begin); });
}

bool was_executed(const SandboxCall& call) {
    return call.outcome != "none" && !call.outcome.starts_with("fault");
}

bool fits(const SandboxCall& call, const WishedCall& wish) {
    return call.function == wish.function && (wish.target.empty() || call.target == wish.target) &&
           call.parameters.find(wish.parameters) != std::string::npos;
}

std::string words_of(const WishedCall& wish) {
    return wish.function + " " + wish.target + " " + wish.parameters;
}

}  // namespace

std::string faults_of_calls(const Scene& scene, const std::vector<SandboxCall>& log,
                            const Leeway& leeway) {
    std::string faults;
    std::vector<std::size_t> times(scene.calls.size());
    for (const SandboxCall& call : log) {
        if (only_asks(call.function) || !was_executed(call)) continue;
        const auto wish = std::find_if(scene.calls.begin(), scene.calls.end(),
                                       [&](const WishedCall& each) { return fits(call, each); });
        if (wish == scene.calls.end()) {
            faults +=
                "nobody wished " + call.function + " " + call.target + " " + call.parameters + "\n";
            continue;
        }
        ++times[static_cast<std::size_t>(wish - scene.calls.begin())];
    }
    bool may_be_again = leeway.sent_again;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const bool is_again = times[i] == 2 && scene.calls[i].is_never_shown && may_be_again;
        if (is_again) may_be_again = false;
        if (times[i] == 1 || is_again) continue;
        faults += words_of(scene.calls[i]) + " executed " + std::to_string(times[i]) + " times\n";
    }
    return faults;
}

}  // namespace domspool::test
