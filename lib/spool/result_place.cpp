#include "spool/result_place.h"

#include <string_view>

namespace domspool {

std::string result_path_beside(const std::string& order_file) {
    if (order_file.empty() || order_file == "-") return "";
    constexpr std::string_view kCsv = ".csv";
    constexpr std::string_view kResult = ".result.csv";
    const std::size_t slash = order_file.rfind('/');
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    // The usual ending is left out; any other one keeps the results of two formats apart.
    const bool is_csv = order_file.ends_with(kCsv) && order_file.size() - kCsv.size() > name;
    const std::size_t kept = order_file.size() - (is_csv ? kCsv.size() : 0);
    return order_file.substr(0, kept).append(kResult);
}

}  // namespace domspool
