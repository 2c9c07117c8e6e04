#include "crash/passings.h"

#include <fstream>
#include <map>

namespace domspool::test {

std::vector<std::string> passings_in(const std::string& log) {
    std::ifstream names(log);
    std::vector<std::string> passings;
    std::map<std::string, int> times;
    for (std::string name; std::getline(names, name);) {
        passings.push_back(name + ":" + std::to_string(++times[name]));
    }
    return passings;
}

std::string point_of(const std::string& passing) {
    return passing.substr(0, passing.find(':'));
}

}  // namespace domspool::test
