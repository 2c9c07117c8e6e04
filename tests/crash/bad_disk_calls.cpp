#include "crash/bad_disk_calls.h"

#include <fstream>

namespace domspool::test {

Rehearsal::Environment on_bad_disk(const Shop& shop, const Rehearsal::Environment& more) {
    Rehearsal::Environment environment = more;
    environment["LD_PRELOAD"] = BAD_DISK_LIBRARY;
    environment["BAD_DISK_FOLDER"] = std::filesystem::canonical(shop.folder()).string();
    return environment;
}

std::vector<DiskCall> disk_calls_of(Rehearsal& rehearsal, int step) {
    const Scratch scratch;
    rehearsal.step(step, on_bad_disk(rehearsal.shop(), {{"BAD_DISK_LOG", scratch / "log"}}));
    std::ifstream log(scratch / "log");
    std::vector<DiskCall> calls;
    std::map<std::string, int> numbers;
    for (std::string kind, path; log >> kind && std::getline(log >> std::ws, path);) {
        calls.push_back({kind, path, ++numbers[kind]});
    }
    return calls;
}

}  // namespace domspool::test
