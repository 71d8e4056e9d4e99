import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './docs-blocks.ts';

const root = join(import.meta.dirname, '..');

/** The files that people copy to other CIs, and the component for GitLab, as paths relative to the repository. */
export const OTHER_CI: readonly string[] = globSync(['examples/other-ci/*', 'templates/*'], { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .sort();

const LANGUAGES: Readonly<Record<string, string>> = {
  yml: 'yaml',
  ini: 'ini',
  Jenkinsfile: 'groovy',
  Dockerfile: 'dockerfile',
};

/** The examples as blocks of a document. */
export function exampleBlocks(version: string): readonly Block[] {
  return OTHER_CI.filter((path) => path.startsWith('examples/')).map((source) => {
    const name = source.split('/').at(-1) ?? '';
    const language = LANGUAGES[name.split('.').at(-1) ?? ''] ?? '';
    const text = withVersion(readFileSync(join(root, source), 'utf8'), version);
    return { name, source, content: `\`\`\`${language}\n${text}\`\`\`` };
  });
}

/** A text in which the package, the component and the action of other CIs, the tarball and the image have this version. */
export function withVersion(text: string, version: string): string {
  return text.replaceAll(/(?<=\baws-mfa-credentials(?:@v?|\/exec@v?|[:-]))\d+\.\d+\.\d+(?:-[\w.]+)?/g, version);
}
