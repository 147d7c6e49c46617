import type { Process } from '../spec/types.ts';
import type { Context } from './input.ts';
import { type Draft, fromConfig, fromRuntime } from './origin.ts';
import { readEnvironment } from './process.ts';

/**
 * The label is set after the last hook has run, which must not get it, and before no_new_privs, under which a
 * confined process may not ask for another profile.
 */
function labelProgram({ facts, warn }: Context, process: Process): Draft[] {
  const steps: Draft[] = [];
  const { apparmorProfile = '', selinuxLabel = '' } = process;
  if (apparmorProfile !== '' && facts.lsm.apparmor) {
    const attribute = 'thread-self/attr/apparmor/exec';
    const label = `exec ${apparmorProfile}`;
    steps.push({
      origin: fromConfig('/process/apparmorProfile'),
      step: { kind: 'execLabel', attribute, label },
    });
  } else if (apparmorProfile !== '' && apparmorProfile !== 'unconfined') {
    warn('process.apparmorProfile is ignored: AppArmor is not enabled on this host');
  }
  if (selinuxLabel !== '' && facts.lsm.selinux) {
    steps.push({
      origin: fromConfig('/process/selinuxLabel'),
      step: { kind: 'execLabel', attribute: 'thread-self/attr/exec', label: selinuxLabel },
    });
  } else if (selinuxLabel !== '') {
    warn('process.selinuxLabel is ignored: SELinux is not enabled on this host');
  }
  return steps;
}

/**
 * The last steps: the process gives up what it still has, and becomes the program.
 *
 * A filter may forbid any of the calls that these steps make, so it is loaded as late as possible. How late depends
 * on no_new_privs: with it anybody may load a filter, so the capabilities go first; without it loading needs
 * CAP_SYS_ADMIN, so they go after, and the profile has to allow capset(2) and prctl(2). `announce` sends a message,
 * which a profile may forbid too, and so it comes before the filter in both cases.
 *
 * @param setCapabilities the step for the capability sets, if there is one
 */
export function executeProgram(
  context: Context,
  process: Process,
  setCapabilities: readonly Draft[],
): Draft[] {
  const { seccomp, preserveFds } = context;
  const filter: Draft[] =
    seccomp === undefined
      ? []
      : [{ origin: fromConfig('/linux/seccomp'), step: { kind: 'seccomp', ...seccomp } }];
  const announce: Draft = {
    origin: fromRuntime('end of file after this means that the program runs'),
    step: { kind: 'announce' },
  };
  const slots: number[] = [];
  for (let slot = 1; slot <= preserveFds; slot++) slots.push(slot);
  const placeDescriptors: Draft = {
    origin: fromRuntime('no descriptor of the host leaks into the container'),
    step: { kind: 'placeDescriptors', slots },
  };
  const noNewPrivileges: Draft = {
    origin: fromConfig('/process/noNewPrivileges'),
    step: { kind: 'noNewPrivileges' },
  };
  const pointers =
    process.env === undefined ? ['/process/args'] : ['/process/args', '/process/env'];
  const execute: Draft = {
    origin: fromConfig(...pointers),
    step: { kind: 'execute', args: process.args, env: readEnvironment(process.env ?? []).entries },
  };
  const prepared = [placeDescriptors, ...labelProgram(context, process)];
  return process.noNewPrivileges === true
    ? [...prepared, noNewPrivileges, ...setCapabilities, announce, ...filter, execute]
    : [...prepared, announce, ...filter, ...setCapabilities, execute];
}
