// An open file descriptor and its owner.
#pragma once

#include <tuple>
#include <unistd.h>
#include <utility>

namespace domspool {

// Closed exactly once. Whoever needs to know whether closing went well takes it with release().
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            close();
            number_ = other.release();
        }
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int release() { return std::exchange(number_, -1); }

  private:
    void close() {
        if (number_ >= 0) std::ignore = ::close(number_);  // Nothing to be done about it here.
        number_ = -1;
    }
    int number_ = -1;
};

}  // namespace domspool
