// A line between the programs and the sandbox that loses calls at random: before the first byte of
// a request, or after its last. Questions to the sandbox's DNS are handed on, and none is lost.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace domspool::test {

class LossyLine {
  public:
    // before: connections are closed instead of being served, new ones and ones kept open alike.
    // after: a whole request has come; half of those lost never reach the registrar, the replies of
    // the others are lost.
    enum class Loses { before, after };
    LossyLine(Loses loses, unsigned seed);
    ~LossyLine();
    LossyLine(const LossyLine&) = delete;
    LossyLine& operator=(const LossyLine&) = delete;

    std::string url() const;
    // To be said before the first call.
    void lead_to(std::uint16_t registrar) { registrar_ = registrar; }
    // Nothing before this is said.
    void lose(double rate) { rate_ = rate; }
    int requests() const { return requests_; }
    int lost() const { return lost_; }

  private:
    void accept();
    void relay_dns();
    void serve(Poco::Net::StreamSocket client);
    bool is_lost();

    const Loses loses_;
    std::atomic<std::uint16_t> registrar_{0};
    std::atomic<double> rate_{0};
    std::mutex mutex_;
    std::mt19937 random_;
    std::atomic<int> requests_{0}, lost_{0};
    std::atomic<bool> is_over_{false};
    Poco::Net::ServerSocket door_;
    std::vector<std::thread> threads_;
    std::thread doorman_, postman_;
};

}  // namespace domspool::test
