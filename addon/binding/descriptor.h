// A file descriptor that is closed at the end of its scope unless it is given away.
#pragma once

#include <unistd.h>

namespace runts {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) {
    reset(other.release());
    return *this;
  }
  ~Descriptor() { reset(-1); }

  bool valid() const { return number_ >= 0; }
  int get() const { return number_; }
  int release() {
    int number = number_;
    number_ = -1;
    return number;
  }

 private:
  void reset(int number) {
    if (number_ >= 0) {
      close(number_);
    }
    number_ = number;
  }

  int number_ = -1;
};

}  // namespace runts
