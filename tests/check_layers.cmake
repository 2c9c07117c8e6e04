# Who may include what. Run as: cmake -D ROOT=<the project's folder> -P check_layers.cmake
# Reads every #include below bin/, jobs/ and lib/, prints each one that the tables here do not
# allow, and fails if there was one. A folder of lib/ without a line, and a third-party header
# without a line, fail as well: whoever adds one decides where it belongs.
cmake_minimum_required(VERSION 3.25)

# --- Our own headers: a folder of lib/ may include itself and what its line names.
set(layers util store orders spool ledger soap registrar dns report mail workflow sandbox app)
set(util_may)
set(store_may util)
set(orders_may util)
set(spool_may util)
set(ledger_may util orders store)
set(soap_may util)
set(registrar_may util orders soap)
set(dns_may util orders)
set(report_may util orders ledger)
set(mail_may util)
set(workflow_may util orders ledger registrar dns)
set(sandbox_may util store soap)
set(app_may ${layers})

# --- Rooms: the folders of a large layer, bottom to top. A room may include itself, its layer's face
# (the files that lie in no room) and what its line names; the face includes no room. Other layers may
# include the face, and of the rooms only the doors: headers without ".h", a trailing * for any.
set(ledger_rooms sql runs opening care)
set(ledger_sql_may)
set(ledger_runs_may sql)
set(ledger_opening_may sql runs)
set(ledger_care_may sql runs opening)
set(ledger_doors sql/intake_preview sql/sending_hold)

set(workflow_rooms moves steps checks doubt sending pending)
set(workflow_moves_may)
set(workflow_steps_may moves)
set(workflow_checks_may moves steps)
set(workflow_doubt_may moves steps)
set(workflow_sending_may moves steps checks doubt)
set(workflow_pending_may moves steps doubt sending)
set(workflow_doors checks/order_preview checks/order_price doubt/doubt doubt/watched_word
    moves/answer_moves moves/decision_moves moves/executed moves/order_moves moves/order_steps
    moves/plan_builder pending/doubt_settling pending/foreign_operations
    pending/operation_following pending/pass_lanes pending/pending_pass
    pending/perhaps_sent_settling pending/refused_logins pending/registrar_outage pending/restarted_operations
    pending/word_watch sending/lanes sending/order_in_hand sending/order_runner sending/pausing
    sending/runner_settings steps/contact_memory steps/step_kinds)

set(report_rooms terminal orders summary machine)
set(report_terminal_may)
set(report_orders_may terminal)
set(report_summary_may terminal orders)
set(report_machine_may terminal orders summary)
set(report_doors terminal/* orders/* summary/* machine/*)

set(sandbox_rooms model functions control server)
set(sandbox_model_may)
set(sandbox_functions_may model)
set(sandbox_control_may model functions)
set(sandbox_server_may model functions control)
set(sandbox_doors control/run_options server/serving)

# jobs/ uses the machinery but neither the wiring above it nor the rehearsal registrar.
set(jobs_may util orders spool ledger registrar dns report mail workflow)
# Bottom to top: a job may include those that stand before it.
set(jobs_in_order registration transfer trade nameserver_change order_kinds
    order_lookup order_template order_intake problem_telling grouped_rows outcome_telling result_files
    order_telling order_submission own_doubts order_run order_files dry_run
    spool_archive spool_results spool_intake spool_telling spool_search refused_files spool_drop spool_run
    pending_check pass_telling decisions decisions_on_many decision_telling doubt_decisions retry orders_chosen
    findings extension_advice refusals_text registrar_reads doctor machine_checks mail_checks installation installation_checks ledger_backup ledger_upkeep
    summary_report)

# A program includes no other program; these are what several of them share, and parts of one.
set(shared_by_programs order_program order_options order_decisions ledger_commands)

# --- Third-party headers: "pattern|files that may include it", the first pattern that fits counts.
# A reason stands where a header has more than one home.
set(third_party
    # Rows of order files; settings and the sheet of extensions share one reader of sections.
    "yaml-cpp/.*|lib/orders/yaml_rows.cpp lib/app/yaml_limits.cpp lib/app/yaml_section.cpp"
    "csv\\.h|lib/orders/csv_rows.cpp"
    "idn2\\.h|lib/orders/domain_name.cpp"
    "phonenumbers/.*|lib/orders/phone_numbers.cpp"
    # Questions, with one file for types, which owns what ldns allocates; and a rehearsal's answers.
    "ldns/.*|lib/dns/* lib/sandbox/model/zone_above.cpp"
    # Poco prepares a statement anew each time it runs; the hot verbs go to SQLite itself.
    "sqlite3\\.h|lib/store/*"
    "Poco/Data/.*|lib/store/*"
    # Loaded at run time, and only where a ledger is in PostgreSQL.
    "libpq-fe\\.h|lib/store/libpq.h"
    # Envelopes and the WSDL are XML of different shapes, each with a handler of its own.
    "Poco/(SAX|DOM|XML)/.*|lib/soap/soap_xml.cpp lib/soap/wsdl.cpp"
    # Options and help; the frame of a program.
    "Poco/Util/.*|lib/app/command_line.cpp lib/app/program.cpp"
    "Poco/JSON/.*|lib/report/machine/json_lines.cpp"
    "Poco/Net/(Mail|SMTP|StringPart|FilePart|PartSource|SecureSMTP).*|lib/mail/smtp_mailer.cpp"
    # The socket that the mail client is given; TLS on it is made by util/http_endpoint.
    "Poco/Net/(DialogSocket|NetException|StreamSocket)\\.h|lib/mail/smtp_mailer.cpp lib/util/http_* lib/sandbox/* lib/dns/dns_exchange.cpp"
    "cairo.*|lib/report/summary/chart.cpp"
    # Connecting with trust, and speaking HTTP over it.
    "openssl/.*|lib/util/http_*"
    "Poco/Net/HTTPServer.*|lib/sandbox/*"
    "Poco/Net/(HTTPS|Secure|SSL|Context|HTTPClient).*|lib/util/http_*"
    # Plain sockets and HTTP messages: the client, the server, and questions to name servers.
    "Poco/Net/.*|lib/util/http_* lib/sandbox/* lib/dns/dns_exchange.cpp"
    # Poco's foundation hides no protocol; the programs' terminal and the rest may use it.
    "Poco/[A-Za-z0-9_]+\\.h|lib/*"
    # A stream over a descriptor: files named on the command line are opened before we become another.
    "ext/stdio_filebuf\\.h|lib/util/descriptor_stream.h"
    "fmt/.*|lib/* jobs/* bin/*")

# --- Who may name what changes things: "word|files". RegistrarCommands sends what costs money: only
# order_runner is given one, which hands it to the sending of a step.
set(words
    "RegistrarCommands|lib/registrar/* lib/workflow/sending/order_runner.h lib/workflow/sending/lanes.h lib/workflow/sending/lane_parts.h lib/workflow/sending/cancelling.cpp lib/workflow/steps/step_kinds.h lib/workflow/steps/*_steps.cpp")

# C++ names its headers without a dot; those of C, POSIX and Linux are listed.
string(CONCAT system_headers
    "^([a-z_]+|(sys|arpa|netinet|net|linux)/[a-z_0-9]+\\.h"
    "|(errno|fcntl|grp|locale|netdb|poll|pthread|pwd|sched|signal|spawn|stdbool|stdint|stdio"
    "|stdlib|string|syslog|termios|time|unistd|wctype)\\.h)$")

set(problem_count 0)
macro(problem file include why)
    message(NOTICE "${file}: ${include}: ${why}")
    math(EXPR problem_count "${problem_count} + 1")
endmacro()

# Whether one of the blank-separated patterns (a trailing * stands for anything) fits the file.
function(fits_one_of file patterns result)
    separate_arguments(patterns)
    set(${result} FALSE PARENT_SCOPE)
    foreach(pattern IN LISTS patterns)
        string(REPLACE "." "\\." pattern "${pattern}")
        string(REPLACE "*" ".*" pattern "${pattern}")
        if(file MATCHES "^${pattern}$")
            set(${result} TRUE PARENT_SCOPE)
        endif()
    endforeach()
endfunction()

macro(check_third_party file header)
    set(row_found FALSE)
    foreach(row IN LISTS third_party)
        # The last bar parts the two halves: a pattern may hold bars of its own.
        string(FIND "${row}" "|" bar REVERSE)
        string(SUBSTRING "${row}" 0 ${bar} pattern)
        math(EXPR after_bar "${bar} + 1")
        string(SUBSTRING "${row}" ${after_bar} -1 homes)
        if("${header}" MATCHES "^${pattern}$")
            set(row_found TRUE)
            fits_one_of("${file}" "${homes}" at_home)
            if(NOT at_home)
                problem("${file}" "<${header}>" "only for: ${homes}")
            endif()
            break()
        endif()
    endforeach()
    if(NOT row_found)
        problem("${file}" "<${header}>" "a third-party header without a line in the table")
    endif()
endmacro()

# `area` is "bin", "jobs" or a folder of lib/; `stem` the file's name without its ending.
macro(check_own area stem file header)
    if(NOT "${header}" MATCHES "^([a-z_]+)/(([a-z_]+)/)?([a-z_0-9]+)\\.h$")
        problem("${file}" "\"${header}\"" "ours are named with their folder, as \"util/file.h\"")
    else()
        set(folder "${CMAKE_MATCH_1}")
        set(room "${CMAKE_MATCH_3}")
        set(named "${CMAKE_MATCH_4}")
        if(NOT "${room}" STREQUAL "")
            check_room("${area}" "${file}" "${header}" "${folder}" "${room}" "${named}")
        endif()
        if("${area}" STREQUAL "bin")
            check_program("${file}" "${header}" "${folder}")
        elseif("${area}" STREQUAL "jobs")
            check_job("${stem}" "${file}" "${header}" "${folder}")
        elseif(NOT "${folder}" STREQUAL "${area}" AND NOT "${folder}" IN_LIST ${area}_may)
            problem("${file}" "\"${header}\"" "${area} may include: ${area} ${${area}_may}")
        endif()
    endif()
endmacro()

# A header in a room, included from the same layer or from another one.
macro(check_room area file header folder room named)
    if(NOT "${folder}" STREQUAL "${area}")
        fits_one_of("${room}/${named}" "${${folder}_doors}" at_door)
        if(NOT at_door)
            problem("${file}" "\"${header}\"" "not among the doors of ${folder}: ${${folder}_doors}")
        endif()
    elseif("${file}" MATCHES "^lib/${area}/([a-z_]+)/")
        set(own_room "${CMAKE_MATCH_1}")
        set(may ${own_room} ${${area}_${own_room}_may})
        if(NOT "${room}" IN_LIST may)
            problem("${file}" "\"${header}\"" "${area}/${own_room} may include of its layer: ${may}")
        endif()
    else()
        problem("${file}" "\"${header}\"" "the face of ${area} includes none of its rooms")
    endif()
endmacro()

macro(check_program file header folder)
    if("${folder}" STREQUAL "bin")
        get_filename_component(shared "${header}" NAME_WE)
        if(NOT "${shared}" IN_LIST shared_by_programs)
            problem("${file}" "\"${header}\"" "bin may include of bin only: ${shared_by_programs}")
        endif()
    elseif(NOT "${folder}" IN_LIST layers AND NOT "${folder}" STREQUAL "jobs")
        problem("${file}" "\"${header}\"" "bin may include jobs and lib")
    endif()
endmacro()

macro(check_job stem file header folder)
    if("${folder}" STREQUAL "jobs")
        get_filename_component(included "${header}" NAME_WE)
        list(FIND jobs_in_order "${stem}" own_place)
        list(FIND jobs_in_order "${included}" its_place)
        if(own_place EQUAL -1 OR its_place EQUAL -1)
            problem("${file}" "\"${header}\"" "a job without a place among: ${jobs_in_order}")
        elseif(its_place GREATER own_place)
            problem("${file}" "\"${header}\"" "a job may include those before it: ${jobs_in_order}")
        endif()
    elseif(NOT "${folder}" IN_LIST jobs_may)
        problem("${file}" "\"${header}\"" "jobs may include: ${jobs_may}")
    endif()
endmacro()

macro(check_words file path)
    foreach(row IN LISTS words)
        string(FIND "${row}" "|" bar)
        string(SUBSTRING "${row}" 0 ${bar} word)
        math(EXPR after_bar "${bar} + 1")
        string(SUBSTRING "${row}" ${after_bar} -1 homes)
        file(STRINGS "${path}" named REGEX "${word}")
        fits_one_of("${file}" "${homes}" at_home)
        if(named AND NOT at_home)
            problem("${file}" "${word}" "only for: ${homes}")
        endif()
    endforeach()
endmacro()

macro(check_file area path)
    file(RELATIVE_PATH name "${ROOT}" "${path}")
    check_words("${name}" "${path}")
    get_filename_component(file_stem "${path}" NAME_WE)
    file(STRINGS "${path}" lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
        if("${line}" MATCHES "include[ \t]*\"([^\"]+)\"")
            check_own("${area}" "${file_stem}" "${name}" "${CMAKE_MATCH_1}")
        elseif("${line}" MATCHES "include[ \t]*<([^>]+)>")
            set(angled "${CMAKE_MATCH_1}")
            if(NOT "${angled}" MATCHES "${system_headers}")
                check_third_party("${name}" "${angled}")
            endif()
        else()
            problem("${name}" "${line}" "an include that cannot be read")
        endif()
    endforeach()
endmacro()

# `rooms`: the folders that may lie in it.
function(check_folder area path rooms)
    file(GLOB entries LIST_DIRECTORIES TRUE "${path}/*")
    foreach(entry IN LISTS entries)
        get_filename_component(entry_name "${entry}" NAME)
        if(IS_DIRECTORY "${entry}" AND "${entry_name}" IN_LIST rooms)
            check_folder("${area}" "${entry}" "")
        elseif(IS_DIRECTORY "${entry}")
            problem("${entry}" "folder" "no such folder below ${area}")
        elseif("${entry}" MATCHES "\\.(h|hpp|hh|c|cc|cpp|cxx)$")
            check_file("${area}" "${entry}")
            math(EXPR file_count "${file_count} + 1")
            list(APPEND header_names ${entry_name})
        endif()
    endforeach()
    foreach(counted file_count problem_count header_names)
        set(${counted} "${${counted}}" PARENT_SCOPE)
    endforeach()
endfunction()

set(file_count 0)
set(header_names)
check_folder(bin "${ROOT}/bin" "")
check_folder(jobs "${ROOT}/jobs" "")
file(GLOB lib_entries LIST_DIRECTORIES TRUE "${ROOT}/lib/*")
foreach(lib_entry IN LISTS lib_entries)
    get_filename_component(layer "${lib_entry}" NAME)
    if(NOT IS_DIRECTORY "${lib_entry}")
        if("${layer}" MATCHES "\\.(h|hpp|hh|c|cc|cpp|cxx)$")
            problem("lib/${layer}" "file" "a source of lib lives in a folder")
        endif()
    elseif(NOT "${layer}" IN_LIST layers)
        problem("lib/${layer}" "folder" "has no line in the table of layers")
    else()
        check_folder("${layer}" "${lib_entry}" "${${layer}_rooms}")
    endif()
endforeach()

# A name says which file is meant.
list(FILTER header_names INCLUDE REGEX "\\.h$")
list(SORT header_names)
set(name_before "")
foreach(name IN LISTS header_names)
    if("${name}" STREQUAL "${name_before}")
        problem("${name}" "file" "two headers of one name")
    endif()
    set(name_before "${name}")
endforeach()

# A wrong ROOT must not pass for a clean tree.
if(file_count EQUAL 0)
    message(FATAL_ERROR "no sources found below '${ROOT}'")
endif()
if(problem_count GREATER 0)
    message(FATAL_ERROR "${problem_count} includes that the layers do not allow")
endif()
message(STATUS "${file_count} files keep to their layers")
