import { Type } from '@sinclair/typebox';
import { IdMapping, Text, TextMap, Texts } from './schema/common.ts';
import { Linux } from './schema/linux.ts';
import { Process } from './schema/process.ts';

/*
 * The configuration of runtime-spec 1.3.0 for Linux, declared once: `types.ts` takes the static types from here,
 * `scripts/generate-validator.ts` the JSON schema. What a schema can't say is in `rules.ts`.
 *
 * Unknown properties are allowed everywhere, as spec.md ("Extensibility") demands; the sections of other platforms
 * are unknown ones here.
 */

export const Root = Type.Object({ path: Text, readonly: Type.Optional(Type.Boolean()) });

export const Mount = Type.Object({
  destination: Text,
  source: Type.Optional(Text),
  type: Type.Optional(Text),
  options: Type.Optional(Texts),
  uidMappings: Type.Optional(Type.Array(IdMapping)),
  gidMappings: Type.Optional(Type.Array(IdMapping)),
});

/** config.md, "POSIX-platform Hooks": `timeout` is in seconds. */
export const Hook = Type.Object({
  path: Text,
  args: Type.Optional(Texts),
  env: Type.Optional(Texts),
  timeout: Type.Optional(Type.Integer({ minimum: 1 })),
});

const HookList = Type.Optional(Type.Array(Hook));

export const Hooks = Type.Object({
  prestart: HookList,
  createRuntime: HookList,
  createContainer: HookList,
  startContainer: HookList,
  poststart: HookList,
  poststop: HookList,
});

/** `root` is required here: config.md demands it on every platform that is not Windows. */
export const Spec = Type.Object({
  ociVersion: Text,
  root: Root,
  process: Type.Optional(Process),
  hostname: Type.Optional(Text),
  domainname: Type.Optional(Text),
  mounts: Type.Optional(Type.Array(Mount)),
  hooks: Type.Optional(Hooks),
  annotations: Type.Optional(TextMap),
  linux: Type.Optional(Linux),
});
