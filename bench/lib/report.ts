/** What one run of the benchmark found; `bench/results/*.json` is this. */
import type { Rounds } from './statistics.ts';

export type RuntimeName = 'runts' | 'runc' | 'crun';

export type Peer = Exclude<RuntimeName, 'runts'>;

export const PEERS: readonly Peer[] = ['runc', 'crun'];

export interface Measurement {
  readonly name: string;
  /** What is done, for a reader who knows the commands of a runtime. */
  readonly title: string;
  readonly unit: 'ms' | 'MB';
  readonly values: Readonly<Partial<Record<RuntimeName, Rounds>>>;
  /** The most that our median divided by the peer's may be. */
  readonly targets: Readonly<Partial<Record<Peer, number>>>;
  /** Why a runtime has no values. */
  readonly failures: Readonly<Partial<Record<RuntimeName, string>>>;
}

export interface Report {
  /** RFC 3339. */
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<RuntimeName, string>>;
  readonly isQuick: boolean;
  /** Load average over a minute, before and after. */
  readonly load: readonly [number, number];
  readonly seconds: number;
  readonly measurements: readonly Measurement[];
}
