#include "ledger/whole_file_questions.h"

#include "ledger/row_readers.h"
#include "ledger/text_list.h"
#include "util/failure.h"

#include <vector>

namespace domspool {

namespace {

// Each word once for all that is said about a row, so that memory grows with its trouble only.
struct Finding {
    enum class What { same_domain, same_reference, other_values, says_the_same, repeats, no_code };
    What what;
    int line = 0;
    std::int64_t other = 0;  // a line of the file, or an order
};

std::string problem_text(const Finding& finding, const std::string& domain,
                         const std::string& reference) {
    const std::string other = std::to_string(finding.other);
    switch (finding.what) {
        case Finding::What::same_domain:
            return "domain '" + domain + "': stands in line " + other +
                   " too, with the same kind of order; leave one of the two";
        case Finding::What::same_reference:
            return "reference '" + reference + "': stands in line " + other +
                   " too; give each order a reference of its own";
        case Finding::What::other_values:
            return "reference '" + reference + "': order " + other +
                   " has it, with other values; give the new order a reference of its own";
        case Finding::What::no_code:
            return "auth_code '(kept)': the ledger keeps no code for this domain; give the code";
        case Finding::What::says_the_same:
        case Finding::What::repeats:
            break;  // No problems.
    }
    our_bug("a finding that is no problem", __FILE__, __LINE__);
}

class WholeFile {
  public:
    WholeFile(store::Connection& connection, const JudgedFile& file)
        : connection_(connection),
          batch_(file.batch),
          name_(file.name),
          hash_(file.content_hash),
          codes_(file.codes) {}

    void judge() {
        find_same_domains();
        find_same_references();
        find_orders_with_the_reference();
        find_orders_for_the_domain();
        if (codes_ == CodesMay::not_be_missing) find_missing_codes();
        for (const Finding& finding : findings_) enter(finding);
        take_over_kept_codes();
    }

  private:
    // Refused rows count as well: which of the two was meant is not to be guessed.
    void find_same_domains() {
        find_twice(Finding::What::same_domain,
                   "SELECT r.line, CASE WHEN r.line = t.first_line THEN t.last_line "
                   "ELSE t.first_line END FROM batch_rows r JOIN (SELECT kind, domain, "
                   "MIN(line) AS first_line, MAX(line) AS last_line FROM batch_rows "
                   "WHERE batch_id = $1 AND domain <> '' GROUP BY kind, domain "
                   "HAVING COUNT(*) > 1) t ON t.kind = r.kind AND t.domain = r.domain "
                   "WHERE r.batch_id = $1 ORDER BY r.line");
    }

    void find_same_references() {
        find_twice(Finding::What::same_reference,
                   "SELECT r.line, CASE WHEN r.line = t.first_line THEN t.last_line "
                   "ELSE t.first_line END FROM batch_rows r JOIN (SELECT kind, reference, "
                   "MIN(line) AS first_line, MAX(line) AS last_line FROM batch_rows "
                   "WHERE batch_id = $1 AND reference <> '' GROUP BY kind, reference "
                   "HAVING COUNT(*) > 1) t ON t.kind = r.kind AND t.reference = r.reference "
                   "WHERE r.batch_id = $1 ORDER BY r.line");
    }

    void find_twice(Finding::What what, std::string_view question) {
        auto& row = connection_.prepare(question);
        row.bind(batch_);
        while (row.next_row()) {
            findings_.push_back({what, static_cast<int>(row.integer(0)), row.integer(1)});
        }
    }

    // Whether an earlier order counts as the same one as the row.
    enum Counts : std::int64_t { no = 0, the_latest = 1, always = 2 };

    // What is known of one row while the rows of its earlier orders pass by.
    struct Earlier {
        int line = 0;
        OrderId latest = 0;  // of all
        bool latest_came_to_nothing = false;
        OrderId standing = 0;  // of those that count as the same order
        bool says_the_same = false;
        bool is_settled = false;  // no later order makes it another one
    };

    void find_orders_with_the_reference() {
        auto& row = connection_.prepare(
            "SELECT r.line, o.order_id, CASE WHEN o.state IN ('failed', 'cancelled') THEN 0 "
            "ELSE 1 END, CASE WHEN o.state IN ('failed', 'cancelled') THEN 1 ELSE 0 END, "
            "r.normalised, o.fields FROM batch_rows r "
            "JOIN orders o ON o.reference = r.reference AND o.kind = r.kind "
            "WHERE r.batch_id = $1 AND r.verdict = 'good' AND r.reference <> '' "
            "AND o.reference <> '' ORDER BY r.line");
        find_earlier(row, Finding::What::other_values);
    }

    // Without a reference an order is the same only while it is open; with other values the new one
    // waits behind it. An order that the very same file brought is the same once it is done, too:
    // to read a file again orders nothing again.
    void find_orders_for_the_domain() {
        auto& row = connection_.prepare(
            "SELECT r.line, o.order_id, CASE WHEN b.content_hash = $1 "
            "AND o.state NOT IN ('failed', 'cancelled') THEN 2 "
            "WHEN o.ended_at IS NULL THEN 1 ELSE 0 END, "
            "CASE WHEN o.state IN ('failed', 'cancelled') THEN 1 ELSE 0 END, "
            "r.normalised, o.fields FROM batch_rows r "
            "JOIN orders o ON o.domain = r.domain AND o.kind = r.kind "
            "JOIN batches b ON b.batch_id = o.batch_id "
            "WHERE r.batch_id = $2 AND r.verdict = 'good' AND r.reference = '' ORDER BY r.line");
        row.bind(hash_);
        find_earlier(row, std::nullopt);
    }

    void find_earlier(store::Statement& row, std::optional<Finding::What> otherwise) {
        row.bind(batch_);
        Earlier earlier;
        while (row.next_row()) {
            const int line = static_cast<int>(row.integer(0));
            if (line != earlier.line) {
                conclude(earlier, otherwise);
                earlier = {};
                earlier.line = line;
            }
            take(row, earlier);
        }
        conclude(earlier, otherwise);
    }

    static void take(const store::Statement& row, Earlier& earlier) {
        const OrderId order = row.integer(1);
        if (order > earlier.latest) {
            earlier.latest = order;
            earlier.latest_came_to_nothing = row.integer(3) == 1;
        }
        const std::int64_t counts = row.integer(2);
        if (counts == Counts::no || earlier.is_settled) return;
        const bool is_same = says_the_same(fields_in(row, 4), fields_in(row, 5));
        earlier.is_settled = counts == Counts::always && is_same;
        if (order < earlier.standing && !earlier.is_settled) return;
        earlier.standing = order;
        earlier.says_the_same = is_same;
    }

    void conclude(const Earlier& earlier, std::optional<Finding::What> otherwise) {
        if (earlier.latest == 0) return;
        if (earlier.standing != 0 && earlier.says_the_same) {
            findings_.push_back({Finding::What::says_the_same, earlier.line, earlier.standing});
        } else if (earlier.standing != 0 && otherwise) {
            findings_.push_back({*otherwise, earlier.line, earlier.standing});
        } else if (earlier.latest_came_to_nothing) {
            findings_.push_back({Finding::What::repeats, earlier.line, earlier.latest});
        }
    }

    void find_missing_codes() {
        auto& row = connection_.prepare(
            "SELECT r.line FROM batch_rows r WHERE r.batch_id = $1 AND r.verdict = 'good' "
            "AND r.auth_code = '(kept)' AND NOT EXISTS (SELECT 1 FROM orders o "
            "WHERE o.domain = r.domain AND o.kind = r.kind AND o.auth_code IS NOT NULL) "
            "ORDER BY r.line");
        row.bind(batch_);
        while (row.next_row()) {
            findings_.push_back({Finding::What::no_code, static_cast<int>(row.integer(0)), 0});
        }
    }

    void enter(const Finding& finding) {
        switch (finding.what) {
            case Finding::What::same_domain:
            case Finding::What::same_reference:
            case Finding::What::other_values:
            case Finding::What::no_code:
                return refuse(finding);
            case Finding::What::says_the_same:
                return skip(finding);
            case Finding::What::repeats:
                return link(finding);
        }
    }

    void refuse(const Finding& finding) {
        auto& row = connection_.prepare(
            "SELECT domain, reference, problems, verdict FROM batch_rows "
            "WHERE batch_id = $1 AND line = $2");
        row.bind(batch_).bind(finding.line);
        const bool is_there = row.next_row();
        DOMSPOOL_ASSERT(is_there);
        const std::string text = problem_text(finding, row.text(0), row.text(1));
        std::vector<std::string> problems = read_list(row.text(2));
        // A row that is the same as an earlier order misses no code.
        const bool is_skipped = row.text(3) == "skipped";
        row.run();
        if (is_skipped && finding.what == Finding::What::no_code) return;
        problems.push_back(name_ + ":" + std::to_string(finding.line) + ": " + text);
        connection_
            .prepare(
                "UPDATE batch_rows SET verdict = 'refused', problems = $1, "
                "earlier_order = NULL WHERE batch_id = $2 AND line = $3")
            .bind(write_list(problems))
            .bind(batch_)
            .bind(finding.line)
            .run();
    }

    void skip(const Finding& finding) {
        connection_
            .prepare(
                "UPDATE batch_rows SET verdict = 'skipped', earlier_order = $1 "
                "WHERE batch_id = $2 AND line = $3 AND verdict = 'good'")
            .bind(finding.other)
            .bind(batch_)
            .bind(finding.line)
            .run();
    }

    void link(const Finding& finding) {
        connection_
            .prepare("UPDATE batch_rows SET instead_of = $1 WHERE batch_id = $2 AND line = $3")
            .bind(finding.other)
            .bind(batch_)
            .bind(finding.line)
            .run();
    }

    void take_over_kept_codes() {
        connection_
            .prepare(
                "UPDATE batch_rows SET auth_code = (SELECT o.auth_code FROM orders o "
                "WHERE o.domain = batch_rows.domain AND o.kind = batch_rows.kind "
                "AND o.auth_code IS NOT NULL ORDER BY o.order_id DESC LIMIT 1) "
                "WHERE batch_id = $1 AND verdict = 'good' AND auth_code = '(kept)'")
            .bind(batch_)
            .run();
    }

    store::Connection& connection_;
    const BatchId batch_;
    const std::string& name_;
    const std::string& hash_;
    const CodesMay codes_;
    std::vector<Finding> findings_;
};

}  // namespace

void enter_row(store::Connection& connection, BatchId batch, const IntakeRow& row) {
    auto& entered = connection.prepare(
        "INSERT INTO batch_rows (batch_id, line, kind, domain, reference, given, normalised, "
        "auth_code, verdict, problems) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    entered.bind(batch).bind(row.line).bind(to_word(row.kind)).bind(row.domain);
    entered.bind(row.reference).bind(write_fields(row.given));
    entered.bind(write_fields(row.normalised));
    if (row.auth_code.empty()) {
        entered.bind_null();
    } else {
        entered.bind(row.auth_code.reveal());
    }
    entered.bind(row.problems.empty() ? "good" : "refused");
    entered.bind(write_list(row.problems)).run();
}

void judge_whole_file(store::Connection& connection, const JudgedFile& file) {
    WholeFile(connection, file).judge();
}

}  // namespace domspool
