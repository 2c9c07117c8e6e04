// What is said of an order file that was read: its problems for machines, its rows for people.
#pragma once

#include "jobs/order_intake.h"
#include "report/terminal/console.h"

#include <string>

namespace domspool {

// `name`: of the file, as shown; `kind`: of the program that reads it.
void print_problems(Console& console, const std::string& name, const IntakeReport& report,
                    OrderKind kind = {});

// "march.csv: 12 rows read; nothing was ordered", with a line break.
std::string words_of_checked(const std::string& name, const IntakeReport& report);

}  // namespace domspool
