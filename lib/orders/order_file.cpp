#include "orders/order_file.h"

#include "orders/csv_orders.h"
#include "orders/file_intake.h"
#include "orders/invisible_signs.h"
#include "orders/order_values.h"
#include "orders/source_bytes.h"
#include "orders/yaml_orders.h"
#include "util/visible_text.h"

namespace domspool {

std::optional<FileFormat> format_of_name(std::string_view file_name) {
    const std::string name = order_values::folded(std::string(file_name));
    if (name.ends_with(".csv")) return FileFormat::csv;
    if (name.ends_with(".yaml") || name.ends_with(".yml")) return FileFormat::yaml;
    return std::nullopt;
}

LineSpans Problem::lines() const {
    LineSpans all;
    all.add(line);
    all.add(also);
    return all;
}

void Problem::join(const Problem& equal) {
    also.add(equal.lines());
}

std::string to_text(const Problem& problem) {
    std::string text = problem.file + ":";
    if (problem.line > 0) text += std::to_string(problem.line) + ":";
    text += " ";
    if (!problem.field.empty() && problem.value.empty()) text += problem.field + ": ";
    if (!problem.value.empty()) text += problem.field + " '" + problem.value + "': ";
    text += problem.reason;
    if (const int others = problem.also.count(); others > 0) {
        text += " (and in line" + std::string(others == 1 ? " " : "s ") + problem.also.text() +
                "; " + std::to_string(others + 1) + " rows)";
    }
    return visible_text(invisible_signs::with_numbers(text));
}

FileReading read_order_file(std::istream& in, const FileRequest& request,
                            const std::function<void(OrderRow&&)>& take) {
    SourceBytes source(in, request.limits.bytes);
    FileIntake intake(request, take);
    switch (request.format) {
        case FileFormat::csv:
            read_csv_orders(source, intake);
            break;
        case FileFormat::yaml:
            read_yaml_orders(source, intake);
            break;
    }
    FileReading reading = std::move(intake).finished();
    reading.content_hash = source.content_hash();
    return reading;
}

}  // namespace domspool
