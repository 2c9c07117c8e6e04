# Shows that the check of the layers can fail: small trees, each wrong in one way.
# Run as: cmake -D SCRATCH=<a folder of its own> -P test_check_layers.cmake
cmake_minimum_required(VERSION 3.25)

# Checks a tree that holds `path` with the one line `text` beside a file that is in order.
function(check_tree path text)
    file(REMOVE_RECURSE "${SCRATCH}")
    file(WRITE "${SCRATCH}/lib/util/clock.h" "#pragma once\n")
    file(WRITE "${SCRATCH}/lib/util/clock.cpp" "#include \"util/clock.h\"\n\n#include <unistd.h>\n")
    file(WRITE "${SCRATCH}/${path}" "${text}\n")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${CMAKE_CURRENT_LIST_DIR}/check_layers.cmake
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    set(result "${result}" PARENT_SCOPE)
    set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_refused path text why)
    check_tree("${path}" "${text}")
    string(FIND "${output}" "${why}" place)
    if(result EQUAL 0 OR place EQUAL -1)
        message(FATAL_ERROR "'${text}' in ${path} is not refused by '${why}': ${output}")
    endif()
endfunction()

function(expect_allowed path text)
    check_tree("${path}" "${text}")
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "'${text}' in ${path} is refused: ${output}")
    endif()
endfunction()

expect_allowed("lib/ledger/ledger.cpp" "#include \"store/connection.h\"")
expect_allowed("lib/store/connection.cpp" "#include <Poco/Data/Session.h>")
expect_allowed("lib/soap/soap_xml.cpp" "#include <Poco/SAX/SAXParser.h>")
expect_allowed("jobs/order_intake.cpp" "#include \"jobs/order_kinds.h\"")
expect_allowed("jobs/order_kinds.cpp" "#include \"jobs/transfer.h\"")
expect_allowed("bin/domain_register.cpp" "#include \"jobs/order_intake.h\"")
expect_allowed("bin/domain_register.cpp" "#include \"bin/order_program.h\"")

# Upwards and sideways.
expect_refused("lib/util/file.cpp" "#include \"orders/order.h\"" "util may include: util")
expect_refused("lib/sandbox/state.cpp" "#include \"registrar/registrar_records.h\"" "sandbox may include")
expect_refused("lib/workflow/lanes.h" "#  include \"store/connection.h\"" "workflow may include")
expect_refused("lib/orders/order.cpp" "#include \"jobs/trade.h\"" "orders may include")
expect_refused("jobs/transfer.cpp" "#include \"jobs/trade.h\"" "a job may include those before it")
expect_refused("jobs/trade.cpp" "#include \"sandbox/state.h\"" "jobs may include")
expect_refused("jobs/trade.cpp" "#include \"app/settings.h\"" "jobs may include")
expect_refused("bin/domain_trade.cpp" "#include \"bin/domain_register.h\"" "bin may include")
expect_refused("bin/domain_trade.cpp" "#include \"domain_register.cpp\"" "named with their folder")
expect_refused("lib/util/file.cpp" "#include \"clock.h\"" "named with their folder")
expect_refused("lib/util/file.cpp" "#include \"util/../app/settings.h\"" "named with their folder")
expect_refused("lib/util/file.cpp" "#include HEADER" "cannot be read")

# Third parties.
expect_refused("lib/orders/order_file.cpp" "#include <yaml-cpp/yaml.h>" "only for:")
expect_refused("lib/ledger/ledger.cpp" "#include <sqlite3.h>" "only for: lib/store/*")
expect_refused("lib/soap/value.cpp" "#include <Poco/SAX/SAXParser.h>" "only for:")
expect_refused("lib/sandbox/http_server.cpp" "#include <Poco/Net/HTTPSClientSession.h>"
               "only for: lib/util/http_")
expect_refused("jobs/trade.cpp" "#include <Poco/URI.h>" "only for: lib/*")
expect_refused("lib/report/orders/rows.cpp" "#include <boost/json.hpp>" "without a line in the table")
expect_refused("lib/report/orders/rows.cpp" "#include <curl.h>" "without a line in the table")

# Words.
expect_allowed("lib/workflow/sending/order_runner.h" "RegistrarCommands& commands;")
expect_allowed("lib/workflow/steps/value_steps.cpp" "RegistrarCommands& commands")
expect_refused("lib/workflow/pending/pending_pass.h" "RegistrarCommands& commands;" "RegistrarCommands: only for:")
expect_refused("jobs/pending_check.cpp" "RegistrarCommands* commands" "RegistrarCommands: only for:")

# Folders.
expect_refused("lib/helpers/helpers.h" "#include <string>" "has no line in the table of layers")
expect_refused("lib/util/deep/file.h" "#include <string>" "no such folder below util")
expect_refused("lib/ledger/deep/file.h" "#include <string>" "no such folder below ledger")
expect_refused("lib/store/clock.h" "#include <string>" "two headers of one name")

# Rooms.
expect_allowed("lib/ledger/runs/run_book.h" "#include \"ledger/sql/schema.h\"")
expect_allowed("lib/ledger/sql/schema.h" "#include \"ledger/ledger.h\"")
expect_allowed("jobs/trade.cpp" "#include \"workflow/moves/plan_builder.h\"")
expect_refused("lib/ledger/sql/schema.h" "#include \"ledger/runs/run_book.h\"" "may include of its layer")
expect_refused("lib/ledger/ledger.h" "#include \"ledger/sql/schema.h\"" "the face of ledger")
expect_refused("jobs/trade.cpp" "#include \"ledger/sql/schema.h\"" "not among the doors of ledger")
expect_refused("lib/stray.h" "#include <string>" "a source of lib lives in a folder")

file(REMOVE_RECURSE "${SCRATCH}")
execute_process(
    COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${CMAKE_CURRENT_LIST_DIR}/check_layers.cmake
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
if(result EQUAL 0)
    message(FATAL_ERROR "a tree without sources passes")
endif()
