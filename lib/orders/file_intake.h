// What the readers of both formats share: rows become orders, problems of the file are gathered.
#pragma once

#include "orders/order_file.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace domspool {

// Where the value of a field stands that rows share, and by which name: a contact's, a default's.
struct SharedField {
    int line = 0;
    std::string name;
};
using SharedFields = std::map<std::string, SharedField>;

class FileIntake {
  public:
    FileIntake(const FileRequest& request, const std::function<void(OrderRow&&)>& take);

    const FileRequest& request() const { return request_; }
    // The kind every row has, unless it says otherwise itself: of the program, else the file name.
    std::optional<OrderKind> kind() const { return kind_; }

    // A problem of the whole file; line 0: of no line. Of many the first are kept, the rest
    // counted.
    void refuse(int line, const std::string& field, const std::string& value,
                const std::string& reason);

    // A row with its fields by their canonical names. Its kind must agree with program and file
    // name; a row that has none, or another one, is a problem of the file. `faults`: what is wrong
    // with it besides. What is wrong with one of `shared`, by field, is told once, of the file.
    void take_row(int line, FieldMap fields, NamedOrder named = {},
                  std::vector<FieldFault> faults = {}, const SharedFields& shared = {});

    // A row that could not be taken apart.
    void count_bad_row();

    FileReading& reading() { return reading_; }
    // Compares with what the file itself says.
    void require_count(std::optional<int> stated, int stated_line);
    FileReading finished() &&;

  private:
    std::optional<OrderKind> kind_of_row(int line, const FieldMap& fields);
    // Whether there were any.
    bool tell_shared(std::vector<FieldFault>& faults, const SharedFields& shared);

    const FileRequest& request_;
    const std::function<void(OrderRow&&)>& take_;
    std::optional<OrderKind> kind_;
    FileReading reading_;
    int unlisted_problems_ = 0;
    std::set<std::string> told_shared_;  // names
};

}  // namespace domspool
