/** The points at which init waits for the runtime, in the order in which they can occur. */
export const STAGES = ['registered', 'mounted', 'ready'] as const;
export type Stage = (typeof STAGES)[number];
