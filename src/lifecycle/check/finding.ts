/** `missing` keeps the bundle, or containers at all, from running; `optional` is absent, and only some would miss it. */
export type Verdict = 'ok' | 'missing' | 'optional';

export const TOPICS = [
  'kernel',
  'rights',
  'namespaces',
  'cgroups',
  'security',
  'user ids',
  'files',
  'other programs',
] as const;
export type Topic = (typeof TOPICS)[number];

/** One line of `runts check`. */
export interface Finding {
  readonly topic: Topic;
  readonly verdict: Verdict;
  /** What was looked for. */
  readonly subject: string;
  /** How it is. */
  readonly detail: string;
  /** What to do about it; absent only where all is well. */
  readonly remedy?: string;
  /** JSON pointer into config.json of what needs it. */
  readonly pointer?: string;
}

type Lack = Required<Pick<Finding, 'subject' | 'detail' | 'remedy'>> & {
  readonly pointer?: string;
};

/** Makes the findings of one topic. */
export function findingsOf(topic: Topic) {
  return {
    ok: (subject: string, detail: string): Finding => ({ topic, verdict: 'ok', subject, detail }),
    missing: (lack: Lack): Finding => ({ topic, verdict: 'missing', ...lack }),
    optional: (lack: Lack): Finding => ({ topic, verdict: 'optional', ...lack }),
    /** For what a bundle asks for `missing`, else `optional`. */
    lacking: (isNeeded: boolean, lack: Lack): Finding => ({
      topic,
      verdict: isNeeded ? 'missing' : 'optional',
      ...lack,
    }),
  };
}
