#include "ledger/sql/earlier_orders.h"

#include "ledger/sql/row_readers.h"
#include "orders/order_likeness.h"
#include "orders/retyped_cells.h"
#include "util/failure.h"

#include <chrono>

namespace domspool {

namespace {

using What = RowVerdict::What;

// So long ago a row that is like a done order may be that order, saved anew by a spreadsheet.
constexpr auto kAlikeFor = std::chrono::days(60);

// Of an order "o": it was not carried out, and has given its reference back.
const std::string kCameToNothing =
    "(o.state IN ('failed', 'cancelled') OR (o.state = 'skipped' AND o.resembles IS NOT NULL))";

const std::string kWithReference =
    "SELECT r.line, o.order_id, CASE WHEN " + kCameToNothing +
    " THEN 1 ELSE 0 END, r.reference, r.normalised, o.fields FROM batch_rows r "
    "JOIN orders o ON o.reference = r.reference AND o.kind = r.kind "
    "WHERE r.batch_id = $1 AND r.verdict = 'good' AND r.reference <> '' "
    "AND o.reference <> '' ORDER BY r.line, o.order_id";

enum class Stage : std::int64_t { nothing = 0, open = 1, ended_lately = 2, ended = 3 };

const std::string kForDomain =
    "SELECT r.line, o.order_id, CASE WHEN " + kCameToNothing +
    " THEN 0 WHEN o.ended_at IS NULL THEN 1 WHEN o.ended_at >= $1 THEN 2 ELSE 3 END, "
    "CASE WHEN b.content_hash = $2 THEN 1 ELSE 0 END, r.kind, r.reference, o.reference, "
    "r.normalised, o.fields FROM batch_rows r "
    "JOIN orders o ON o.domain = r.domain AND o.kind = r.kind "
    "JOIN batches b ON b.batch_id = o.batch_id "
    "WHERE r.batch_id = $3 AND r.verdict = 'good' ORDER BY r.line, o.order_id";

std::string has_other_values(const std::string& reference, OrderId order,
                             const std::vector<std::string>& fields) {
    return "reference '" + reference + "': order " + std::to_string(order) +
           " has it, with other values (" + field_list(fields) +
           "); give the new order a reference of its own";
}

RowVerdict refused(int line, std::string text) {
    return {.line = line, .what = What::refused, .text = std::move(text)};
}

// Rows come line by line, each with its earlier orders from the oldest on.
template <typename Row, typename Read>
std::vector<RowVerdict> judged(store::Statement& statement, const Read& read) {
    std::vector<RowVerdict> verdicts;
    Row row;
    while (statement.next_row()) {
        const int line = static_cast<int>(statement.integer(0));
        if (line != row.line) {
            row.conclude(verdicts);
            row = Row{};
            row.line = line;
        }
        read(statement, row);
    }
    row.conclude(verdicts);
    return verdicts;
}

// ---- By reference.

struct RowWithReference {
    int line = 0;
    OrderId latest = 0;
    bool latest_came_to_nothing = false;
    std::optional<RowVerdict> verdict{};  // by the order that has the reference

    void conclude(std::vector<RowVerdict>& verdicts) const {
        if (verdict) {
            verdicts.push_back(*verdict);
        } else if (latest_came_to_nothing) {
            verdicts.push_back({line, What::linked, latest});
        }
    }
};

// No second order can have the reference: with --again, too, the row is that one.
RowVerdict by_order_with_reference(const store::Statement& row, int line, Judging judging) {
    const OrderId order = row.integer(1);
    const FieldMap wish = fields_in(row, 4), ordered = fields_in(row, 5);
    if (says_the_same(wish, ordered)) return {line, What::skipped, order, SameBy::reference};
    const std::vector<std::string> differing = differing_fields(wish, ordered);
    if (judging == Judging::as_found || !differing.empty()) {
        return refused(line, has_other_values(row.text(3), order, differing));
    }
    const bool is_wanted_again = judging == Judging::again;
    return {line, What::skipped, order, is_wanted_again ? SameBy::reference : SameBy::likeness};
}

// ---- By kind and domain.

struct RowForDomain {
    int line = 0;
    bool has_reference = false;
    OrderId latest = 0;
    bool latest_came_to_nothing = false;
    OrderId of_same_file = 0;
    OrderId latest_open = 0;
    bool is_like_open = false;
    OrderId like_done = 0;
    std::optional<RowVerdict> conflict{};  // with an order of the same reference, retyped

    void conclude(std::vector<RowVerdict>& verdicts) const {
        if (of_same_file != 0) {
            return verdicts.push_back({line, What::skipped, of_same_file, SameBy::file});
        }
        if (is_like_open) {
            return verdicts.push_back({line, What::skipped, latest_open, SameBy::likeness});
        }
        if (conflict) return verdicts.push_back(*conflict);
        if (like_done != 0) verdicts.push_back({line, What::resembling, like_done});
        if (latest_came_to_nothing && !has_reference) {
            verdicts.push_back({line, What::linked, latest});
        }
    }
};

class ForDomain {
  public:
    explicit ForDomain(Judging judging) : judging_(judging) {}

    void take(const store::Statement& row, RowForDomain& known) const {
        const OrderId order = row.integer(1);
        const Stage stage{row.integer(2)};
        const std::string reference = row.text(5);
        known.has_reference = !reference.empty();
        known.latest = order;
        known.latest_came_to_nothing = stage == Stage::nothing;
        // Files were taken before by what the reference says, and go on being so.
        const bool is_settled_by_reference = judging_ == Judging::as_found && known.has_reference;
        if (stage == Stage::nothing || is_settled_by_reference) return;
        const FieldMap wish = fields_in(row, 7), ordered = fields_in(row, 8);
        const bool is_same = says_the_same(wish, ordered);
        const bool is_of_same_file = is_same && row.integer(3) == 1;
        const bool stays_done =
            !is_told_by_what_is_shown(kind_in(row, 4)) || judging_ == Judging::as_found;
        if (is_of_same_file && (stays_done || stage == Stage::open)) known.of_same_file = order;
        if (stage == Stage::open) {
            known.latest_open = order;
            known.is_like_open = is_one_with_open(is_same, wish, ordered);
        }
        const bool is_like_lately =
            judging_ == Judging::as_new && stage == Stage::ended_lately && is_alike(wish, ordered);
        if (is_like_lately || (is_of_same_file && stage != Stage::open)) known.like_done = order;
        if (judging_ == Judging::as_new && stage != Stage::ended) {
            note_conflict(row, wish, ordered, known);
        }
    }

  private:
    bool is_one_with_open(bool is_same, const FieldMap& wish, const FieldMap& ordered) const {
        switch (judging_) {
            case Judging::as_new:
                return is_alike(wish, ordered);
            case Judging::again:
                return false;
            case Judging::as_found:
                return is_same;
        }
        our_bug("a judging without a name", __FILE__, __LINE__);
    }

    // A spreadsheet may have changed more of the row than is seen to be its doing.
    static void note_conflict(const store::Statement& row, const FieldMap& wish,
                              const FieldMap& ordered, RowForDomain& known) {
        const std::string ours = row.text(5), theirs = row.text(6);
        if (ours.empty() || theirs.empty() || !retyped_cells::may_be_the_same(ours, theirs)) return;
        const std::vector<std::string> differing = differing_fields(wish, ordered);
        if (differing.empty()) return;
        known.conflict = refused(known.line, has_other_values(theirs, row.integer(1), differing));
    }

    const Judging judging_;
};

}  // namespace

std::vector<RowVerdict> verdicts_by_reference(store::Connection& connection,
                                              const JudgedFile& file) {
    auto& rows = connection.prepare(kWithReference);
    rows.bind(file.batch);
    return judged<RowWithReference>(
        rows, [&](const store::Statement& row, RowWithReference& known) {
            known.latest = row.integer(1);
            known.latest_came_to_nothing = row.integer(2) == 1;
            if (known.latest_came_to_nothing) return;
            known.verdict = by_order_with_reference(row, known.line, file.judging);
        });
}

std::vector<RowVerdict> verdicts_by_domain(store::Connection& connection, const JudgedFile& file) {
    auto& rows = connection.prepare(kForDomain);
    rows.bind(to_iso(file.now - kAlikeFor)).bind(file.content_hash).bind(file.batch);
    const ForDomain questions(file.judging);
    return judged<RowForDomain>(rows, [&](const store::Statement& row, RowForDomain& known) {
        questions.take(row, known);
    });
}

}  // namespace domspool
