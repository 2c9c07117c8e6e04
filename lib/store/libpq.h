// PostgreSQL's client library, loaded when the first ledger needs it: its start costs every program
// time that most of them would spend for nothing.
#pragma once

#include <libpq-fe.h>

namespace domspool::store {

struct Libpq {
    decltype(&::PQconnectdbParams) connect = nullptr;
    decltype(&::PQconninfoParse) parts_of = nullptr;
    decltype(&::PQconninfoFree) free_parts = nullptr;
    decltype(&::PQfinish) finish = nullptr;
    decltype(&::PQstatus) status = nullptr;
    decltype(&::PQerrorMessage) words = nullptr;  // of a connection that was not made
    decltype(&::PQbackendPID) backend_pid = nullptr;
    decltype(&::PQtransactionStatus) transaction_status = nullptr;
    decltype(&::PQsetNoticeProcessor) set_notice_processor = nullptr;
    decltype(&::PQexec) exec = nullptr;
    decltype(&::PQprepare) prepare = nullptr;
    decltype(&::PQexecPrepared) exec_prepared = nullptr;
    decltype(&::PQresultStatus) result_status = nullptr;
    decltype(&::PQresultErrorField) error_field = nullptr;
    decltype(&::PQcmdStatus) command_status = nullptr;
    decltype(&::PQcmdTuples) command_rows = nullptr;
    decltype(&::PQclear) clear = nullptr;
    decltype(&::PQntuples) rows = nullptr;
    decltype(&::PQnfields) columns = nullptr;
    decltype(&::PQfname) column_name = nullptr;
    decltype(&::PQftype) column_type = nullptr;
    decltype(&::PQgetisnull) is_null = nullptr;
    decltype(&::PQgetvalue) value = nullptr;
    decltype(&::PQgetlength) length = nullptr;
};

// StoreError other: the library is not installed.
const Libpq& libpq();

}  // namespace domspool::store
