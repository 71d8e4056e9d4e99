import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers from 0 to 1 that only depend on the seed. */
export function seededRandom(seed: number): () => number {
  // With this generator, neighbouring seeds begin alike. Spread them, and skip the first numbers.
  const generator = xoroshiro128plus(Math.imul(seed, 0x9e3779b1));
  for (let count = 0; count < 20; count += 1) uniformFloat64(generator);
  return () => uniformFloat64(generator);
}
