import sodium from 'libsodium-wrappers';
import { GithubRefusal, invalidRequest, notFound, notSupplied } from './refusal.ts';

/** A secret, opened. */
export interface StoredSecret {
  readonly name: string;
  /** What the client sealed. */
  readonly value: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who can use it, if it's an organisation's. */
  readonly visibility: string | undefined;
  readonly selectedRepositoryIds: readonly number[];
}

type Body = Readonly<Record<string, unknown>>;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const LARGEST_BYTES = 48 * 1024;

/** The secrets of a repository, an environment, an organisation or Dependabot, with the key pair that opens them. */
export class Vault {
  readonly #secrets = new Map<string, StoredSecret>();
  readonly #visibilities: readonly string[];
  #keys = sodium.crypto_box_keypair();
  #keyId: string;

  /**
   * @param keyId the ID of its key, a long number
   * @param visibilities those that a secret must have one of, if any
   */
  constructor(keyId: string, visibilities: readonly string[]) {
    this.#keyId = keyId;
    this.#visibilities = visibilities;
  }

  /** All secrets, opened. */
  get secrets(): readonly StoredSecret[] {
    return [...this.#secrets.values()];
  }

  /** A secret's value, or undefined if there's none with this name. */
  value(name: string): string | undefined {
    return this.#secrets.get(name.toUpperCase())?.value;
  }

  /** Replaces the key pair, as GitHub may at any time. */
  replaceKey(keyId: string): void {
    this.#keys = sodium.crypto_box_keypair();
    this.#keyId = keyId;
  }

  publicKey(): Body {
    return { key_id: this.#keyId, key: Buffer.from(this.#keys.publicKey).toString('base64') };
  }

  list(): Body {
    return { total_count: this.#secrets.size, secrets: this.secrets.map(described) };
  }

  /** @throws GithubRefusal 404 */
  get(name: string): Body {
    return described(this.#require(name));
  }

  /**
   * Creates or replaces a secret.
   * @returns whether it's new
   * @throws GithubRefusal 422
   */
  put(name: string, body: Body, now: number): boolean {
    checkName(name);
    const value = this.#open(body);
    const { visibility, selected_repository_ids: ids } = body;
    if (this.#visibilities.length > 0) {
      if (visibility === undefined) throw notSupplied('visibility');
      if (!this.#visibilities.some((one) => one === visibility)) {
        throw invalidRequest(`${String(visibility)} is not a member of ${JSON.stringify(this.#visibilities)}.`);
      }
    }
    return this.store(name, value, now, {
      visibility: typeof visibility === 'string' ? visibility : undefined,
      selectedRepositoryIds: Array.isArray(ids) ? ids.map(Number) : [],
    });
  }

  /**
   * Creates or replaces a secret as a person does on the site.
   * @returns whether it's new
   */
  store(
    name: string,
    value: string,
    now: number,
    access: Pick<StoredSecret, 'visibility' | 'selectedRepositoryIds'> = {
      visibility: undefined,
      selectedRepositoryIds: [],
    },
  ): boolean {
    const key = name.toUpperCase();
    const before = this.#secrets.get(key);
    this.#secrets.set(key, { name: key, value, createdAt: before?.createdAt ?? now, updatedAt: now, ...access });
    return before === undefined;
  }

  /** @throws GithubRefusal 404 */
  delete(name: string): void {
    this.#secrets.delete(this.#require(name).name);
  }

  #require(name: string): StoredSecret {
    const secret = this.#secrets.get(name.toUpperCase());
    if (secret === undefined) throw notFound();
    return secret;
  }

  #open({ encrypted_value: sealed, key_id: keyId }: Body): string {
    if (sealed === undefined) throw notSupplied('encrypted_value');
    if (keyId === undefined) throw notSupplied('key_id');
    if (typeof sealed !== 'string' || !BASE64.test(sealed)) {
      throw invalidRequest(`${String(sealed)} does not match /${BASE64.source}/.`);
    }
    const opened = keyId === this.#keyId ? this.#unseal(sealed) : undefined;
    if (opened === undefined) {
      throw new GithubRefusal(422, 'Bad request - validation failed due to an improperly encrypted secret');
    }
    if (opened.length > LARGEST_BYTES) throw new GithubRefusal(422, 'Secret value is too large.');
    return opened.toString();
  }

  #unseal(sealed: string): Buffer | undefined {
    try {
      const { publicKey, privateKey } = this.#keys;
      return Buffer.from(sodium.crypto_box_seal_open(Buffer.from(sealed, 'base64'), publicKey, privateKey));
    } catch {
      return undefined;
    }
  }
}

/** @throws GithubRefusal 422 */
export function checkName(name: string): void {
  if (!/^[a-z_]\w*$/i.test(name)) {
    throw new GithubRefusal(
      422,
      'Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not ' +
        'allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).',
    );
  }
  if (/^github_/i.test(name)) throw new GithubRefusal(422, 'Secret names must not start with GITHUB_.');
}

function described({ name, createdAt, updatedAt, visibility }: StoredSecret): Body {
  return { name, created_at: date(createdAt), updated_at: date(updatedAt), ...(visibility && { visibility }) };
}

/** A time, as GitHub writes it. */
export function date(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
