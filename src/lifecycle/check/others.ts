import type { Spec } from '../../spec/types.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { Host } from './host.ts';

const { ok, optional } = findingsOf('other programs');
const files = findingsOf('files');

/** pivot_root(2) cannot leave the first root file system of the kernel, which an initial ramdisk is. */
export function checkRamdisk(host: Host, noPivot: boolean): Finding[] {
  const isRamdisk = (host.read('/proc/self/mountinfo') ?? '')
    .split('\n')
    .some((line) => line.split(' ')[4] === '/' && line.includes(' - rootfs '));
  if (!isRamdisk || noPivot) return [];
  return [
    files.missing({
      subject: 'a root that can be left',
      detail: 'the root of this host is an initial ramdisk, so that pivot_root fails',
      remedy: 'give create and run --no-pivot',
    }),
  ];
}

/** What only some need, with any bundle. */
export function checkOthers(host: Host, spec: Spec | undefined): Finding[] {
  if (spec !== undefined) return [];
  return [checkCriu(host), checkForeign(host)];
}

function checkCriu(host: Host): Finding {
  const path = host.findProgram('criu');
  return optional({
    subject: 'checkpoint and restore',
    detail: `runts does not have them yet${path === undefined ? '; there is no criu' : `; criu is ${path}`}`,
    remedy: 'use runc for containers that need them',
  });
}

/** binfmt_misc hands programs for other machines to an emulator (binfmt_misc.rst of the kernel). */
function checkForeign(host: Host): Finding {
  const folder = '/proc/sys/fs/binfmt_misc';
  const names = host.list(folder).filter((name) => name.startsWith('qemu-'));
  const subject = 'programs for other machines';
  if (names.length > 0) {
    return ok(subject, `by ${names.join(', ')}`);
  }
  const isMounted = host.kind(`${folder}/register`) !== undefined;
  return optional({
    subject,
    detail: isMounted ? 'binfmt_misc knows no emulator' : 'binfmt_misc is not mounted',
    remedy: 'for images of another architecture: install qemu-user-static',
  });
}
