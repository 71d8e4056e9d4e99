import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PARTITIONS } from '../../../src/aws/partitions.ts';

/** One partition as the SDK's endpoint data has it. */
interface SdkPartition {
  readonly id: string;
  readonly regionRegex: string;
  readonly outputs: { readonly dnsSuffix: string };
  readonly regions: Readonly<Record<string, unknown>>;
}

/** The SDK's own data; it is not among what its packages export, so it is read from the file. */
const SDK: readonly SdkPartition[] = (() => {
  const core = dirname(require.resolve('@aws-sdk/core/package.json'));
  const file = join(core, 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js');
  const json = readFileSync(file, 'utf8')
    .replace(/^export const partitionsInfo = /, '')
    .replace(/;\s*$/, '');
  return JSON.parse(json).partitions;
})();

describe('the partitions', () => {
  test('are those of the SDK, each with its suffix and the pattern of its regions', () => {
    const shown = (source: string): string => source.replaceAll('\\-', '-');
    const theirs = SDK.map(({ id, outputs, regionRegex }) => ({
      id,
      dnsSuffix: outputs.dnsSuffix,
      pattern: shown(regionRegex),
    }));
    const ours = PARTITIONS.map(({ id, dnsSuffix, regionPattern }) => ({
      id,
      dnsSuffix,
      pattern: shown(regionPattern.source),
    }));
    const byId = (a: { readonly id: string }, b: { readonly id: string }): number => a.id.localeCompare(b.id);
    expect(ours.toSorted(byId)).toEqual(theirs.toSorted(byId));
  });

  test('are the eight that are known', () => {
    expect(PARTITIONS.map(({ id }) => id).toSorted()).toEqual([
      'aws',
      'aws-cn',
      'aws-eusc',
      'aws-iso',
      'aws-iso-b',
      'aws-iso-e',
      'aws-iso-f',
      'aws-us-gov',
    ]);
  });

  test('have no pattern with a state or in more than one line', () => {
    expect(PARTITIONS.map(({ regionPattern }) => regionPattern.flags)).toEqual(Array(8).fill(''));
  });

  test.each(
    SDK.flatMap(({ id, regions }) => Object.keys(regions).map((region) => [region, id] as const)).filter(
      ([region]) => !region.endsWith('-global'),
    ),
  )('know the region %s in %s, and in no other', (region, id) => {
    expect(PARTITIONS.filter(({ regionPattern }) => regionPattern.test(region)).map((found) => found.id)).toEqual([id]);
  });
});
