// An order file as a test writes and sees it.
#pragma once

#include "orders/order_file.h"

#include <sstream>
#include <string>
#include <vector>

namespace domspool::test {

struct Reading {
    std::vector<OrderRow> rows;
    FileReading file;

    // "LINE FIELD VALUE: REASON" of all faults of rows.
    std::vector<std::string> faults() const {
        std::vector<std::string> texts;
        for (const OrderRow& row : rows) {
            for (const FieldFault& fault : row.faults) {
                texts.push_back(
                    to_text(Problem{file_name, row.line, fault.field, fault.value, fault.reason}));
            }
        }
        return texts;
    }
    std::vector<std::string> file_problems() const {
        std::vector<std::string> texts;
        for (const Problem& problem : file.file_problems) texts.push_back(to_text(problem));
        return texts;
    }
    bool is_refused() const { return !file.file_problems.empty(); }

    std::string file_name;
};

inline Reading read_text_as(FileRequest request, const std::string& text) {
    Reading reading;
    reading.file_name = request.name;
    std::istringstream in(text);
    reading.file = read_order_file(in, request,
                                   [&](OrderRow&& row) { reading.rows.push_back(std::move(row)); });
    return reading;
}

inline Reading read_csv(const std::string& text, OrderKind kind = OrderKind::register_domain) {
    return read_text_as({"orders.csv", FileFormat::csv, kind, {}}, text);
}
inline Reading read_yaml(const std::string& text, OrderKind kind = OrderKind::register_domain) {
    return read_text_as({"orders.yaml", FileFormat::yaml, kind, {}}, text);
}

}  // namespace domspool::test
