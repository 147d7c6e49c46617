// @ts-check
/** What the scripts print, and how they start programs. Plain Node.js: runs before any package is installed. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';

/** A failure that has been explained; its message is printed without a stack. */
export class StepError extends Error {}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * @typedef {object} Ended
 * @property {number} code exit status, 128 + n after signal n, 127 when the program could not be started
 * @property {string} how the same in words
 */

/**
 * @typedef {object} Surroundings
 * @property {Record<string, string>} [env] beside what is in ours
 * @property {string} [cwd]
 */

/**
 * Runs a program in a process group of its own, so that a time-out or an interrupt ends its children as well.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Surroundings & { log?: string, timeout?: number, onOutput?: (text: string) => void }} [options]
 *   log: file that receives the output instead of the terminal; timeout in milliseconds;
 *   onOutput: sees stdout as it comes, and stdout still reaches the terminal
 * @returns {Promise<Ended>} never rejects
 */
export function runProgram(command, args, options = {}) {
  const { log, timeout, env, cwd, onOutput } = options;
  const output = log === undefined ? undefined : openLog(log);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      detached: true,
      stdio: [
        'ignore',
        output || onOutput ? 'pipe' : 'inherit',
        output ? 'pipe' : /** @type {const} */ ('inherit'),
      ],
      env: { ...process.env, ...env },
      cwd,
    });
    let timedOut = false;
    /** @param {NodeJS.Signals} signal */
    const signalGroup = (signal) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // ESRCH: the group has already ended.
      }
    };
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            signalGroup('SIGKILL');
          }, timeout);
    const interrupt = () => {
      signalGroup('SIGTERM');
      process.exitCode = 130;
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.stdout?.on('data', (data) => {
      if (output) output.write(data);
      else process.stdout.write(data);
      onOutput?.(String(data));
    });
    child.stderr?.on('data', (data) => output?.write(data));

    let settled = false;
    /** @param {Ended} ended */
    const settle = (ended) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      if (output) output.end(() => resolve(ended));
      else resolve(ended);
    };
    child.once('error', (error) => settle({ code: 127, how: error.message }));
    child.once('close', (code, signal) => {
      if (signal === null) return settle({ code: code ?? 1, how: `exit status ${code}` });
      const how = timedOut
        ? `killed after ${seconds(timeout ?? 0)} (time-out)`
        : `killed by ${signal}`;
      settle({ code: 128 + constants.signals[signal], how });
    });
  });
}

/** @param {string} file */
function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  return createWriteStream(file);
}

/**
 * Runs one step of the set-up: says what it does, every 20 seconds that it is still at it, and how long it took.
 *
 * @param {string} title what is done, and how long that usually takes
 * @param {string} name of the log file below .cache/logs
 * @param {string} command
 * @param {string[]} args
 * @param {Surroundings} [surroundings]
 * @throws {StepError} with the end of the program's output
 */
export async function runStep(title, name, command, args, surroundings = {}) {
  const started = Date.now();
  say(`setup: ${title} …`);
  const log = `.cache/logs/${name}.log`;
  const alive = setInterval(() => {
    say(`setup: … still at it after ${Math.round((Date.now() - started) / 1000)} s (see ${log})`);
  }, 20_000);
  const { code, how } = await runProgram(command, args, { ...surroundings, log });
  clearInterval(alive);
  if (code !== 0) {
    const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-60).join('\n');
    throw new StepError(
      `${title}: \`${[command, ...args].join(' ')}\` failed (${how})${tail === '' ? '' : `:\n${tail}`}`,
    );
  }
  say(`setup: … done in ${seconds(Date.now() - started)}`);
}
