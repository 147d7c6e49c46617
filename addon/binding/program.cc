// Starts a program of the host as a child process.
#include "program.h"

#include <cstdlib>
#include <cstring>

#include <errno.h>
#include <unistd.h>

#include "child.h"
#include "path.h"

namespace runts {
namespace {

// Texts that came one behind the other, each with its NUL, as execve takes them. They stay where JavaScript has them.
class Texts {
 public:
  explicit Texts(const Bytes& bytes) {
    size_t count = 0;
    for (size_t at = 0; at < bytes.size; ++at) {
      count += bytes.data[at] == 0 ? 1 : 0;
    }
    expect(bytes.size == 0 || bytes.data[bytes.size - 1] == 0, "the last text does not end");
    pointers_ = static_cast<char**>(calloc(count + 1, sizeof(char*)));
    expect(pointers_ != nullptr, "no memory for texts");
    auto* text = reinterpret_cast<char*>(bytes.data);
    for (size_t index = 0; index < count; ++index) {
      pointers_[index] = text;
      text += strlen(text) + 1;
    }
  }
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;
  ~Texts() { free(pointers_); }

  char* const* pointers() const { return pointers_; }

 private:
  char** pointers_;
};

struct Program {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const char* directory;
  int descriptors[3];
};

Failure execute(void* data) {
  auto* program = static_cast<Program*>(data);
  Failure failure = placeDescriptors(program->descriptors, 3);
  if (failure) {
    return failure;
  }
  if (chdir(program->directory) < 0) {
    return {"chdir", errno};
  }
  execve(program->path, program->arguments, program->environment);
  return {"execve", errno};
}

}  // namespace

// (path, arguments, environment, directory, standard input, output, error) → [pid, pidfd]
napi_value startProgram(const Call& call) {
  Path path(call, 0);
  Path directory(call, 3);
  if (path.failure() || directory.failure()) {
    return call.fail(path.failure() ? path.failure() : directory.failure());
  }
  Texts arguments(call.bytes(1));
  Texts environment(call.bytes(2));
  Program program = {path.text(), arguments.pointers(), environment.pointers(), directory.text(),
                     {call.integer(4), call.integer(5), call.integer(6)}};
  int child[2] = {-1, -1};
  Failure failure = startChild(execute, &program, &child[0], &child[1]);
  return failure ? call.fail(failure) : makeIntegers(call.env(), child, 2);
}

}  // namespace runts
