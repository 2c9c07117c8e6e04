// What the registrar and the parents of domains told, kept for a while.
#include "ledger/ledger_questions.h"
#include "ledger/ledger_write.h"
#include "ledger/sql/row_readers.h"

namespace domspool {

namespace {

constexpr const char* kContact = "SELECT fields FROM known_contacts WHERE contact_id = $1";
constexpr const char* kExtension = "SELECT fields FROM known_extensions WHERE extension = $1";

std::optional<FieldMap> fields_known(store::Connection& connection, const std::string& question,
                                     const std::string& of, UtcTime not_before) {
    auto& row = connection.prepare(question + " AND asked_at >= $2");
    row.bind(of).bind(to_iso(not_before));
    if (!row.next_row()) return std::nullopt;
    return in_row("what is known of '" + of + "'", [&] { return fields_in(row, 0); });
}

void keep_fields(store::Connection& connection, const std::string& sql, const std::string& of,
                 const FieldMap& fields, UtcTime asked_at) {
    connection.prepare(sql).bind(of).bind(write_fields(fields)).bind(to_iso(asked_at)).run();
}

}  // namespace

std::optional<FieldMap> LedgerQuestions::known_contact(const std::string& contact_id,
                                                       UtcTime not_before) const {
    const Asking asking(*this);
    return fields_known(connection_, kContact, contact_id, not_before);
}

void LedgerWrite::keep_contact(const std::string& contact_id, const FieldMap& fields,
                               UtcTime asked_at) {
    keep_fields(connection_,
                "INSERT INTO known_contacts (contact_id, fields, asked_at) VALUES ($1, $2, $3) "
                "ON CONFLICT (contact_id) DO UPDATE SET fields = excluded.fields, "
                "asked_at = excluded.asked_at",
                contact_id, fields, asked_at);
}

std::optional<FieldMap> LedgerQuestions::known_extension(const std::string& extension,
                                                         UtcTime not_before) const {
    const Asking asking(*this);
    return fields_known(connection_, kExtension, extension, not_before);
}

void LedgerWrite::keep_extension(const std::string& extension, const FieldMap& fields,
                                 UtcTime asked_at) {
    keep_fields(connection_,
                "INSERT INTO known_extensions (extension, fields, asked_at) VALUES ($1, $2, $3) "
                "ON CONFLICT (extension) DO UPDATE SET fields = excluded.fields, "
                "asked_at = excluded.asked_at",
                extension, fields, asked_at);
}

std::optional<UtcTime> LedgerQuestions::ds_remembered_until(const DomainName& domain) const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT until FROM seen_ds WHERE domain = $1");
    row.bind(domain.ascii());
    if (!row.next_row()) return std::nullopt;
    return in_row("seen_ds of " + domain.ascii(), [&] { return time_in(row, 0); });
}

void LedgerWrite::note_ds(const DomainName& domain, UtcTime remembered_until) {
    connection_
        .prepare(
            "INSERT INTO seen_ds (domain, until) VALUES ($1, $2) "
            "ON CONFLICT (domain) DO UPDATE SET until = excluded.until")
        .bind(domain.ascii())
        .bind(to_iso(remembered_until))
        .run();
}

std::string LedgerQuestions::digest_key() const {
    const Asking asking(*this);
    auto& row = connection_.prepare("SELECT digest_key FROM stamp");
    return row.next_row() ? row.text(0) : "";
}

void LedgerWrite::keep_digest_key(const std::string& key) {
    connection_.prepare("UPDATE stamp SET digest_key = $1 WHERE digest_key = ''").bind(key).run();
}

}  // namespace domspool
