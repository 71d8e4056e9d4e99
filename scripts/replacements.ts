/**
 * Parts of the packages that a plain run never needs but would compile, and what replaces them in the bundle. Each must match exactly
 * one module, or the build fails: an update of the SDK that moves one can't go unnoticed.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'rollup';

/** The end of a module's path → the code in its place. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  // Clients are given everything that they would look up in ~/.aws. If one still looks, it loads the original.
  '@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js': `
    export const fromSharedConfigFiles = (...options) => async () => {
      const original = await import('./fromSharedConfigFiles.js?original');
      return original.fromSharedConfigFiles(...options)();
    };`,
  // The original uses the global crypto, which loads web crypto.
  '@smithy/core/dist-es/submodules/serde/uuid/v4.js': `
    import { randomUUID } from 'node:crypto';
    export const bindV4 = () => () => randomUUID();`,
  // Only for a Node without SHA-256.
  '@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'export class Sha256Js {}',
  // Event streams: in S3, only SelectObjectContent has one.
  '@smithy/core/dist-es/submodules/event-streams/index.js': `
    export const eventStreamSerdeProvider = () => undefined;
    export const resolveEventStreamSerdeConfig = (config) => config;
    export class EventStreamSerde {}`,
  '@smithy/signature-v4/dist-es/HeaderFormatter.js': 'export class HeaderFormatter {}',
  // Signatures for several regions at once need a package that isn't installed, and S3 Express has its own. Both are turned off.
  '@aws-sdk/signature-v4-multi-region/dist-es/SignatureV4MultiRegion.js': `
    import { SignatureV4 } from '@smithy/signature-v4';
    export class SignatureV4MultiRegion extends SignatureV4 {
      static sigv4aDependency() { return 'none'; }
    }`,
  // Checksums that Node's crypto computes, or that no call here uses.
  '@aws-sdk/checksums/dist-es/submodules/sha/sha1/Sha1Js.js': 'export class Sha1Js {}',
  '@smithy/core/dist-es/submodules/checksum/md5/Md5Js.js': 'export class Md5Js {}',
  // Tracing within AWS Lambda.
  '@aws-sdk/core/dist-es/submodules/client/middleware-recursion-detection/recursionDetectionMiddleware.js': `
    export const recursionDetectionMiddleware = () => (next) => (args) => next(args);`,
  // Only for the retry mode "adaptive"; the SDK retries nothing here.
  '@smithy/core/dist-es/submodules/retry/util-retry/DefaultRateLimiter.js': 'export class DefaultRateLimiter {}',
  // Every client is given its region.
  '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js':
    'export const getInstanceMetadataRegion = async () => undefined;',
  // otplib's HMAC, in place of which codes/totp.ts passes Node's.
  '@otplib/plugin-crypto-noble/dist/index.js': 'export const crypto = undefined;\nexport class NobleCryptoPlugin {}',
};

/**
 * The same for what loads Octokit to store secrets, the command and the rotation: with its own `fetch`, so it needs no second HTTP client, and without
 * the context of a workflow, which would print.
 */
const OF_COMMAND: Readonly<Record<string, string>> = {
  '@actions/github/lib/context.js': 'export class Context {}',
  '@actions/github/lib/internal/utils.js': `
    export const getApiBaseUrl = () => 'https://api.github.com';
    export const getProxyAgent = () => undefined;
    export const getProxyFetch = () => undefined;
    export const getAuthString = (token) => 'token ' + token;
    export const getUserAgentWithOrchestrationId = (userAgent) => userAgent;`,
  // Methods for all of GitHub's API, a quarter of the rotation. The few calls here are written as paths.
  '@octokit/plugin-rest-endpoint-methods/dist-src/index.js': 'export const restEndpointMethods = () => ({});',
  '@octokit/plugin-paginate-rest/dist-bundle/index.js': 'export const paginateRest = () => ({});',
};

/**
 * The default credential chain, as the clients import it in case they get no credentials: ours always get some. What this action
 * imports from it directly stays the real one.
 */
const CHAIN = '@aws-sdk/credential-provider-node';
const NO_CHAIN = '\0no-default-chain';
const CLIENT_CONFIG = /\/@aws-sdk\/client-[a-z0-9]+\/dist-es\/runtimeConfig\.js$/;

/** A module's id with slashes, as on every system except Windows. */
export function posixPath(id: string): string {
  return id.replaceAll('\\', '/');
}

/** Whether a module's code is entirely ours, not its package's. */
export function isReplaced(id: string): boolean {
  return id === NO_CHAIN || (!id.endsWith('?original') && replacementOf(id.replace(/\?.*$/, '')) !== undefined);
}

function replacementOf(path: string): readonly [path: string, code: string] | undefined {
  return Object.entries({ ...REPLACEMENTS, ...OF_COMMAND }).find(([end]) =>
    posixPath(path).endsWith(`/node_modules/${end}`),
  );
}

/** Replaces modules in the bundle of an entry that imports all of them, or with `partial` only those that it does import. */
export function replacements({ partial }: { readonly partial: boolean }): Plugin {
  const replaced = new Map([...Object.keys(REPLACEMENTS), CHAIN].map((name) => [name, 0]));
  const count = (name: string): void => {
    replaced.set(name, (replaced.get(name) ?? 0) + 1);
  };
  return {
    name: 'replacements',
    async resolveId(source, importer, options) {
      if (source === CHAIN && importer !== undefined && CLIENT_CONFIG.test(posixPath(importer))) return NO_CHAIN;
      if (!source.endsWith('?original')) return null;
      const resolved = await this.resolve(source.slice(0, -'?original'.length), importer, {
        isEntry: options.isEntry,
        skipSelf: true,
      });
      return resolved && `${resolved.id}?original`;
    },
    load(id) {
      if (id === NO_CHAIN) {
        count(CHAIN);
        return `export const defaultProvider = () => async () => { throw new Error('the client was given no credentials'); };`;
      }
      if (id.endsWith('?original')) return readFileSync(id.slice(0, -'?original'.length), 'utf8');
      const match = replacementOf(id);
      if (match === undefined) return null;
      count(match[0]);
      return match[1];
    },
    buildEnd(error) {
      if (error !== undefined || partial) return;
      const wrong = [...replaced].filter(([, times]) => times !== 1).map(([name, times]) => `${name} (${times} times)`);
      if (wrong.length > 0) this.error(`each replacement must match once, and these did not: ${wrong.join(', ')}`);
    },
  };
}
