import type { SeccompAction, Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

/** Actions in the words of /proc/sys/kernel/seccomp/actions_avail (proc_sys_kernel(5)). */
const ACTION_WORDS: Readonly<Record<SeccompAction, string>> = {
  SCMP_ACT_ALLOW: 'allow',
  SCMP_ACT_ERRNO: 'errno',
  SCMP_ACT_KILL: 'kill_thread',
  SCMP_ACT_KILL_PROCESS: 'kill_process',
  SCMP_ACT_KILL_THREAD: 'kill_thread',
  SCMP_ACT_LOG: 'log',
  SCMP_ACT_NOTIFY: 'user_notif',
  SCMP_ACT_TRACE: 'trace',
  SCMP_ACT_TRAP: 'trap',
};

const { ok, missing, lacking } = findingsOf('security');

/** Seccomp, and the security modules that labels in the configuration are for. */
export async function checkSecurity(host: Host, spec: Spec | undefined): Promise<Finding[]> {
  return [
    ...(await checkSeccomp(host, spec)),
    ...checkAppArmor(host, spec),
    ...checkSelinux(host, spec),
  ];
}

async function checkSeccomp(host: Host, spec: Spec | undefined): Promise<Finding[]> {
  const seccomp = spec?.linux?.seccomp;
  if (spec !== undefined && seccomp === undefined) return [];
  const available = host.read('/proc/sys/kernel/seccomp/actions_avail')?.trim().split(' ');
  if (available === undefined) {
    const remedy = 'boot a kernel with CONFIG_SECCOMP_FILTER';
    const place = seccomp === undefined ? {} : { pointer: '/linux/seccomp' };
    const lack = { subject: 'seccomp', detail: 'this kernel has no filters', remedy, ...place };
    return [lacking(seccomp !== undefined, lack)];
  }
  if (seccomp === undefined) return [ok('seccomp', available.join(', '))];
  const wanted: readonly [SeccompAction, string][] = [
    [seccomp.defaultAction, '/linux/seccomp/defaultAction'],
    ...(seccomp.syscalls ?? []).map(({ action }, index): [SeccompAction, string] => [
      action,
      `/linux/seccomp/syscalls/${index}/action`,
    ]),
  ];
  const findings = wanted
    .filter(([action]) => !available.includes(ACTION_WORDS[action]))
    .map(([action, pointer]) =>
      missing({
        subject: `seccomp action ${action}`,
        detail: `Linux ${host.release} does not have it`,
        remedy: 'boot a newer kernel, or choose another action',
        pointer,
      }),
    );
  const flags = seccomp.flags?.length ? await host.seccompFlags() : [];
  for (const [index, flag] of (seccomp.flags ?? []).entries()) {
    if (flags.includes(flag)) continue;
    findings.push(
      missing({
        subject: flag,
        detail: `Linux ${host.release} does not know it`,
        remedy: 'boot a newer kernel, or leave it out',
        pointer: `/linux/seccomp/flags/${index}`,
      }),
    );
  }
  return findings.length > 0 ? findings : [ok('seccomp', 'has all that the profile uses')];
}

function checkAppArmor(host: Host, spec: Spec | undefined): Finding[] {
  const profile = spec?.process?.apparmorProfile ?? '';
  if (spec !== undefined && profile === '') return [];
  const place = profile === '' ? {} : { pointer: '/process/apparmorProfile' };
  if (host.read('/sys/module/apparmor/parameters/enabled')?.startsWith('Y') !== true) {
    return [
      lacking(profile !== '', {
        subject: 'AppArmor',
        detail: 'it is not enabled, so profiles are ignored with a warning',
        remedy: 'boot with lsm=…,apparmor, or use no profiles',
        ...place,
      }),
    ];
  }
  const loaded = host.read('/sys/kernel/security/apparmor/profiles');
  const names = loaded?.split('\n').map((line) => line.replace(/ \(\w+\)$/, ''));
  if (profile === '' || profile === 'unconfined' || names?.includes(profile) !== false) {
    return [ok('AppArmor', 'enabled')];
  }
  return [
    missing({
      subject: `AppArmor profile ${profile}`,
      detail: 'it is not loaded',
      remedy: 'load it: apparmor_parser -r FILE',
      ...place,
    }),
  ];
}

function checkSelinux(host: Host, spec: Spec | undefined): Finding[] {
  const [pointer] = [
    spec?.process?.selinuxLabel ? '/process/selinuxLabel' : '',
    spec?.linux?.mountLabel ? '/linux/mountLabel' : '',
  ].filter(Boolean);
  if (spec !== undefined && pointer === undefined) return [];
  if (host.read('/sys/fs/selinux/enforce') !== undefined) return [ok('SELinux', 'enabled')];
  return [
    lacking(pointer !== undefined, {
      subject: 'SELinux',
      detail: 'it is not enabled, so labels are ignored with a warning',
      remedy: 'boot with lsm=…,selinux and a policy, or use no labels',
      ...(pointer === undefined ? {} : { pointer }),
    }),
  ];
}
