#include "orders/csv_orders.h"

#include "orders/csv_rows.h"
#include "orders/domain_name.h"
#include "orders/invisible_signs.h"
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
// So many columns that nobody knows here, and more than half, are another system's.
constexpr std::ptrdiff_t kManyUnknown = 3;

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
        for (const std::string& cell : row.cells) {
            names.push_back(invisible_signs::trimmed(cell));
        }
        while (!names.empty() && names.back().empty()) names.pop_back();
        header_ = names;
        if (!is_header(names) || is_of_another_system(names)) return;
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
                                   : "is no header line: not one field's name stands in it; " +
                                         template_hint());
        return false;
    }

    std::string template_hint() const {
        const std::string kind = intake_.kind() ? std::string(to_word(*intake_.kind())) : "KIND";
        return "`domain-orders template " + kind + "` prints a file to fill in";
    }

    // Most of its columns are unknown here: one mistake, not one for each.
    bool is_of_another_system(const std::vector<std::string>& names) {
        std::string unknown;
        std::ptrdiff_t unknown_count = 0, known_count = 0;
        for (const std::string& name : names) {
            if (name.empty() || result_columns::is_one(folded(name))) continue;
            if (order_fields::canonical(name)) {
                ++known_count;
                continue;
            }
            ++unknown_count;
            const std::string ours = order_fields::probably_meant(name);
            unknown += (unknown.empty() ? "'" : ", '") + utf8::shortened(name) + "'" +
                       (ours.empty() ? "" : " (here '" + ours + "')");
        }
        if (unknown_count < kManyUnknown || unknown_count <= known_count) return false;
        refuse_header("", "is the header of another system: unknown here are " + unknown + "; " +
                              template_hint());
        return true;
    }

    void add_column(const std::string& name, std::set<std::string>& seen) {
        const std::string lower = folded(name);
        if (is_result_file_ && result_columns::is_one(lower)) {
            if (!seen.insert(lower).second) refuse_header(name, twice());
            if (lower == result_columns::kOrderId) order_id_column_ = fields_.size();
            if (lower == result_columns::kLedger) ledger_column_ = fields_.size();
            return fields_.push_back("");
        }
        if (name.empty()) {  // No column, unless a row fills it.
            nameless_.insert(fields_.size());
            return fields_.push_back("");
        }
        const std::optional<std::string> field = order_fields::canonical(name);
        fields_.push_back(field.value_or(""));
        intake_.reading().columns.push_back(name);
        if (!field) {
            refuse_header(name, order_fields::unknown_reason(name));
            meant_.insert(order_fields::probably_meant(name));
        } else if (!seen.insert(*field).second) {
            refuse_header(name, twice());
        }
    }

    static std::string twice() { return "stands twice in the header; one of them is right"; }

    // A column that is there under another name was told already.
    void require_columns(std::set<std::string> seen) {
        seen.insert(meant_.begin(), meant_.end());
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
        if (is_header_again(row)) {
            return intake_.refuse(row.line, "", "", "is a header line again; delete it");
        }
        if (!has_fitting_cells(row) || holds_another_row(row)) return intake_.count_bad_row();
        row.cells.resize(fields_.size());
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

    // Of two files put together, perhaps with other columns.
    bool is_header_again(const CsvRow& row) const {
        std::size_t names = 0;
        const auto is_name = [&](const std::string& cell) {
            const std::string name = invisible_signs::trimmed(cell);
            names += name.empty() ? 0 : 1;
            return name.empty() || order_fields::canonical(name) ||
                   result_columns::is_one(folded(name));
        };
        if (!std::all_of(row.cells.begin(), row.cells.end(), is_name)) return false;
        return names > 1 || (names == 1 && header_.size() == 1);
    }

    static bool is_blank(const std::string& cell) {
        return cell.empty() || invisible_signs::trimmed(cell).empty();
    }

    // Cells without a character stand in no column.
    bool has_fitting_cells(const CsvRow& row) {
        const std::size_t wanted = header_.size();
        const std::size_t cells = row.cells.size();
        const auto behind = row.cells.begin() + std::ssize(row.cells) -
                            (cells > wanted ? static_cast<std::ptrdiff_t>(cells - wanted) : 0);
        if (cells < wanted || !std::all_of(behind, row.cells.end(), is_blank)) {
            intake_.refuse(row.line, "", "",
                           "the row has " + std::to_string(cells) + " cells, the header " +
                               std::to_string(wanted) +
                               "; a separator inside a value wants quotes around the value");
            return false;
        }
        for (const std::size_t column : nameless_) {
            if (is_blank(row.cells[column])) continue;
            intake_.refuse(row.line, "", "",
                           "column " + std::to_string(column + 1) +
                               " has no name in the header, but a value here; name it or delete "
                               "it");
            return false;
        }
        return true;
    }

    // A quote that is opened in one row and closed in a later one makes one row of both: inside it
    // stands a line that is a row up to the cell of the quote.
    bool holds_another_row(const CsvRow& row) {
        const auto domain = std::ranges::find(fields_, "domain");
        const std::size_t domain_column = static_cast<std::size_t>(domain - fields_.begin());
        int line = row.line;
        for (std::size_t column = 0; column < row.cells.size(); ++column) {
            std::string_view rest = row.cells[column];
            const int quote_line = line;
            for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
                rest.remove_prefix(end + 1);
                ++line;
                const bool is_row = column > 1 && column > domain_column &&
                                    begins_a_row(rest.substr(0, rest.find('\n')), row.separator,
                                                 {column, domain_column});
                if (!is_row) continue;
                intake_.refuse(quote_line, "", "",
                               "opens a quote that is not closed in its cell: the row of line " +
                                   std::to_string(line) + " stands within it");
                return true;
            }
        }
        return false;
    }

    struct Columns {
        std::size_t least, domain;
    };
    static bool begins_a_row(std::string_view line, char separator, const Columns& columns) {
        std::vector<std::string_view> cells;
        while (true) {
            const std::size_t end = line.find(separator);
            cells.push_back(line.substr(0, end));
            if (end == std::string_view::npos) break;
            line.remove_prefix(end + 1);
        }
        if (cells.size() <= columns.least) return false;
        const auto name = DomainName::parse(trimmed(cells[columns.domain]));
        return std::holds_alternative<DomainName>(name);
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
    std::vector<std::string> header_;  // without the empty cells at its end
    std::vector<std::string> fields_;  // per column; "": ignored
    std::set<std::size_t> nameless_;   // columns
    std::set<std::string> meant_;      // our fields, by columns under other names
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
        orders.finish();
    }
}

}  // namespace domspool
