import { type Outcome, play, type Scenario } from './scenario.ts';

/** The results of many plays of a scenario. */
export interface Series {
  readonly scenario: Omit<Scenario, 'seed'>;
  readonly plays: number;
  /** Means over the plays. */
  readonly served: number;
  readonly verifications: number;
  readonly refusals: number;
  readonly unread: number;
  /** The fewest jobs served in any play. */
  readonly servedAtLeast: number;
  /** Seconds to the last credential: the median of all plays, and the 90th percentile. */
  readonly lastMedian: number;
  readonly lastNinetieth: number;
  /** The curve of the median play: seconds to each credential, in order. */
  readonly curve: readonly number[];
}

/** Plays a scenario with the seeds `firstSeed`, `firstSeed` + 1, … */
export async function playSeries(scenario: Omit<Scenario, 'seed'>, plays: number, firstSeed: number): Promise<Series> {
  const outcomes: Outcome[] = [];
  for (let index = 0; index < plays; index += 1) outcomes.push(await play({ ...scenario, seed: firstSeed + index }));
  const byLast = outcomes.toSorted((a, b) => lastOf(a) - lastOf(b));
  const mean = (value: (outcome: Outcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + value(outcome), 0) / plays;
  const at = (share: number): Outcome | undefined => byLast[Math.min(plays - 1, Math.floor(plays * share))];
  return {
    scenario,
    plays,
    served: mean(({ served }) => served),
    verifications: mean(({ verifications }) => verifications),
    refusals: mean(({ refusals }) => refusals),
    unread: mean(({ unread }) => unread),
    servedAtLeast: Math.min(...outcomes.map(({ served }) => served)),
    lastMedian: lastOf(at(0.5)),
    lastNinetieth: lastOf(at(0.9)),
    curve: at(0.5)?.servedAt ?? [],
  };
}

function lastOf(outcome: Outcome | undefined): number {
  return outcome?.servedAt.at(-1) ?? 0;
}
