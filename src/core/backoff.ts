/** How long to wait before attempt `count` + 1: "full jitter" up to 20 s, in milliseconds. */
export function backoff(count: number, random: () => number): number {
  return Math.round(random() * Math.min(20_000, 100 * 2 ** count));
}
