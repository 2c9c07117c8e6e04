#include "store/libpq.h"

#include "store/connection.h"

#include <Poco/Exception.h>
#include <Poco/SharedLibrary.h>

namespace domspool::store {

namespace {

constexpr const char* kLibrary = "libpq.so.5";

class LoadedLibpq {
  public:
    LoadedLibpq() : library_(kLibrary) {
        find(calls_.connect, "PQconnectdbParams");
        find(calls_.parts_of, "PQconninfoParse");
        find(calls_.free_parts, "PQconninfoFree");
        find(calls_.finish, "PQfinish");
        find(calls_.status, "PQstatus");
        find(calls_.words, "PQerrorMessage");
        find(calls_.backend_pid, "PQbackendPID");
        find(calls_.transaction_status, "PQtransactionStatus");
        find(calls_.set_notice_processor, "PQsetNoticeProcessor");
        find(calls_.exec, "PQexec");
        find(calls_.prepare, "PQprepare");
        find(calls_.exec_prepared, "PQexecPrepared");
        find(calls_.result_status, "PQresultStatus");
        find(calls_.error_field, "PQresultErrorField");
        find(calls_.command_status, "PQcmdStatus");
        find(calls_.command_rows, "PQcmdTuples");
        find(calls_.clear, "PQclear");
        find(calls_.rows, "PQntuples");
        find(calls_.columns, "PQnfields");
        find(calls_.column_name, "PQfname");
        find(calls_.column_type, "PQftype");
        find(calls_.is_null, "PQgetisnull");
        find(calls_.value, "PQgetvalue");
        find(calls_.length, "PQgetlength");
    }
    const Libpq& calls() const { return calls_; }

  private:
    template <typename Call>
    void find(Call& call, const char* name) {
        call = reinterpret_cast<Call>(library_.getSymbol(name));
    }

    Poco::SharedLibrary library_;
    Libpq calls_;
};

}  // namespace

const Libpq& libpq() {
    try {
        static const LoadedLibpq loaded;
        return loaded.calls();
    } catch (const Poco::Exception&) {
        throw StoreError(Trouble::other, std::string("the library ") + kLibrary +
                                             " cannot be loaded; install the package libpq5");
    }
}

}  // namespace domspool::store
