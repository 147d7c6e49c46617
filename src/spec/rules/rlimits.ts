import { expected, type Rule } from './rule.ts';

/** getrlimit(2). */
const NAMES: ReadonlySet<string> = new Set([
  'RLIMIT_AS',
  'RLIMIT_CORE',
  'RLIMIT_CPU',
  'RLIMIT_DATA',
  'RLIMIT_FSIZE',
  'RLIMIT_LOCKS',
  'RLIMIT_MEMLOCK',
  'RLIMIT_MSGQUEUE',
  'RLIMIT_NICE',
  'RLIMIT_NOFILE',
  'RLIMIT_NPROC',
  'RLIMIT_RSS',
  'RLIMIT_RTPRIO',
  'RLIMIT_RTTIME',
  'RLIMIT_SIGPENDING',
  'RLIMIT_STACK',
]);

/** config.md, "POSIX process": a value that no limit of the kernel corresponds to, and a duplicate, MUST be an error. */
export const rlimits: Rule = ({ process }, report) => {
  const seen = new Set<string>();
  process?.rlimits?.forEach(({ type, soft, hard }, index) => {
    const pointer = `/process/rlimits/${index}`;
    if (!NAMES.has(type)) {
      report(`${pointer}/type`, expected('the name of a resource limit of Linux', type));
    } else if (seen.has(type)) {
      report(`${pointer}/type`, `expected each limit once, got "${type}" twice`);
    }
    seen.add(type);
    if (soft > hard) report(`${pointer}/soft`, expected(`at most the hard limit of ${hard}`, soft));
  });
};
