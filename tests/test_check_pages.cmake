# Shows that the check of the pages can fail: small trees, each wrong in one way.
# Run as: cmake -D SCRATCH=<a folder of its own> -P test_check_pages.cmake
cmake_minimum_required(VERSION 3.25)

# Checks a tree that holds `path` with `text` beside a page and a source that are in order.
function(check_tree path text)
    file(REMOVE_RECURSE "${SCRATCH}")
    file(WRITE "${SCRATCH}/README.md" "# The project\n\nBegin in lib/README.md.\n\n## Words\n")
    file(WRITE "${SCRATCH}/lib/README.md" "# The house\n\n## Layers\n\n`util/clock.cpp` has the time.\n")
    file(WRITE "${SCRATCH}/lib/workflow/SAFETY.md" "# Safety\n\n## Intent, act, outcome\n\n`sending/`\n")
    file(WRITE "${SCRATCH}/lib/util/clock.cpp" "// The time (SAFETY, \"Intent, act,\n// outcome\").\n")
    file(WRITE "${SCRATCH}/${path}" "${text}\n")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${CMAKE_CURRENT_LIST_DIR}/check_pages.cmake
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

# Citations.
expect_allowed("lib/util/file.h" "// Whole (SAFETY, \"Intent, act, outcome\"). [sic]; else not.")
expect_allowed("jobs/trade.cpp" "// A word (README, \"Words\") in its layer (lib/README, \"Layers\").")
expect_allowed("tests/CMakeLists.txt" "# Once (SAFETY, \"Intent, act, outcome\")")
expect_allowed("lib/util/file.cpp" "const char* text = \"COUNT(*) (NULL, \\\"x\\\") SAFETY\";")
expect_allowed("lib/util/file.h" "// A day (UTC, \"2026-11-24\").")
expect_refused("lib/util/file.h" "// Whole (SAFETY, \"Intent\")." "SAFETY has no heading \"Intent\"")
expect_refused("lib/util/file.h" "// (SAFETY, \"Intent,\n// act\")" "no heading \"Intent, act\"")
expect_refused("lib/util/file.h" "// Whole (DESIGN, \"Flow\")." "there is no page DESIGN")
expect_refused("lib/util/file.h" "// Rules: SAFETY." "names SAFETY without a heading")
expect_refused("cron/crontab" "# As it must be (TRAPS, \"Time\")" "there is no page TRAPS")
expect_refused("bin/README.md" "# Doors\n\nSee (SAFETY, \"Doubts\")." "has no heading \"Doubts\"")
expect_refused("tests/README.md" "# Tests\n\nSee (lib/README, \"Rooms\")." "no heading \"Rooms\"")
expect_refused("jobs/SAFETY.md" "# Safety" "there is no page SAFETY")

# Files.
expect_allowed("lib/util/file.h" "// Looks at util/clock; the page is lib/workflow/SAFETY.md.")
expect_allowed("lib/util/TRAPS.md" "# Traps\n\n`clock.cpp`, `lib/util/*.cpp`, `<stdbool.h>`, /var/lib/x.h")
expect_refused("lib/util/file.h" "// Asked by workflow/doubt." "there is no workflow/doubt")
expect_refused("lib/util/TRAPS.md" "# Traps\n\nSee `lib/util/lock.cpp`." "there is no lib/util/lock.cpp")
expect_refused("lib/util/TRAPS.md" "# Traps\n\nSee `util/lock.h`." "there is no util/lock.h")
expect_refused("lib/util/TRAPS.md" "# Traps\n\nSee `lock.h`." "there is no lock.h")
expect_refused("README.md" "# The project\n\nRun bin/demo." "there is no bin/demo")

file(REMOVE_RECURSE "${SCRATCH}")
execute_process(
    COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${CMAKE_CURRENT_LIST_DIR}/check_pages.cmake
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET)
if(result EQUAL 0)
    message(FATAL_ERROR "a tree without pages passes")
endif()
