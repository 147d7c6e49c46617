import { HOOK_KINDS } from '../hooks.ts';
import { expected, type Report, type Rule } from './rule.ts';

export const programName: Rule = ({ process }, report) => {
  if (process?.args[0] === '') {
    report('/process/args/0', expected('the name of a program', process.args[0]));
  }
};

/** environ(7): `name=value`, of the process and of hooks. */
export const environment: Rule = ({ process, hooks = {} }, report) => {
  checkEnvironment('/process/env', process?.env, report);
  for (const kind of HOOK_KINDS) {
    hooks[kind]?.forEach(({ env }, index) => {
      checkEnvironment(`/hooks/${kind}/${index}/env`, env, report);
    });
  }
};

function checkEnvironment(
  pointer: string,
  env: readonly string[] | undefined,
  report: Report,
): void {
  env?.forEach((entry, index) => {
    // An equals sign in front would begin an empty name.
    if (entry.indexOf('=') < 1) report(`${pointer}/${index}`, expected('NAME=value', entry));
  });
}

/** proc_pid_oom_score_adj(5). */
export const oomScoreAdj: Rule = ({ process }, report) => {
  const score = process?.oomScoreAdj;
  if (score !== undefined && (score < -1000 || score > 1000)) {
    report('/process/oomScoreAdj', expected('an integer from -1000 to 1000', score));
  }
};

/** The kernel's `struct winsize` has 16 bits for each. Without a terminal the size is ignored, says config.md. */
export const consoleSize: Rule = ({ process }, report) => {
  if (process?.terminal !== true || process.consoleSize === undefined) return;
  for (const side of ['height', 'width'] as const) {
    const length = process.consoleSize[side];
    if (length > 65_535) {
      report(`/process/consoleSize/${side}`, expected('an integer from 0 to 65535', length));
    }
  }
};

/** ioprio_set(2). */
export const ioPriority: Rule = ({ process }, report) => {
  const priority = process?.ioPriority?.priority;
  if (priority !== undefined && (priority < 0 || priority > 7)) {
    report('/process/ioPriority/priority', expected('an integer from 0 to 7', priority));
  }
};

/** config-linux.md, "Personality": no flag is defined yet. */
export const noPersonalityFlags: Rule = ({ linux }, report) => {
  linux?.personality?.flags?.forEach((flag, index) => {
    report(`/linux/personality/flags/${index}`, expected('no flag (none is defined)', flag));
  });
};
