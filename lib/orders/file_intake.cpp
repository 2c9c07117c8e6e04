#include "orders/file_intake.h"

#include "orders/damaged_values.h"
#include "orders/order_fields.h"
#include "orders/order_values.h"
#include "util/nearest_word.h"
#include "util/utf8.h"

#include <algorithm>
#include <limits>

namespace domspool {

using namespace order_values;

namespace {

constexpr std::size_t kMostOfTheFile = 50;
constexpr std::size_t kMostOfARow = 100;

// "transfer-march.csv" and "transfer.csv" hold transfers.
std::optional<OrderKind> kind_of_name(const std::string& path) {
    const std::string name = folded(path.substr(path.rfind('/') + 1));
    for (const OrderKindEntry& entry : order_kinds()) {
        const std::string word(entry.word);
        if (name.starts_with(word + "-") || name.starts_with(word + ".")) return entry.kind;
    }
    return std::nullopt;
}

// A row of a thousand columns may have a thousand faults, in a file of such rows.
std::vector<FieldFault> first_of(std::vector<FieldFault> faults) {
    if (faults.size() <= kMostOfARow) return faults;
    const std::size_t more = faults.size() - kMostOfARow;
    faults.resize(kMostOfARow);
    faults.push_back({"", "", "the row has " + std::to_string(more) + " more faults"});
    return faults;
}

// What a field's value shows to have happened to it explains what else is wrong with it.
void add_faults_of(OrderKind kind, const FieldMap& fields, ReadOrder& read,
                   std::vector<FieldFault>& faults) {
    std::vector<FieldFault> damage = damage_of(fields);
    std::erase_if(damage, [&](const FieldFault& fault) {
        return !order_fields::belongs_to(fault.field, kind);
    });
    std::erase_if(read.faults, [&](const FieldFault& fault) {
        return std::ranges::find(damage, fault.field, &FieldFault::field) != damage.end();
    });
    faults.insert(faults.end(), damage.begin(), damage.end());
    faults.insert(faults.end(), read.faults.begin(), read.faults.end());
}

std::string kind_words() {
    return "register, transfer, trade or nameservers";
}

}  // namespace

FileIntake::FileIntake(const FileRequest& request, const std::function<void(OrderRow&&)>& take)
    : request_(request), take_(take), kind_(request.program_kind) {
    const std::optional<OrderKind> named = kind_of_name(request.name);
    if (kind_ && named && kind_ != named) {
        refuse(0, "", "",
               "the file's name says " + std::string(to_word(*named)) + ", the program orders " +
                   std::string(to_word(*kind_)));
    }
    if (!kind_) kind_ = named;
}

void FileIntake::refuse(int line, const std::string& field, const std::string& value,
                        const std::string& reason) {
    const std::string shown = field == kAuthCode ? "" : utf8::shortened(value);
    const auto known = std::ranges::find_if(reading_.file_problems, [&](const Problem& problem) {
        return problem.line > 0 && line > 0 && problem.field == field && problem.reason == reason;
    });
    if (known != reading_.file_problems.end()) return known->also.add(line);
    if (reading_.file_problems.size() >= kMostOfTheFile) {
        ++unlisted_problems_;
        return;
    }
    reading_.file_problems.push_back(
        {request_.name, line, utf8::shortened(field), shown, reason, {}, true});
}

std::optional<OrderKind> FileIntake::kind_of_row(int line, const FieldMap& fields) {
    const std::string given = trimmed(field_of(fields, "order"));
    if (given.empty()) {
        if (!kind_) {
            refuse(line, "order", "",
                   "is missing, and neither program nor file name says what is ordered: " +
                       kind_words());
        }
        return kind_;
    }
    const std::optional<OrderKind> kind = order_kind_of(folded(given));
    if (!kind) {
        refuse(line, "order", given,
               "is no kind of order; " + kind_words() + " is right" +
                   did_you_mean(given, {"register", "transfer", "trade", "nameservers"}));
    } else if (kind_ && kind != kind_) {
        refuse(line, "order", given,
               "disagrees with the " +
                   std::string(request_.program_kind ? "program" : "file's name") +
                   ", which says " + std::string(to_word(*kind_)));
        return std::nullopt;
    }
    return kind;
}

bool FileIntake::tell_shared(std::vector<FieldFault>& faults, const SharedFields& shared) {
    const auto is_shared = [&](const FieldFault& fault) {
        const auto place = shared.find(fault.field);
        if (place == shared.end()) return false;
        const auto& [line, name] = place->second;
        if (!told_shared_.insert(name).second) return true;
        const std::string value = fault.field == kAuthCode ? "" : fault.value;
        refuse(line, name, value, fault.reason);
        return true;
    };
    return std::erase_if(faults, is_shared) > 0;
}

void FileIntake::take_row(int line, FieldMap fields, NamedOrder named,
                          std::vector<FieldFault> faults, const SharedFields& shared) {
    ++reading_.rows;
    const std::optional<OrderKind> kind = kind_of_row(line, fields);
    if (!kind) {
        ++reading_.bad_rows;
        return;
    }
    ReadOrder read = read_order(*kind, fields);
    add_faults_of(*kind, fields, read, faults);
    if (tell_shared(faults, shared) && faults.empty()) {
        ++reading_.bad_rows;
        return;
    }
    OrderRow row{
        line, *kind, {}, {}, std::nullopt, {}, first_of(std::move(faults)), std::move(named)};
    if (row.faults.empty()) {
        const std::string& code = field_of(fields, std::string(kAuthCode));
        row.auth_code = Secret(code == kWipedCode ? std::string(kKeptCode) : code);
        row.normalised = std::move(read.normalised);
        row.order = std::move(read.order);
    } else {
        ++reading_.bad_rows;
    }
    fields.erase(std::string(kAuthCode));
    row.given = std::move(fields);
    take_(std::move(row));
}

void FileIntake::count_bad_row() {
    ++reading_.rows;
    ++reading_.bad_rows;
}

void FileIntake::require_count(std::optional<int> stated, int stated_line) {
    reading_.states_count = stated.has_value();
    const std::string rows = std::to_string(reading_.rows);
    const std::string how = request_.format == FileFormat::csv ? "a last row '#end," + rows + "'"
                                                               : "'count: " + rows + "'";
    if (stated && *stated != reading_.rows) {
        refuse(stated_line, "", "",
               "the file says it holds " + std::to_string(*stated) + " orders, but it holds " +
                   rows + "; it may be cut short");
    } else if (!stated && request_.limits.require_count) {
        refuse(0, "", "", "the settings want a count (require_count): " + how + " is missing");
    }
    if (reading_.rows == 0) refuse(0, "", "", "holds no orders");
}

FileReading FileIntake::finished() && {
    // What has no line is often the consequence of what has one.
    std::ranges::stable_sort(reading_.file_problems, {}, [](const Problem& problem) {
        return problem.line > 0 ? problem.line : std::numeric_limits<int>::max();
    });
    if (unlisted_problems_ > 0) {
        reading_.file_problems.push_back(
            {request_.name,
             0,
             "",
             "",
             "has " + std::to_string(unlisted_problems_) + " more problems of this sort",
             {},
             true});
    }
    return std::move(reading_);
}

}  // namespace domspool
