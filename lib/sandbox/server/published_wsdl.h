// The WSDL the sandbox publishes, made from its table of functions. Pure.
#pragma once

#include <string>

namespace domspool::sandbox {

// RPC/encoded, SOAP 1.1; the service's address is the one given.
std::string published_wsdl(const std::string& address);

}  // namespace domspool::sandbox
