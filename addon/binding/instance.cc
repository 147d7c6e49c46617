#include "instance.h"

#include <cstdlib>

namespace runts {
namespace {

struct Instance {
  napi_ref error;
};

void release(napi_env env, void* data, void*) {
  auto* instance = static_cast<Instance*>(data);
  napi_delete_reference(env, instance->error);
  free(instance);
}

}  // namespace

void setErrorClass(napi_env env, napi_value error) {
  void* existing = nullptr;
  expect(napi_get_instance_data(env, &existing) == napi_ok, "no instance data");
  // Bound a second time in one environment (a test runner that loads a module twice): the newest class holds.
  auto* instance = static_cast<Instance*>(existing);
  if (instance == nullptr) {
    instance = static_cast<Instance*>(calloc(1, sizeof(Instance)));
    expect(instance != nullptr, "out of memory");
    expect(napi_set_instance_data(env, instance, release, nullptr) == napi_ok, "instance data cannot be set");
  } else {
    napi_delete_reference(env, instance->error);
  }
  expect(napi_create_reference(env, error, 1, &instance->error) == napi_ok, "no reference");
}

napi_value errorClass(napi_env env) {
  void* data = nullptr;
  expect(napi_get_instance_data(env, &data) == napi_ok && data != nullptr, "the addon is not bound");
  napi_value result = nullptr;
  expect(napi_get_reference_value(env, static_cast<Instance*>(data)->error, &result) == napi_ok, "no error class");
  return result;
}

}  // namespace runts
