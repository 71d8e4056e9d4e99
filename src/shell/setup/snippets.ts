import type { EnrollOptions } from './options.ts';
import { gitlabJob } from './snippet-of-gitlab.ts';
import { workflow } from './snippet-of-workflow.ts';

/** What a job needs to know to use what was stored. */
export interface Use extends Pick<EnrollOptions, 'roles' | 'buckets' | 'listsBuckets' | 'form'> {
  readonly region: string;
}

/**
 * What to paste into the pipeline, complete. Undefined if the secrets weren't stored where one reads them, or if standard output has them
 * already.
 */
export function snippetFor({ places, ...wanted }: EnrollOptions, region: string): string | undefined {
  if (places.some((place) => place.kind === 'output' && place.path === undefined)) return undefined;
  const place = places.find(({ kind }) => kind !== 'output');
  const use: Use = { ...wanted, region };
  switch (place?.kind) {
    case 'github':
      return workflow(use, place);
    case 'gitlab':
      return gitlabJob(use, place);
    default:
      return undefined;
  }
}
