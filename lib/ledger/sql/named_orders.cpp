#include "ledger/sql/named_orders.h"

#include "ledger/ledger_questions.h"
#include "ledger/sql/row_readers.h"
#include "orders/order_likeness.h"
#include "orders/order_values.h"
#include "orders/result_columns.h"

#include <utility>
#include <vector>

namespace domspool {

namespace {

// One follows in place of another of its kind and domain; all of them are newer.
constexpr const char* kNamedRows =
    "WITH RECURSIVE chain (line, order_id) AS ("
    "SELECT r.line, n.order_id FROM batch_rows r JOIN orders n ON n.order_id = r.named_order "
    "WHERE r.batch_id = $1 AND r.verdict = 'good' "
    "UNION SELECT c.line, o.order_id FROM chain c JOIN orders p ON p.order_id = c.order_id "
    "JOIN orders o ON o.instead_of = p.order_id AND o.kind = p.kind AND o.domain = p.domain), "
    "newest (line, order_id) AS (SELECT line, MAX(order_id) FROM chain GROUP BY line) "
    "SELECT r.line, r.kind, r.domain, r.named_ledger, r.named_order, r.normalised, r.auth_code, "
    "n.kind, n.domain, s.order_id, s.state, s.resembles, s.fields, s.auth_code "
    "FROM batch_rows r LEFT JOIN orders n ON n.order_id = r.named_order "
    "LEFT JOIN newest w ON w.line = r.line LEFT JOIN orders s ON s.order_id = w.order_id "
    "WHERE r.batch_id = $1 AND r.verdict = 'good' "
    "AND (r.named_order IS NOT NULL OR r.named_ledger <> '') ORDER BY r.line";

// A row and the newest order it stands for.
struct NamedRow {
    int line = 0;
    std::string kind, domain, ledger;
    std::optional<OrderId> named;
    FieldMap wish;
    std::optional<std::string> code;
    std::optional<std::string> named_kind, named_domain;  // absent: there is no such order
    OrderId newest = 0;
    OrderState state = OrderState::accepted;
    bool is_only_alike = false;  // skipped as one that the registrar showed already
    FieldMap ordered;
    std::optional<std::string> ordered_code;
};

NamedRow read_row(const store::Statement& row) {
    NamedRow read;
    read.line = static_cast<int>(row.integer(0));
    read.kind = row.text(1);
    read.domain = row.text(2);
    read.ledger = row.text(3);
    read.named = row.integer_or_null(4);
    read.wish = fields_in(row, 5);
    read.code = row.text_or_null(6);
    read.named_kind = row.text_or_null(7);
    read.named_domain = row.text_or_null(8);
    if (!read.named_kind) return read;
    read.newest = row.integer(9);
    read.state = state_in(row, 10);
    read.is_only_alike = read.state == OrderState::skipped && row.integer_or_null(11).has_value();
    read.ordered = fields_in(row, 12);
    read.ordered_code = row.text_or_null(13);
    return read;
}

// No reference is no other reference. A code can be compared while the ledger still has it.
std::vector<std::string> differences(const NamedRow& row) {
    std::vector<std::string> fields = differing_fields(row.wish, row.ordered);
    if (!row.wish.contains("reference")) std::erase(fields, "reference");
    const bool is_given = row.code && *row.code != "(kept)";
    if (is_given && row.ordered_code && *row.code != *row.ordered_code) {
        fields.push_back("auth_code");
    }
    return fields;
}

class NamedOrders {
  public:
    NamedOrders(Judging judging, std::string own_ledger)
        : judging_(judging), own_ledger_(std::move(own_ledger)) {}

    void judge(const NamedRow& row) {
        if (!row.ledger.empty() && order_values::folded(row.ledger) != own_ledger_) {
            return refuse(row, "ledger '" + row.ledger + "': the row is of another ledger");
        }
        if (!row.named) return;
        if (!row.named_kind) return refuse_named(row, "this ledger has no such order");
        if (*row.named_kind != row.kind || *row.named_domain != row.domain) {
            return refuse_named(row,
                                "that is a " + *row.named_kind + " order for " + *row.named_domain);
        }
        if (came_to_nothing(row)) {
            return verdicts.push_back({row.line, RowVerdict::What::linked, row.newest});
        }
        // A copy of the ledger may not know yet that an open order has ended.
        if (judging_ == Judging::as_found && !is_end(row.state)) return;
        const std::vector<std::string> fields = differences(row);
        if (fields.empty()) {
            return verdicts.push_back(
                {row.line, RowVerdict::What::skipped, row.newest, SameBy::number});
        }
        refuse_named(row, words_of(row) + ", and says something else in " + field_list(fields));
    }

    std::vector<RowVerdict> verdicts;

  private:
    bool came_to_nothing(const NamedRow& row) const {
        return row.state == OrderState::failed || row.state == OrderState::cancelled ||
               (row.is_only_alike && judging_ == Judging::again);
    }

    static std::string words_of(const NamedRow& row) {
        const std::string state(to_word(row.state));
        if (row.newest == *row.named) return "it is " + state;
        return "order " + std::to_string(row.newest) + " in its place is " + state;
    }

    void refuse_named(const NamedRow& row, const std::string& reason) {
        refuse(row, "order_id '" + std::to_string(*row.named) + "': " + reason);
    }

    // What was taken once is not refused now: its orders may have been sent.
    void refuse(const NamedRow& row, const std::string& text) {
        if (judging_ == Judging::as_found) return;
        verdicts.push_back({.line = row.line,
                            .what = RowVerdict::What::refused,
                            .text = text + "; " + std::string(result_columns::kToOrderAnew)});
    }

    const Judging judging_;
    const std::string own_ledger_;
};

}  // namespace

std::vector<RowVerdict> verdicts_on_named(store::Connection& connection, const JudgedFile& file) {
    NamedOrders orders(file.judging, LedgerQuestions(connection).id());
    auto& row = connection.prepare(kNamedRows);
    row.bind(file.batch);
    while (row.next_row()) orders.judge(read_row(row));
    return std::move(orders.verdicts);
}

}  // namespace domspool
