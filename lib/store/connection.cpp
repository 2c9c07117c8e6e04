#include "store/connection.h"

#include "store/backend.h"
#include "store/error_words.h"
#include "util/failure.h"

#include <algorithm>
#include <map>

namespace domspool::store {

namespace {

std::unique_ptr<Backend> open_backend(const std::string& place,
                                      const Connection::Options& options) {
    return names_postgresql(place) ? open_postgresql(place, options) : open_sqlite(place, options);
}

}  // namespace

bool names_postgresql(std::string_view place) {
    return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

struct Connection::Inner {
    Inner(const std::string& place, const Options& options)
        : backend(open_backend(place, options)) {}

    // A database ends a transaction by itself when its disk is full or its server goes.
    bool is_lost() const { return in_transaction && !backend->is_in_transaction(); }

    std::unique_ptr<Backend> backend;
    std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements;
    std::vector<Statement::Inner*> left_open;
    bool in_transaction = false;
};

struct Statement::Inner {
    Inner(Connection::Inner& owner, std::string_view sql)
        : connection(owner), statement(owner.backend->prepare(sql)) {}
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    void reset() {
        statement->reset();
        std::erase(connection.left_open, this);
        has_row = false;
    }
    int next_parameter() {
        ++bound;
        DOMSPOOL_ASSERT(bound <= statement->parameters());
        return bound;
    }
    const BackendStatement& row(int column) const {
        DOMSPOOL_ASSERT(has_row && column >= 0 && column < statement->columns());
        return *statement;
    }

    Connection::Inner& connection;
    std::unique_ptr<BackendStatement> statement;
    int bound = 0;
    bool has_row = false;
};

Connection::Connection(const std::string& place, const Options& options)
    : inner_(std::make_unique<Inner>(place, options)) {}

Connection::~Connection() = default;

Statement& Connection::prepare(std::string_view sql) {
    auto found = inner_->statements.find(sql);
    if (found == inner_->statements.end()) {
        auto made = std::make_unique<Statement::Inner>(*inner_, sql);
        found = inner_->statements
                    .emplace(std::string(sql),
                             std::unique_ptr<Statement>(new Statement(std::move(made))))
                    .first;
    }
    Statement::Inner& statement = *found->second->inner_;
    statement.reset();
    statement.statement->clear_bindings();
    statement.bound = 0;
    return *found->second;
}

void Connection::run(std::string_view sql) {
    prepare(sql).run();
}

std::int64_t Connection::rows_changed() const {
    return inner_->backend->rows_changed();
}

Dialect Connection::dialect() const {
    return inner_->backend->dialect();
}

std::string Connection::unfit() {
    return inner_->backend->unfit();
}

std::string Connection::identity_of(const std::string& table) {
    return inner_->backend->identity_of(table);
}

bool Connection::has_table(std::string_view name) {
    auto& asked = prepare(inner_->backend->question_for_table());
    asked.bind(name);
    const bool is_there = asked.next_row() && asked.integer(0) > 0;
    asked.inner_->reset();
    return is_there;
}

std::int64_t Connection::last_number(const std::string& table, const std::string& column) {
    const bool is_sqlite = dialect() == Dialect::sqlite;
    auto& asked =
        prepare(is_sqlite ? "SELECT COALESCE((SELECT seq FROM sqlite_sequence "
                            "WHERE name = '" +
                                table + "'), 0)"
                          : "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " + table +
                                "_" + column + "_seq");
    const bool is_there = asked.next_row();
    DOMSPOOL_ASSERT(is_there);
    const std::int64_t number = asked.integer(0);
    asked.inner_->reset();
    return number;
}

void Connection::keep_numbers_above(const std::string& table, const std::string& column,
                                    std::int64_t number) {
    if (dialect() == Dialect::sqlite) return;  // AUTOINCREMENT counts what was entered, too.
    if (last_number(table, column) >= number) return;
    prepare("SELECT setval('" + table + "_" + column + "_seq', $1)").bind(number).run();
}

void Connection::let_go() {
    while (!inner_->left_open.empty()) inner_->left_open.back()->reset();
}

bool Connection::cut_log(std::chrono::milliseconds patience) {
    DOMSPOOL_ASSERT(!inner_->in_transaction);
    let_go();
    return inner_->backend->cut_log(patience);
}

void Connection::back_up_to(const std::string& path) {
    let_go();
    inner_->backend->back_up_to(path);
}

Statement::Statement(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Statement::~Statement() = default;

Statement& Statement::bind(std::int64_t value) {
    inner_->statement->bind(inner_->next_parameter(), value);
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    // PostgreSQL keeps no NUL in a text, and readers would cut it there.
    if (text.find('\0') != std::string_view::npos) {
        throw StoreError(Trouble::other, "a text with a NUL byte cannot be stored");
    }
    inner_->statement->bind(inner_->next_parameter(), text);
    return *this;
}

Statement& Statement::bind_null() {
    inner_->statement->bind_null(inner_->next_parameter());
    return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
    return value ? bind(*value) : bind_null();
}

Statement& Statement::bind(const std::optional<std::string>& value) {
    return value ? bind(std::string_view(*value)) : bind_null();
}

bool Statement::next_row() {
    Inner& in = *inner_;
    DOMSPOOL_ASSERT(in.bound == in.statement->parameters());
    if (in.connection.is_lost()) throw_transaction_lost();
    if (!in.has_row) in.connection.left_open.push_back(&in);
    try {
        in.has_row = in.statement->next_row();
    } catch (const StoreError&) {
        in.reset();
        throw;
    }
    if (!in.has_row) in.reset();
    return in.has_row;
}

void Statement::run() {
    while (next_row()) {
    }
}

std::int64_t Statement::integer(int column) const {
    return inner_->row(column).integer(column);
}

std::string Statement::text(int column) const {
    return inner_->row(column).text(column);
}

std::optional<std::int64_t> Statement::integer_or_null(int column) const {
    if (inner_->row(column).is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<std::string> Statement::text_or_null(int column) const {
    if (inner_->row(column).is_null(column)) return std::nullopt;
    return text(column);
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
    DOMSPOOL_ASSERT(!connection_.inner_->in_transaction);
    connection_.let_go();
    connection_.inner_->backend->begin();
    connection_.inner_->in_transaction = true;
}

Transaction::~Transaction() {
    if (!open_) return;
    connection_.let_go();
    connection_.inner_->in_transaction = false;
    if (connection_.inner_->backend->is_in_transaction()) connection_.inner_->backend->roll_back();
}

bool Transaction::is_lost() const {
    return connection_.inner_->is_lost();
}

void Transaction::commit() {
    DOMSPOOL_ASSERT(open_);
    connection_.let_go();
    if (connection_.inner_->is_lost()) throw_transaction_lost();
    connection_.inner_->backend->commit();
    connection_.inner_->in_transaction = false;
    open_ = false;
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
    DOMSPOOL_ASSERT(connection_.inner_->in_transaction);
    if (connection_.inner_->is_lost()) throw_transaction_lost();
    connection_.inner_->backend->set_savepoint();
}

Savepoint::~Savepoint() {
    if (!open_ || !connection_.inner_->backend->is_in_transaction()) return;
    connection_.let_go();
    connection_.inner_->backend->roll_back_to_savepoint();
}

void Savepoint::keep() {
    DOMSPOOL_ASSERT(open_);
    connection_.let_go();
    if (connection_.inner_->is_lost()) throw_transaction_lost();
    connection_.inner_->backend->keep_savepoint();
    open_ = false;
}

}  // namespace domspool::store
