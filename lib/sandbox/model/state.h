// What the sandbox remembers: sessions, account, contacts, domains, operations, calls. All SQL of
// the sandbox is in state.cpp. One thread at a time, and one process: it locks FILE.lock.
#pragma once

#include "sandbox/model/contact_record.h"
#include "sandbox/model/flat_fields.h"
#include "store/connection.h"
#include "util/byte_lock.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domspool::sandbox {

// All times are milliseconds since 1970, UTC.
using Millis = std::int64_t;

struct Session {
    std::string id;
    Millis opened_at = 0;
    Millis active_at = 0;
    std::string language = "EN";
    bool is_synchronous = true;
    std::int64_t sync_delay = 10;
};

struct Domain {
    std::string name;
    bool in_account = false;  // false: registered elsewhere
    Fields fields{};          // by the names of domainInfo; "ns" holds blank-separated names
};

struct Operation {
    std::int64_t id = 0;
    std::string code;
    std::string target;  // a domain, or a contact id
    std::string status;  // "Pending", "Done", "Failed", "Cancelled"
    std::string message{};
    Millis submitted_at = 0;
    std::optional<Millis> due_at{};  // when it ends by itself; nothing: by hand only
    std::string failure{};           // why it will fail when it is due; "": it will succeed
    Fields effect{};                 // fields of the target, as they will be when it is Done
    std::int64_t fee_cents = 0;      // taken at submission, given back unless it ends Done
};

struct CallEntry {
    std::int64_t number = 0;  // given by the log
    Millis at = 0;
    std::string function;
    std::string target;
    std::string parameters;  // without secrets
    std::string outcome;
    std::string sending;  // "sent", or how the reply was spoilt
};

class State {
  public:
    // Opens the file or makes it, with that much money in the account. Throws StoreError, and
    // RunFailure settings_or_ledger while another process has it.
    State(const std::string& path, std::int64_t opening_balance_cents);

    store::Connection& connection() { return connection_; }
    // Reads anew what it keeps in memory; after a transaction that was given up.
    void reload();

    void add_session(const Session& session);
    std::optional<Session> session(const std::string& id);
    void touch_session(const std::string& id, Millis now);
    void set_session(const Session& session);
    void end_session(const std::string& id);
    void end_sessions_idle_since(Millis then);
    void end_all_sessions();
    std::vector<Session> sessions();

    std::int64_t balance_cents() const { return balance_cents_; }
    void set_balance_cents(std::int64_t cents);
    Millis clock_ahead() const { return clock_ahead_; }
    void set_clock_ahead(Millis ahead);
    // Counts availability queries of that day (days since 1970) and says how many there were.
    std::int64_t count_checks(std::int64_t day, std::int64_t names);

    // Gives the contact its id.
    Contact add_contact(const Fields& fields, bool is_owner);
    std::optional<Contact> contact(const std::string& id);
    void set_contact(const Contact& contact);
    void delete_contact(const std::string& id);
    // In a role of a domain of the account, or about to be.
    bool is_contact_linked(const std::string& id);
    std::vector<Contact> contacts();

    std::optional<Domain> domain(const std::string& name);
    void set_domain(const Domain& domain);
    void delete_domain(const std::string& name);
    // Names with `*` as wildcard; an empty filter is all.
    void each_domain(const std::string& filter, const std::function<void(const Domain&)>& take);

    // Gives the operation its id; ids grow, also over restarts.
    std::int64_t add_operation(const Operation& operation);
    std::optional<Operation> operation(std::int64_t id);
    void set_operation(const Operation& operation);
    std::vector<Operation> pending_operations();
    std::vector<Operation> all_operations();
    // The next operation that is due, the earliest first.
    std::optional<Operation> operation_due(Millis now);
    bool has_pending(const std::string& target);

    // The entry is committed with the call's effect.
    void log_call(const CallEntry& entry);
    void each_call(std::int64_t after, const std::function<void(const CallEntry&)>& take);

  private:
    static ByteLockFile locked_beside(const std::string& path);
    void make_tables();
    void open_account(std::int64_t opening_balance_cents);
    std::vector<Operation> operations_of(store::Statement& statement);

    ByteLockFile lock_;
    store::Connection connection_;
    std::int64_t balance_cents_ = 0;
    Millis clock_ahead_ = 0;
    std::int64_t next_operation_ = 0;
    std::int64_t next_contact_ = 0;
};

}  // namespace domspool::sandbox
