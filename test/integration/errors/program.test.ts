/** What people get wrong about the program of a container. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import type { Container } from '../../lib/container.ts';
import { useSandbox } from '../../lib/sandbox.ts';
import { expectError, inMountNamespace, runBelow } from './support.ts';

const sandbox = useSandbox();

const X_BIT = 'it needs an x bit for the user of the process, on a mount without noexec';

function addFile({ rootfs }: Container, path: string, text: string, mode = 0o755): void {
  writeFileSync(join(rootfs, path), text);
  chmodSync(join(rootfs, path), mode);
}

test('a program that is not in PATH: the message has the PATH', async () => {
  const container = sandbox().container({ args: ['ngnix'] });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/args/0: exec: "ngnix": executable file not found in $PATH – PATH is /bin',
  );
});

test('a program whose path leads nowhere', async () => {
  const container = sandbox().container({ args: ['/usr/bin/ngnix'] });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/args/0: exec: "/usr/bin/ngnix": no such file or directory – it must be in the container’s root file system',
  );
});

test('a script whose interpreter is missing', async () => {
  const container = sandbox().container({ args: ['/etc/entry'] });
  addFile(container, 'etc/entry', '#!/usr/bin/bash\necho hello\n');
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/args: exec: "/etc/entry": no such file or directory – it is gone, or its interpreter (after #!, or its dynamic loader) is missing',
  );
});

test('a script without #!, or a program for another machine', async () => {
  const container = sandbox().container({ args: ['/etc/entry'] });
  addFile(container, 'etc/entry', 'echo hello\n');
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/args: exec: "/etc/entry": exec format error – built for another machine, or a script without #! in its first line',
  );
});

test('a program without an x bit', async () => {
  const container = sandbox().container({ args: ['/etc/entry'] });
  addFile(container, 'etc/entry', '#!/bin/sh\n', 0o644);
  expectError(
    sandbox(),
    await container.run(),
    `runts run failed: config.json /process/args/0: exec: "/etc/entry": permission denied – ${X_BIT}`,
  );
});

test('a program on a volume with noexec', async () => {
  const container = sandbox().container({
    args: ['/mnt/entry'],
    mounts: [{ destination: '/mnt', source: 'volume', type: 'bind', options: ['bind', 'noexec'] }],
  });
  mkdirSync(join(container.bundle, 'volume'));
  writeFileSync(join(container.bundle, 'volume/entry'), '#!/bin/sh\n', { mode: 0o755 });
  expectError(
    sandbox(),
    await container.run(),
    `runts run failed: config.json /process/args/0: exec: "/mnt/entry": permission denied – ${X_BIT}`,
  );
});

test('a root file system on a host file system with noexec', async () => {
  const { bundle, id, rootfs } = sandbox().container();
  const script = `mount --bind ${rootfs} ${rootfs}; mount -o remount,bind,noexec ${rootfs}`;
  const command = ['run', '--bundle', bundle, id];
  expectError(
    sandbox(),
    await runBelow(sandbox(), inMountNamespace(script), command),
    `runts run failed: config.json /process/args/0: exec: "true": permission denied – ${X_BIT}`,
  );
});

test('a working directory that is a file', async () => {
  const container = sandbox().container({ process: { cwd: '/etc/motd' } });
  addFile(container, 'etc/motd', 'hello\n');
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/cwd: enter the working directory /etc/motd: ENOTDIR (not a directory) – it must be a directory',
  );
});

test('a seccomp profile that does not let the container start', async () => {
  const container = sandbox().container({
    linux: {
      seccomp: {
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ names: ['read', 'write', 'exit_group'], action: 'SCMP_ACT_ALLOW' }],
      },
    },
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/capabilities: set the capabilities: clear the ambient set: EPERM (operation not permitted) – the seccomp profile, which is in force by now, may not allow the system call',
  );
});

test('a seccomp profile that does not allow execve', async () => {
  const names = ['execve'];
  const container = sandbox().container({
    process: { noNewPrivileges: true },
    linux: {
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names, action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
      },
    },
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/args: exec: "true": operation not permitted – the seccomp profile, which is in force by now, may not allow the system call',
  );
});

test('a seccomp profile that kills for execve', async () => {
  const container = sandbox().container({
    linux: {
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['execve'], action: 'SCMP_ACT_KILL_PROCESS' }],
      },
    },
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /linux/seccomp: start the container: its init ended when it executed the program: does the seccomp profile allow execve?',
  );
});

test('a memory limit that is too low for the program to be executed', async () => {
  const args = ['true', ...Array.from({ length: 12 }, () => 'x'.repeat(100_000))];
  const container = sandbox().container({
    args,
    linux: { resources: { memory: { limit: 1_000_000, swap: 1_000_000 } } },
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /linux/resources/memory/limit: start the container: the kernel has killed its init for want of memory: raise the limit',
  );
});

test('a resource limit above what the runtime may give', async () => {
  const container = sandbox().container({
    process: { rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 4_000_000_000 }] },
  });
  expectError(
    sandbox(),
    await container.run(),
    'runts run failed: config.json /process/rlimits/0: set the limit NOFILE to 1024 and 4000000000: EPERM (operation not permitted) – a higher hard limit takes CAP_SYS_RESOURCE; NOFILE ends at /proc/sys/fs/nr_open',
  );
});
