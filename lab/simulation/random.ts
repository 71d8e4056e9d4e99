import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers from 0 up to 1 that depend on the seed alone. */
export function seededRandom(seed: number): () => number {
  // Seeds that lie side by side begin alike with this generator; spread them, and let it run in.
  const generator = xoroshiro128plus(Math.imul(seed, 0x9e3779b1));
  for (let count = 0; count < 20; count += 1) uniformFloat64(generator);
  return () => uniformFloat64(generator);
}
