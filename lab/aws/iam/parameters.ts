import { Constraints, readInteger, readMembers, type TextConstraint } from '../constraints.ts';
import { AwsError, validationError } from '../errors.ts';

interface Kind {
  readonly min: number;
  readonly max: number;
  readonly pattern?: readonly [RegExp, string];
  /** The allowed characters, in the words that IAM uses instead of the pattern. */
  readonly allowed?: string;
}

const NAME = {
  pattern: [/^[\w+=,.@-]*$/, '[\\w+=,.@-]+'],
  allowed: 'alphanumeric characters and/or the following: +=,.@_-',
} as const;

// The service model of IAM. Existing users may have longer names than new ones.
const KINDS = {
  newUserName: { min: 1, max: 64, ...NAME },
  userName: { min: 1, max: 128, ...NAME },
  groupName: { min: 1, max: 128, ...NAME },
  roleName: { min: 1, max: 64, ...NAME },
  policyName: { min: 1, max: 128, ...NAME },
  deviceName: { min: 1, max: 226, ...NAME },
  path: {
    min: 1,
    max: 512,
    pattern: [/^\/(?:[\x21-\x7e]+\/)?$/, '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)'],
    allowed: 'alphanumeric characters and/or the following: /+=,.@_- and must begin and end with /',
  },
  serialNumber: { min: 9, max: 256, pattern: [/^[\w+=/:,.@-]*$/, '[\\w+=/:,.@-]+'] },
  authenticationCode: { min: 6, max: 6, pattern: [/^\d*$/, '[\\d]+'] },
  accessKeyId: { min: 16, max: 128, pattern: [/^\w*$/, '[\\w]+'] },
  policyDocument: { min: 1, max: 131_072 },
  arn: { min: 20, max: 2048 },
  description: { min: 0, max: 1000 },
  marker: { min: 1, max: 320 },
} as const satisfies Readonly<Record<string, Kind>>;

export type ParameterKind = keyof typeof KINDS;

const TAG = { pattern: [/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*'] } as const;
/** Of any resource, and in a request. */
export const MAX_TAGS = 50;

/** Parameters that the emulator doesn't support. Refusing them is better than ignoring them. */
const UNKNOWN = [
  'PermissionsBoundary',
  'PathPrefix',
  'PolicyScope',
  'ResourcePolicy',
  'ResourceOwner',
  'CallerArn',
  'ResourceHandlingOption',
];

/** The parameters of an IAM call. Read them all, then call `check`. */
export class Parameters {
  readonly #params: ReadonlyMap<string, string>;
  readonly #constraints = new Constraints();
  readonly #read = new Set<string>();
  #complaint: string | undefined;

  constructor(params: ReadonlyMap<string, string>) {
    this.#params = params;
  }

  /** A required parameter. The value only counts after `check`. */
  required(name: string, kind: ParameterKind): string {
    this.#constraints.required(fieldOf(name), this.#params.get(name));
    return this.optional(name, kind) ?? '';
  }

  /** An optional parameter. */
  optional(name: string, kind: ParameterKind): string | undefined {
    this.#read.add(name);
    const value = this.#params.get(name);
    const { min, max, pattern, allowed }: Kind = KINDS[kind];
    if (allowed === undefined) {
      this.#constraints.text(fieldOf(name), value, { min, max, ...(pattern && { pattern }) });
    } else {
      this.#constraints.text(fieldOf(name), value, { min, max });
      if (value !== undefined && pattern?.[0].test(value) === false) {
        this.#complaint ??= `The specified value for ${fieldOf(name)} is invalid. It must contain only ${allowed}`;
      }
    }
    return value;
  }

  /** One of several values. */
  choice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const value = this.#params.get(name);
    const chosen = values.find((one) => one === value);
    if (value !== undefined && chosen === undefined) this.#constraints.choice(fieldOf(name), value, values);
    return chosen;
  }

  /** One of several values, required. */
  requiredChoice<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    this.#constraints.required(fieldOf(name), this.#params.get(name));
    return this.choice(name, values);
  }

  /** A whole number. */
  integer(name: string, min: number, max: number): number | undefined {
    const value = readInteger(this.#params, name);
    this.#constraints.number(fieldOf(name), value, min, max);
    return value;
  }

  /** The tags of a new resource. */
  tags(): Readonly<Record<string, string>> {
    const members = readMembers(this.#params, 'Tags');
    this.#constraints.count(
      'tags',
      members.map((tag) => tag.get('Key') ?? ''),
      MAX_TAGS,
    );
    members.forEach((tag, i) => {
      for (const [part, min, max] of [
        ['Key', 1, 128],
        ['Value', 0, 256],
      ] as const) {
        const field = `tags.${i + 1}.member.${part.toLowerCase()}`;
        this.#constraints.required(field, tag.get(part));
        this.#constraints.text(field, tag.get(part), { min, max, ...TAG });
      }
    });
    const tags = Object.fromEntries(members.map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? '']));
    if (new Set(members.map((tag) => tag.get('Key')?.toLowerCase())).size < members.length) {
      this.#complaint ??= 'Duplicate tag keys found. Please note that Tag keys are case insensitive.';
    }
    return tags;
  }

  /** The tags that a resource gets, at least an empty list of them. */
  requiredTags(): Readonly<Record<string, string>> {
    this.#constraints.required('tags', this.#listed('Tags'));
    return this.tags();
  }

  /** The keys of tags, required. */
  tagKeys(): readonly string[] {
    this.#constraints.required('tagKeys', this.#listed('TagKeys'));
    const keys = this.strings('TagKeys', { min: 1, max: 128, ...TAG });
    this.#constraints.count('tagKeys', keys, MAX_TAGS);
    return keys;
  }

  /** A list of strings, required. */
  requiredStrings(name: string, constraint: TextConstraint): readonly string[] {
    this.#constraints.required(fieldOf(name), this.#listed(name));
    return this.strings(name, constraint);
  }

  /** A list of strings. */
  strings(name: string, constraint: TextConstraint): readonly string[] {
    const values = readMembers(this.#params, name).map((member) => member.get('') ?? '');
    values.forEach((value, i) => {
      this.#constraints.text(`${fieldOf(name)}.${i + 1}.member`, value, constraint);
    });
    return values;
  }

  /** A list of structures, each with its members by name. */
  structures(name: string): readonly ReadonlyMap<string, string>[] {
    return readMembers(this.#params, name);
  }

  // An empty list is sent as `Tags=`.
  #listed(list: string): string | undefined {
    return this.#params.get(list) ?? [...this.#params.keys()].find((name) => name.startsWith(`${list}.member.`));
  }

  /** @throws AwsError ValidationError if a parameter isn't valid */
  check(): void {
    const unknown = UNKNOWN.find((name) => this.#params.has(name) && !this.#read.has(name));
    if (unknown !== undefined) {
      throw new AwsError(501, 'NotImplemented', `The emulator doesn't know the parameter ${unknown}.`);
    }
    this.#constraints.check();
    if (this.#complaint !== undefined) throw validationError(this.#complaint);
  }
}

/** `UserName` is `userName` in refusals. */
function fieldOf(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
