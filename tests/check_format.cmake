# Whether all sources are as .clang-format has it: their includes in four blocks, too.
# Run as: cmake -D ROOT=<the project's folder> -P check_format.cmake
# Mended by: git ls-files '*.cpp' '*.h' | xargs clang-format -i
cmake_minimum_required(VERSION 3.25)

find_program(CLANG_FORMAT NAMES clang-format-14 clang-format REQUIRED)
set(sources)
foreach(folder bin jobs lib tests)
    file(GLOB_RECURSE found "${ROOT}/${folder}/*.cpp" "${ROOT}/${folder}/*.h")
    list(APPEND sources ${found})
endforeach()
list(LENGTH sources count)
# A wrong ROOT must not pass for a tidy tree.
if(count EQUAL 0)
    message(FATAL_ERROR "no sources found below '${ROOT}'")
endif()
execute_process(COMMAND ${CLANG_FORMAT} --dry-run --Werror --ferror-limit=1 ${sources}
    WORKING_DIRECTORY "${ROOT}" RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "not as .clang-format has it:\n${output}")
endif()
message(STATUS "${count} sources are formatted")
