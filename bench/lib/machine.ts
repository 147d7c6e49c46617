import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** @returns processors, memory, kernel and distribution, in a line */
export function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown processor';
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${model}, ${memory} GiB, Linux ${release()}, ${system ?? 'unknown system'}`;
}

/** @returns load average over the last minute */
export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}
