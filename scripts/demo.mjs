// @ts-check
/**
 * Runs a real container, from nothing: sets up what is missing, makes a bundle in a temporary folder (a root file
 * system of busybox alone, and a config.json made from what `runts spec` writes), runs it, and cleans up.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { runProgram, StepError, say } from './lib/console.mjs';
import { find } from './lib/debian.mjs';
import { setUp } from './setup.mjs';

const HOSTNAME = 'demo';

/** What the container's only program is: it looks around and prints what it sees. */
const LOOK_AROUND = `
echo "process id    $$"
echo "host name     $(hostname)"
echo "user          $(id)"
echo "directory     $(pwd)"
grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status | sed 's/:\\t/ /' | while read -r name value; do
  printf '%-13s %s\\n' "$name" "$value"
done
echo "processes"
ps -o pid,user,args | sed 's/^/  /'
echo "network"
ip -o addr 2>/dev/null | sed 's/^/  /'
echo "mounts"
while read -r what where type options rest; do
  printf '  %-22s %-8s %s\\n' "$where" "$type" "$options"
done < /proc/self/mounts
echo "root"
ls -d /* | tr '\\n' ' ' | sed 's/^/  /'
echo
if (echo > /proc/sys/kernel/hostname) 2>/dev/null; then
  echo "/proc/sys is writable: it should not be"
  exit 1
fi
`;

/** @param {string} rootfs folder that is made */
function makeRootfs(rootfs) {
  for (const folder of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp']) {
    mkdirSync(join(rootfs, folder), { recursive: true });
  }
  const busybox = find('busybox');
  if (busybox === undefined) throw new StepError('busybox is gone since the set-up');
  copyFileSync(busybox, join(rootfs, 'bin/busybox'));
  const applets = spawnSync(busybox, ['--list'], { encoding: 'utf8' }).stdout.trim().split('\n');
  for (const applet of applets.filter((name) => name !== 'busybox')) {
    symlinkSync('busybox', join(rootfs, 'bin', applet));
  }
  writeFileSync(join(rootfs, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  writeFileSync(join(rootfs, 'etc/group'), 'root:x:0:\n');
  writeFileSync(join(rootfs, 'look-around.sh'), LOOK_AROUND);
  return applets.length;
}

/**
 * @param {string} runts
 * @param {string} bundle
 */
function makeConfig(runts, bundle) {
  const made = spawnSync(runts, ['spec', '--bundle', bundle], { encoding: 'utf8' });
  if (made.status !== 0) throw new StepError(`runts spec failed: ${made.stderr.trim()}`);
  const file = join(bundle, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.hostname = HOSTNAME;
  config.process.terminal = false;
  config.process.args = ['/bin/sh', '/look-around.sh'];
  writeFileSync(file, JSON.stringify(config, null, 2));
}

async function main() {
  if (process.getuid?.() !== 0) {
    throw new StepError('the container of this demo takes root: run it as root');
  }
  await setUp('demo');
  const runts = resolve('dist/runts');
  const folder = mkdtempSync(join(tmpdir(), 'runts-demo-'));
  const id = `demo-${process.pid}`;
  const state = join(folder, 'state');
  const bundle = join(folder, 'bundle');
  let created = false;
  try {
    const count = makeRootfs(join(bundle, 'rootfs'));
    say(`demo: a root file system: one static program, ${count} names for it`);
    makeConfig(runts, bundle);
    say(
      'demo: a config.json: what `runts spec` writes, without a terminal, with a script as program',
    );
    say(`demo: this process is ${process.pid} on ${hostname()}; the container sees:\n`);
    created = true;
    const args = ['--root', state, 'run', '--bundle', bundle, id];
    const { code, how } = await runProgram(runts, args, { timeout: 60_000 });
    if (code !== 0) throw new StepError(`the container ended with ${how}`);
    say(`\ndemo: that was \`runts ${args.join(' ')}\`; the container has ended and is deleted`);
  } finally {
    // After a success there is nothing left to delete; `delete --force` of nothing is a success as well.
    if (created) {
      spawnSync(runts, ['--root', state, 'delete', '--force', id], { stdio: 'inherit' });
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  process.stderr.write(`demo: ${error.message}\n`);
  process.exitCode = 1;
}
