// A list of texts in one column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace domspool {

// One line per text, with \\ \n \r escaped. Reading throws StoreError (corrupt) where write_list
// would not have written it.
std::string write_list(const std::vector<std::string>& texts);
std::vector<std::string> read_list(std::string_view stored);

}  // namespace domspool
