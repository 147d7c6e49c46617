import { CAPABILITY_NAMES } from '../plan/capability-names.ts';
import { meaningOf, mountOptionWords } from '../plan/mount-options.ts';
import { CLONE_FLAGS } from '../plan/namespaces.ts';
import { seccompFeatures } from '../seccomp/features.ts';
import { HOOK_KINDS } from '../spec/hooks.ts';
import { SPEC_VERSION } from '../spec/version.ts';

/**
 * What this runtime can do, whatever the machine can (features.md, features-linux.md): `features`. It lists what
 * works; what the configuration may name and is refused (src/spec/unsupported.ts) is false or missing here.
 *
 * @param version of the runtime
 * @returns a value for JSON
 */
export function runtimeFeatures(version: string) {
  const { libseccompVersion, ...seccomp } = seccompFeatures();
  return {
    ociVersionMin: '1.0.0',
    ociVersionMax: SPEC_VERSION,
    hooks: HOOK_KINDS,
    mountOptions: mountOptionWords().filter((word) => meaningOf(word)?.is !== 'idMap'),
    linux: {
      namespaces: Object.keys(CLONE_FLAGS).toSorted(),
      capabilities: CAPABILITY_NAMES,
      cgroup: { v1: true, v2: false, systemd: false, systemdUser: false, rdma: false },
      seccomp,
      apparmor: { enabled: true },
      selinux: { enabled: true },
      intelRdt: { enabled: false },
      mountExtensions: { idmap: { enabled: false } },
      netDevices: { enabled: false },
    },
    annotations: {
      'io.github.seccomp.libseccomp.version': libseccompVersion,
      'io.runts.version': version,
      // Under this name engines ask whether they may offer checkpoints.
      'org.opencontainers.runc.checkpoint.enabled': 'false',
    },
    // No annotation of a configuration changes what we do.
    potentiallyUnsafeConfigAnnotations: [],
  };
}
