// The orders of a YAML file: defaults, contacts, orders, on_error, count.
#pragma once

#include "orders/file_intake.h"
#include "orders/source_bytes.h"

namespace domspool {

void read_yaml_orders(SourceBytes& source, FileIntake& intake);

}  // namespace domspool
