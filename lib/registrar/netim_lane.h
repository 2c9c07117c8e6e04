// How one lane speaks with the registrar: questions asked until they are answered, calls that
// change something made ready and sent once.
#pragma once

#include "registrar/netim_account.h"
#include "registrar/netim_line.h"
#include "registrar/netim_session.h"
#include "registrar/registrar.h"
#include "registrar/retry_budget.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

// Has a connection of its own, which is left to the account at the end; used by one thread at a
// time.
class NetimLane {
  public:
    using Values = std::vector<soap::Value>;

    explicit NetimLane(std::shared_ptr<NetimAccount> account);
    ~NetimLane();
    NetimLane(const NetimLane&) = delete;
    NetimLane& operator=(const NetimLane&) = delete;

    // Asked again while it is lost on its way: `begin_anew` is called before each try but the
    // first. Throws QueryFailure.
    netim::Answer ask(const netim::Function& function, const Values& values,
                      const soap::RowSink& sink = {}, const std::function<void()>& begin_anew = {});

    // As RegistrarCommands says.
    void make_ready(const std::function<void()>& before_waiting);
    netim::Result change(const netim::Function& function, Values values);

  private:
    netim::CallTime time_of_a_call() const;
    // Where the registrar asked for less: until any program may ask again. Otherwise why not:
    // called off, or longer than anybody here waits.
    std::optional<netim::NotSent> wait_out_pressure(const std::function<void()>& before_waiting);
    bool is_called_off();
    // After so many wishes for less that met one question: whether others are answered.
    bool are_others_answered(const netim::Function& function);
    [[noreturn]] void give_up_pressed(const netim::Function& function, const netim::Result& result,
                                      bool is_alone);
    void note_answer(const netim::Result& result);
    // One try of the whole question, repeated on a dead session only.
    netim::Result ask_once(const netim::Function& function, const Values& values,
                           const soap::RowSink& sink);
    [[noreturn]] void give_up(const netim::Function& function, const netim::Result& result,
                              const Retries& retries);
    void tell_again(const std::string& what, const std::string& cause, const Retries& retries);
    std::optional<netim::NotSent> try_to_be_ready();

    std::shared_ptr<NetimAccount> account_;
    std::unique_ptr<NetimLine> line_;
    std::optional<NetimSession::Pass> ready_;  // for the next change
};

}  // namespace domspool
