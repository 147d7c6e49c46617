import type { IoPriority, Personality } from '../spec/types.ts';
import { type Context, refuse } from './input.ts';
import { type Draft, fromConfig, fromRuntime } from './origin.ts';

/** Every resource in the order of its number (getrlimit(2) on x86-64 and arm64). */
export const RLIMIT_NAMES: readonly string[] = [
  'RLIMIT_CPU',
  'RLIMIT_FSIZE',
  'RLIMIT_DATA',
  'RLIMIT_STACK',
  'RLIMIT_CORE',
  'RLIMIT_RSS',
  'RLIMIT_NPROC',
  'RLIMIT_NOFILE',
  'RLIMIT_MEMLOCK',
  'RLIMIT_AS',
  'RLIMIT_LOCKS',
  'RLIMIT_SIGPENDING',
  'RLIMIT_MSGQUEUE',
  'RLIMIT_NICE',
  'RLIMIT_RTPRIO',
  'RLIMIT_RTTIME',
];

const IO_CLASSES: Readonly<Record<IoPriority['class'], number>> = {
  IOPRIO_CLASS_RT: 1,
  IOPRIO_CLASS_BE: 2,
  IOPRIO_CLASS_IDLE: 3,
};
const IO_CLASS_SHIFT = 13;

const PERSONALITIES: Readonly<Record<Personality['domain'], number>> = {
  LINUX: 0x0000,
  LINUX32: 0x0008,
};

/** Written outside of a user namespace, where lowering it is a right. */
export function setOomScore({ spec }: Context): Draft[] {
  const value = spec.process?.oomScoreAdj;
  if (value === undefined) return [];
  return [{ origin: fromConfig('/process/oomScoreAdj'), step: { kind: 'oomScoreAdj', value } }];
}

interface Limit {
  readonly pointer: string;
  readonly resource: number;
  readonly soft: bigint;
  readonly hard: bigint;
}

function readLimits({ spec }: Context): Limit[] {
  return (spec.process?.rlimits ?? []).map(({ type, soft, hard }, index) => {
    const pointer = `/process/rlimits/${index}`;
    const resource = RLIMIT_NAMES.indexOf(type);
    if (resource < 0) throw refuse(`${pointer}/type`, '', `${type} is no resource limit of Linux`);
    return { pointer, resource, soft: BigInt(soft), hard: BigInt(hard) };
  });
}

/** A hard limit above the one inherited needs CAP_SYS_RESOURCE outside: it is raised before a user namespace. */
export function raiseRlimits(context: Context): Draft[] {
  if (!context.namespaces.has('user')) return [];
  return readLimits(context).map(({ pointer, resource, hard }) => ({
    origin: fromConfig(pointer),
    step: { kind: 'raiseRlimit', resource, hard },
  }));
}

/** The limits of the process itself, set while it is still root and may raise them. */
export function limitProcess(context: Context): Draft[] {
  const { spec, id, noNewKeyring } = context;
  const steps: Draft[] = [];
  if (!noNewKeyring) {
    steps.push({
      origin: fromRuntime('the keys of the caller stay outside'),
      step: { kind: 'sessionKeyring', name: `_ses.${id}`, searchable: true },
    });
  }
  const { ioPriority } = spec.process ?? {};
  if (ioPriority !== undefined) {
    const value = (IO_CLASSES[ioPriority.class] << IO_CLASS_SHIFT) | (ioPriority.priority ?? 0);
    steps.push({ origin: fromConfig('/process/ioPriority'), step: { kind: 'ioPriority', value } });
  }
  for (const { pointer, ...limit } of readLimits(context)) {
    steps.push({ origin: fromConfig(pointer), step: { kind: 'rlimit', ...limit } });
  }
  return steps;
}

/** The execution domain changes what system calls mean, so it is set late. */
export function setPersonality({ spec }: Context): Draft[] {
  const personality = spec.linux?.personality;
  if (personality === undefined) return [];
  const persona = PERSONALITIES[personality.domain];
  return [{ origin: fromConfig('/linux/personality'), step: { kind: 'personality', persona } }];
}
