// Where the result file of an order file has its place.
#pragma once

#include <string>

namespace domspool {

// Beside it: "in/orders.csv" -> "in/orders.result.csv", "in/orders.yaml" ->
// "in/orders.yaml.result.csv", so that files of two formats have a result each. "" for standard
// input ("-" or ""), which has no side.
std::string result_path_beside(const std::string& order_file);

}  // namespace domspool
