import { RuntimeError } from '../error.ts';
import { errnoOf } from './errno.ts';
import { PHRASES } from './phrases.ts';
import { REMEDIES } from './remedies.ts';
import { showField } from './show-field.ts';
import type { FieldValue, HelperKind, Origin, Plan, PlannedStep, Step, StepOf } from './step.ts';
import { STEP_TABLE } from './table.ts';
import { type HelperFailure, NO_STEP } from './wire.ts';

/**
 * Says in words what the helper reported in numbers: what in config.json asked for the step that failed, what was
 * tried, the errno, and what usually helps.
 *
 * @param plan undefined where it cannot be read any more
 * @returns the error to throw; also for a report that fits no plan
 */
export function explainFailure(failure: HelperFailure, plan: Plan | undefined): RuntimeError {
  const { step: index, errno, detail } = failure;
  const reason = explainErrno(errno, oneLine(detail));
  const helper = { operation: 'run the init helper', code: codeOf(errno) };
  if (index === NO_STEP || plan === undefined) {
    return new RuntimeError({ ...helper, detail: reason });
  }
  const planned = plan.steps[index];
  if (planned === undefined || !Object.hasOwn(PHRASES, planned.step.kind)) {
    const which = `it reported a failure of step ${index}, which the plan does not have`;
    return new RuntimeError({ ...helper, detail: `${which}: ${reason}` });
  }
  const hint = isFiltered(plan, index, errno) ? FILTERED : '';
  const names: readonly string[] = STEP_TABLE[planned.step.kind].subSteps;
  return explainStep(planned, failure, names[failure.subStep], hint);
}

const FILTERED = ' – the seccomp profile, which is in force by now, may not allow the system call';
/** What execve(2) says of a file without a profile, it says with one as well. */
const NOT_OF_THE_FILE = ['EPERM', 'ENOSYS'];

/** Without no_new_privs the filter is loaded before the capabilities are dropped, and those calls have to pass it. */
function isFiltered(plan: Plan, index: number, errno: number): boolean {
  const kinds = plan.steps.map(({ step }) => step.kind);
  if (errno === 0 || !kinds.slice(0, index).includes('seccomp')) return false;
  return kinds[index] !== 'execute' || NOT_OF_THE_FILE.includes(errnoOf(errno).name);
}

function explainStep(
  { step, origin }: PlannedStep,
  { subStep, errno, detail }: HelperFailure,
  name: string | undefined,
  hint: string,
): RuntimeError {
  const pointer = pointerOf(origin);
  const code = codeOf(errno);
  // The helper puts the kernel's words behind a colon, and some file systems have none.
  const said = oneLine(detail).replace(/:$/, '');
  if (step.kind === 'findExecutable' || step.kind === 'execute') {
    const explained = explainProgram(step, errno) + hint;
    return new RuntimeError({ operation: '', detail: explained, pointer, code });
  }
  const kind = step.kind as HelperKind;
  const parts: Readonly<Record<string, string>> = PHRASES[kind].parts;
  const unnamed = subStep === NO_STEP ? 'read the step' : `part ${subStep}`;
  const part = name === undefined ? unnamed : (parts[name] ?? '');
  const phrases = [PHRASES[kind].tried, part].filter((phrase) => phrase !== '');
  const clause = origin.from === 'specification' ? ` (${origin.clause})` : '';
  const operation = oneLine(phrases.map((phrase) => fill(phrase, step)).join(': ') + clause);
  return new RuntimeError({
    operation,
    detail: explainReason(step, name, errno, said) + hint,
    pointer,
    code,
  });
}

function explainReason(step: Step, name: string | undefined, errno: number, said: string): string {
  if (step.kind === 'runHook' && name === 'status' && said !== '') return said;
  if (step.kind === 'runHook' && name === 'timeout') {
    const limit = `it did not end within ${step.timeoutMs / 1000} s and was killed`;
    return said === '' ? limit : `${limit}: ${said}`;
  }
  return withRemedy(explainErrno(errno, said), step.kind, name, errno);
}

function withRemedy(
  text: string,
  kind: string,
  subStep: string | undefined,
  errno: number,
): string {
  const ofKind = (REMEDIES as Table)[kind]?.[subStep ?? ''] ?? {};
  const remedy = ofKind[errnoOf(errno).name];
  return remedy === undefined ? text : `${text} – ${remedy}`;
}
type Table = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

const ENOENT = 2;
const EISDIR = 21;

/** Engines look for these texts, and tell their user by them which of 126 and 127 to expect. */
function explainProgram(step: StepOf<'findExecutable'> | StepOf<'execute'>, errno: number): string {
  const name = step.kind === 'execute' ? (step.args[0] ?? '') : step.file;
  if (errno === ENOENT && step.kind === 'findExecutable' && !name.includes('/')) {
    const where = ` – PATH is ${step.search.join(':') || 'empty'}`;
    return oneLine(`exec: ${JSON.stringify(name)}: executable file not found in $PATH${where}`);
  }
  const words = errno === 0 ? explainErrno(0, '') : wordsOf(errno);
  const part = step.kind === 'findExecutable' ? 'find' : 'exec';
  return oneLine(withRemedy(`exec: ${JSON.stringify(name)}: ${words}`, step.kind, part, errno));
}

/** execve(2) calls a directory EACCES, and older engines know 126 by that alone, newer ones by what it is. */
const wordsOf = (errno: number): string =>
  errno === EISDIR ? 'permission denied: it is a directory' : errnoOf(errno).words;

function explainErrno(errno: number, said: string): string {
  if (errno === 0) {
    // Something that failed has a reason; a report without one is a fault of the helper, never a success.
    return ['the helper gave no reason (errno 0)', said].filter((text) => text !== '').join(': ');
  }
  const { name, words } = errnoOf(errno);
  return said === '' ? `${name} (${words})` : `${name} (${words}): ${said}`;
}

const codeOf = (errno: number): string | undefined =>
  errno === 0 ? undefined : errnoOf(errno).name;

/** Several entries of one list are named by the list; of several places elsewhere the first is the one that asks. */
function pointerOf(origin: Origin): string | undefined {
  if (origin.from !== 'config') return undefined;
  const [first, ...others] = origin.pointers;
  const list = first?.replace(/\/[0-9]+$/, '');
  const areEntries = others.length > 0 && list !== first;
  return areEntries && others.every((other) => other.replace(/\/[0-9]+$/, '') === list)
    ? list
    : first;
}

function fill(phrase: string, step: Step): string {
  const fields = step as unknown as Readonly<Record<string, FieldValue>>;
  return phrase.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = fields[name];
    if (typeof value === 'number') return showField(step.kind, name, value) ?? '';
    return String(value ?? '');
  });
}

/** What a hook prints and what a path contains must neither end the line nor command a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
