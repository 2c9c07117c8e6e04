#include "spool/result_place.h"

#include <string_view>

namespace domspool {

std::string result_path_beside(const std::string& order_file) {
    if (order_file.empty() || order_file == "-") return "";
    const std::size_t slash = order_file.rfind('/');
    const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
    const std::size_t dot = order_file.rfind('.');
    // A dot that begins the name ends nothing: ".orders" has no ending.
    const bool has_ending = dot != std::string::npos && dot > name;
    return (has_ending ? order_file.substr(0, dot) : order_file) + ".result.csv";
}

}  // namespace domspool
