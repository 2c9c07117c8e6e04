// For tests that send without an order runner.
#pragma once

namespace domspool::test {

// A registrar that stands ready for the next call that changes something.
template <typename Registrar>
Registrar& ready(Registrar& registrar) {
    registrar.make_ready([] {});
    return registrar;
}

}  // namespace domspool::test
