import { runCommandLine } from './cli/command-line.ts';

const code = await runCommandLine(process.argv.slice(2), {
  uid: process.geteuid?.() ?? 0,
  runtimeDirectory: process.env.XDG_RUNTIME_DIR,
});
// Not left to the event loop: a thread that waits for a process must not keep the program from ending.
process.exit(code);
