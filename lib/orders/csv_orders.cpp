#include "orders/csv_orders.h"

#include "orders/csv_rows.h"
#include "orders/order_fields.h"
#include "orders/order_values.h"
#include "orders/result_columns.h"
#include "orders/retyped_cells.h"
#include "util/utf8.h"

#include <algorithm>
#include <set>

namespace domspool {

using namespace order_values;

namespace {

constexpr std::string_view kEnd = "#end";

class CsvOrders {
  public:
    explicit CsvOrders(FileIntake& intake) : intake_(intake) {}

    bool take(CsvRow&& row) {
        if (!has_header_) {
            read_header(row);
            // Rows below a header that is not understood mean nothing.
            return is_header_good_;
        }
        take_row(std::move(row));
        return true;
    }

    bool has_header() const { return has_header_; }
    bool is_header_good() const { return is_header_good_; }

    void finish() {
        if (!has_header_) return intake_.refuse(0, "", "", "is empty: no header line, no orders");
        if (is_header_good_) intake_.require_count(stated_count_, end_line_);
    }

  private:
    void refuse_header(const std::string& field, const std::string& reason) {
        is_header_good_ = false;
        intake_.refuse(header_line_, field, "", reason);
    }

    void read_header(const CsvRow& row) {
        has_header_ = true;
        header_line_ = row.line;
        std::vector<std::string> names;
        for (const std::string& cell : row.cells) names.push_back(trimmed(cell));
        if (!is_header(names)) return;
        std::set<std::string> lower;
        for (const std::string& name : names) lower.insert(folded(name));
        // "price" or "code" alone may be meant as an order's field. Without the order's number it
        // is a result file whose orders are ordered anew.
        is_result_file_ = lower.contains(std::string(result_columns::kOrderId)) ||
                          (lower.contains("state") && lower.contains("operation_id"));
        if (is_result_file_ && !lower.contains(std::string(result_columns::kOrderId)) &&
            lower.contains(std::string(result_columns::kLedger))) {
            refuse_header(std::string(result_columns::kLedger),
                          "stands without order_id; " + std::string(result_columns::kToOrderAnew));
        }
        std::set<std::string> seen;
        for (const std::string& name : names) add_column(name, seen);
        require_columns(seen);
    }

    // Where not one name is known, the names may be values, an EPP code among them: not shown.
    bool is_header(const std::vector<std::string>& names) {
        const bool is_one = std::any_of(names.begin(), names.end(), [](const std::string& name) {
            return order_fields::canonical(name).has_value();
        });
        if (is_one) return true;
        const bool has_tabs = std::any_of(names.begin(), names.end(), [](const std::string& name) {
            return name.find('\t') != std::string::npos;
        });
        refuse_header("", has_tabs ? "the columns are separated by tabs; commas or semicolons are "
                                     "wanted"
                                   : "is no header line: not one field's name stands in it");
        return false;
    }

    void add_column(const std::string& name, std::set<std::string>& seen) {
        const std::string lower = folded(name);
        if (is_result_file_ && result_columns::is_one(lower)) {
            if (!seen.insert(lower).second) refuse_header(name, twice());
            if (lower == result_columns::kOrderId) order_id_column_ = fields_.size();
            if (lower == result_columns::kLedger) ledger_column_ = fields_.size();
            return fields_.push_back("");
        }
        if (name.empty()) {
            fields_.push_back("");
            return refuse_header(
                "", "column " + std::to_string(fields_.size()) + " of the header has no name");
        }
        const std::optional<std::string> field = order_fields::canonical(name);
        fields_.push_back(field.value_or(""));
        intake_.reading().columns.push_back(name);
        if (!field) {
            refuse_header(name, order_fields::unknown_reason(name));
        } else if (!seen.insert(*field).second) {
            refuse_header(name, twice());
        }
    }

    static std::string twice() { return "stands twice in the header; one of them is right"; }

    void require_columns(const std::set<std::string>& seen) {
        const auto has_any = [&](const std::string& name, const std::string& prefix) {
            const auto at = seen.lower_bound(prefix);
            return seen.contains(name) || (at != seen.end() && at->starts_with(prefix));
        };
        const auto require = [&](bool is_there, const std::string& name) {
            if (!is_there) refuse_header(name, "is a required column, and missing");
        };
        require(seen.contains("domain"), "domain");
        // Rows that each say their kind are looked at one by one.
        if (!intake_.kind()) return;
        const OrderKindEntry& kind = entry_of(*intake_.kind());
        if (kind.has_years) require(seen.contains("years"), "years");
        if (kind.servers == Servers::needed) require(has_any("nameservers", "ns"), "nameservers");
        if (kind.needs_owner) require(has_any("owner", "owner."), "owner");
    }

    void take_row(CsvRow&& row) {
        if (end_line_ > 0) {
            return intake_.refuse(row.line, "", "",
                                  "stands behind the '#end' of line " + std::to_string(end_line_));
        }
        if (folded(trimmed(row.cells.front())) == kEnd) return take_end(row);
        if (row.cells.size() != fields_.size()) {
            intake_.count_bad_row();
            return intake_.refuse(row.line, "", "",
                                  "the row has " + std::to_string(row.cells.size()) +
                                      " cells, the header " + std::to_string(fields_.size()) +
                                      "; a separator inside a value wants quotes around the value");
        }
        FieldMap fields;
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (fields_[i].empty() || row.cells[i].empty()) continue;
            const bool may_be_guarded = is_result_file_ && fields_[i] != "auth_code";
            fields[fields_[i]] = may_be_guarded ? retyped_cells::unguarded(std::move(row.cells[i]))
                                                : std::move(row.cells[i]);
        }
        std::vector<FieldFault> faults;
        NamedOrder named = named_order(row, faults);
        intake_.take_row(row.line, std::move(fields), std::move(named), std::move(faults));
    }

    // Blank: the row became no order, or was added by hand.
    NamedOrder named_order(const CsvRow& row, std::vector<FieldFault>& faults) const {
        NamedOrder named;
        if (ledger_column_) {
            named.ledger = trimmed(retyped_cells::unguarded(row.cells[*ledger_column_]));
        }
        const std::string cell = order_id_column_ ? trimmed(row.cells[*order_id_column_]) : "";
        if (cell.empty()) return named;
        named.order = result_columns::order_number_in(cell);
        if (!named.order) {
            faults.push_back({std::string(result_columns::kOrderId), utf8::shortened(cell),
                              "is no number of an order; write the one the result file had, or " +
                                  std::string(result_columns::kToOrderAnew)});
        }
        return named;
    }

    void take_end(const CsvRow& row) {
        end_line_ = row.line;
        const bool is_short = std::all_of(
            row.cells.begin() + std::min<std::ptrdiff_t>(2, std::ssize(row.cells)), row.cells.end(),
            [](const std::string& cell) { return trimmed(cell).empty(); });
        const auto count =
            row.cells.size() > 1 ? number_of(trimmed(row.cells[1])) : std::optional<int>();
        if (!count || !is_short) {
            return intake_.refuse(row.line, "#end", "", "must be '#end' and the number of orders");
        }
        stated_count_ = count;
    }

    FileIntake& intake_;
    bool has_header_ = false, is_header_good_ = true, is_result_file_ = false;
    int header_line_ = 0;
    std::vector<std::string> fields_;  // per column; "": ignored
    std::optional<std::size_t> order_id_column_, ledger_column_;
    std::optional<int> stated_count_;
    int end_line_ = 0;
};

}  // namespace

void read_csv_orders(SourceBytes& source, FileIntake& intake) {
    const FileLimits& limits = intake.request().limits;
    CsvOrders orders(intake);
    const auto trouble =
        read_csv_rows([&] { return source.next(); }, {limits.cell_bytes, limits.columns},
                      [&](CsvRow&& row) { return orders.take(std::move(row)); });
    source.drain();
    if (!source.trouble().empty()) {
        intake.refuse(source.trouble_line(), "", "", source.trouble());
    } else if (trouble) {
        intake.refuse(trouble->line, "", "", trouble->reason);
    } else {
        if (orders.has_header() && !source.ends_with_line_break()) {
            intake.refuse(0, "", "", "does not end with a line break: it is cut short");
        }
        orders.finish();
    }
}

}  // namespace domspool
