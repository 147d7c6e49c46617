#pragma once

#include "call.h"

namespace runts {

napi_value openFile(const Call& call);
napi_value closeFile(const Call& call);
napi_value readFile(const Call& call);
napi_value readText(const Call& call);
napi_value readDescriptor(const Call& call);
napi_value readSome(const Call& call);
napi_value writeFile(const Call& call);
napi_value writeSome(const Call& call);
napi_value writeWhole(const Call& call);
napi_value renameFile(const Call& call);
napi_value removeFile(const Call& call);
napi_value fileStatus(const Call& call);
napi_value descriptorStatus(const Call& call);
napi_value isSameFile(const Call& call);
napi_value readLink(const Call& call);
napi_value realPath(const Call& call);
napi_value fileSystemType(const Call& call);
napi_value changeMode(const Call& call);
napi_value canAccess(const Call& call);

}  // namespace runts
