#include "instance.h"

namespace runts {
namespace {

// The reference itself is the instance data: nothing is allocated that a snapshot of the interpreter would not hold.
napi_ref errorReference(napi_env env) {
  void* data = nullptr;
  expect(napi_get_instance_data(env, &data) == napi_ok, "no instance data");
  return static_cast<napi_ref>(data);
}

void release(napi_env env, void* data, void*) { napi_delete_reference(env, static_cast<napi_ref>(data)); }

}  // namespace

void setErrorClass(napi_env env, napi_value error) {
  // Bound a second time in one environment (a test runner that loads a module twice): the newest class holds.
  napi_ref before = errorReference(env);
  if (before != nullptr) {
    napi_delete_reference(env, before);
  }
  napi_ref reference = nullptr;
  expect(napi_create_reference(env, error, 1, &reference) == napi_ok, "no reference");
  // Node-API does not finalize what is replaced.
  expect(napi_set_instance_data(env, reference, release, nullptr) == napi_ok, "instance data cannot be set");
}

napi_value errorClass(napi_env env) {
  napi_ref reference = errorReference(env);
  expect(reference != nullptr, "the addon is not bound");
  napi_value result = nullptr;
  expect(napi_get_reference_value(env, reference, &result) == napi_ok, "no error class");
  return result;
}

}  // namespace runts
