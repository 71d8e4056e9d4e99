import { Agent } from 'node:https';
import { Duplex } from 'node:stream';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetAccessKeyLastUsedCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListUserPoliciesCommand,
  ListVirtualMFADevicesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type ClientContext, credentialsOf } from '../../../src/aws/client-context.ts';
import { IAM } from '../../../src/aws/iam.ts';
import { type AdminCalls, IAM_ADMIN } from '../../../src/aws/iam-calls.ts';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { QueryClient } from '../../../src/aws/query-client.ts';
import { STS } from '../../../src/aws/sts.ts';
import { userAgentOf } from '../../../src/aws/user-agent.ts';
import { STS_FOR_WEB_IDENTITY } from '../../../src/aws/web-identity.ts';
import type { Keys } from '../../../src/core/credentials.ts';
import { clientSetting } from '../../kit/client-setting.ts';

beforeEach(() => {
  jest.spyOn(globalThis.crypto, 'randomUUID').mockReturnValue('3f2a7c1e-9f6b-4d0a-8b1e-5a7d2c4e6f80');
  jest.useFakeTimers({
    now: Date.UTC(2027, 0, 15, 8, 59, 7),
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'],
  });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** An agent that sends nothing, and collects what would have been sent to whom. */
class Recorder extends Agent {
  readonly #response: string;

  constructor(response = 'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n') {
    super();
    this.#response = response;
  }

  readonly sent: { readonly host: string; readonly bytes: string }[] = [];

  override createConnection(options: {
    readonly host?: string | null;
    readonly port?: number | string | null;
  }): Duplex {
    let bytes = '';
    const done = (): void => {
      const [head = '', body = ''] = bytes.split('\r\n\r\n');
      const length = /^content-length: (\d+)$/im.exec(head)?.[1];
      if (Buffer.byteLength(body) < Number(length)) return;
      this.sent.push({ host: `${options.host}:${options.port}`, bytes });
      socket.push(this.#response);
      socket.push(null);
    };
    const socket: Duplex = new Duplex({
      read() {},
      write(chunk, _, callback) {
        bytes += String(chunk);
        callback();
        done();
      },
    });
    return Object.assign(socket, { setKeepAlive: () => socket, setTimeout: () => socket, ref() {}, unref() {} });
  }
}

const LONG_TERM: Keys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const TEMPORARY: Keys = {
  ...LONG_TERM,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionToken: 'IQoJb3JpZ2luX2Vj//+tok=en',
};
const ODD = 'a b+c&d=e/f?g#h%i"j\'k(l)m*n~o!ü€🔑\n\t<>;,:@$[]{}|\\^`';
const MFA = { SerialNumber: 'arn:aws:iam::123456789012:mfa/ci+bot@example.com', TokenCode: '012345' };
const ROLE = {
  RoleArn: 'arn:aws:iam::123456789012:role/team/deploy',
  RoleSessionName: 'Git=Hub,Actions@1',
  DurationSeconds: 43_200,
  ExternalId: 'partner:42/x=y',
  SourceIdentity: 'octo-cat@example.com',
  Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
  PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }, { arn: 'arn:aws:iam::123456789012:policy/x' }],
  Tags: [
    { Key: 'Repository', Value: 'octo-org/octo-repo' },
    { Key: 'Büro & Co.', Value: ODD },
    { Key: 'empty', Value: '' },
  ],
  TransitiveTagKeys: ['Repository', 'Büro & Co.'],
};
const UNDEFINED = { ExternalId: undefined, SourceIdentity: undefined, Policy: undefined, PolicyArns: undefined };

interface Place {
  readonly region: string;
  readonly fips?: boolean;
  readonly dualstack?: boolean;
  readonly endpoint?: string;
  readonly offset?: number;
  readonly env?: Readonly<Record<string, string>>;
}

function contextOf(place: Place, httpsAgent: Agent): ClientContext {
  const {
    region,
    fips = false,
    dualstack = false,
    endpoint,
    offset = 0,
    env = { GITHUB_RUN_ID: '16588', GITHUB_RUN_ATTEMPT: '2' },
  } = place;
  return {
    ...clientSetting(''),
    transport: { httpsAgent, close: () => undefined },
    region,
    variants: { fips, dualstack },
    endpoint,
    correction: { milliseconds: offset },
    userAgent: userAgentOf(env),
  };
}

/** The options of a client of the SDK in the same place. */
function stockOptions(
  { region, variants, endpoint, correction, userAgent }: ClientContext,
  keys: Keys,
  httpsAgent: Agent,
) {
  return {
    region,
    ...(endpoint !== undefined && { endpoint }),
    credentials: credentialsOf(keys),
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: variants.fips,
    useDualstackEndpoint: variants.dualstack,
    ignoreConfiguredEndpointUrls: true,
    systemClockOffset: correction.milliseconds,
    ...userAgent,
    requestHandler: { httpsAgent },
  } as const;
}

const NEVER = new AbortController().signal;

/** A call, by the SDK's own client and by ours. */
const CALLS = {
  GetSessionToken: (input: typeof MFA & { readonly DurationSeconds: number | undefined }) => ({
    stock: (...given: Parameters<typeof stockOptions>) =>
      new STSClient(stockOptions(...given)).send(new GetSessionTokenCommand(input)),
    ours: (context: ClientContext, keys: Keys, version: string) =>
      new QueryClient({ ...STS, version }, context, keys).send('GetSessionToken', input, NEVER),
  }),
  AssumeRole: (input: ConstructorParameters<typeof AssumeRoleCommand>[0]) => ({
    stock: (...given: Parameters<typeof stockOptions>) =>
      new STSClient(stockOptions(...given)).send(new AssumeRoleCommand(input)),
    ours: (context: ClientContext, keys: Keys, version: string) =>
      new QueryClient({ ...STS, version }, context, keys).send('AssumeRole', input, NEVER),
  }),
  GetCallerIdentity: () => ({
    stock: (...given: Parameters<typeof stockOptions>) =>
      new STSClient(stockOptions(...given)).send(new GetCallerIdentityCommand({})),
    ours: (context: ClientContext, keys: Keys, version: string) =>
      new QueryClient({ ...STS, version }, context, keys).send('GetCallerIdentity', {}, NEVER),
  }),
  AssumeRoleWithWebIdentity: (input: ConstructorParameters<typeof AssumeRoleWithWebIdentityCommand>[0]) => ({
    stock: (context: ClientContext, _: Keys, agent: Agent) =>
      new STSClient(stockOptions(context, { accessKeyId: '', secretAccessKey: '' }, agent)).send(
        new AssumeRoleWithWebIdentityCommand(input),
      ),
    ours: (context: ClientContext, _: Keys, version: string) =>
      new QueryClient({ ...STS_FOR_WEB_IDENTITY, version }, context, undefined).send(
        'AssumeRoleWithWebIdentity',
        input,
        NEVER,
      ),
  }),
  ListMFADevices: () => ({
    stock: (...given: Parameters<typeof stockOptions>) =>
      new IAMClient(stockOptions(...given)).send(new ListMFADevicesCommand({})),
    ours: (context: ClientContext, keys: Keys, version: string) =>
      new QueryClient({ ...IAM, version }, context, keys).send('ListMFADevices', {}, NEVER),
  }),
};

/** A call by both clients. */
type Call = Pick<ReturnType<typeof adminCall>, 'stock' | 'ours'>;
/** A call that only the command makes. */
function adminCall<Name extends keyof AdminCalls>(
  name: Name,
  input: AdminCalls[Name][0],
  Command: new (input: AdminCalls[Name][0]) => object,
) {
  return {
    stock: (...given: Parameters<typeof stockOptions>): Promise<unknown> =>
      new IAMClient(stockOptions(...given)).send(new Command(input) as GetUserCommand),
    ours: (context: ClientContext, keys: Keys, version: string): Promise<unknown> =>
      new QueryClient({ ...IAM_ADMIN, version }, context, keys).send(name, input, NEVER),
  };
}

const ADMIN_CALLS = {
  GetUser: adminCall('GetUser', { UserName: 'ci' }, GetUserCommand),
  CreateUser: adminCall(
    'CreateUser',
    {
      UserName: 'ci',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/x',
      Tags: [
        { Key: 'Büro', Value: ODD },
        { Key: 'k', Value: '' },
      ],
    },
    CreateUserCommand,
  ),
  DeleteUser: adminCall('DeleteUser', { UserName: 'ci' }, DeleteUserCommand),
  TagUser: adminCall('TagUser', { UserName: 'ci', Tags: [{ Key: 'a', Value: ODD }] }, TagUserCommand),
  UntagUser: adminCall('UntagUser', { UserName: 'ci', TagKeys: ['a', 'Büro'] }, UntagUserCommand),
  ListUserPolicies: adminCall('ListUserPolicies', { UserName: 'ci', Marker: 'AAF/+=' }, ListUserPoliciesCommand),
  GetUserPolicy: adminCall('GetUserPolicy', { UserName: 'ci', PolicyName: 'mfa' }, GetUserPolicyCommand),
  PutUserPolicy: adminCall(
    'PutUserPolicy',
    { UserName: 'ci', PolicyName: 'mfa', PolicyDocument: ODD },
    PutUserPolicyCommand,
  ),
  DeleteUserPolicy: adminCall('DeleteUserPolicy', { UserName: 'ci', PolicyName: 'mfa' }, DeleteUserPolicyCommand),
  ListAttachedUserPolicies: adminCall('ListAttachedUserPolicies', { UserName: 'ci' }, ListAttachedUserPoliciesCommand),
  ListGroupsForUser: adminCall('ListGroupsForUser', { UserName: 'ci' }, ListGroupsForUserCommand),
  ListMFADevices: adminCall('ListMFADevices', { UserName: 'ci', Marker: undefined }, ListMFADevicesCommand),
  ListVirtualMFADevices: adminCall(
    'ListVirtualMFADevices',
    { AssignmentStatus: 'Unassigned' },
    ListVirtualMFADevicesCommand,
  ),
  CreateVirtualMFADevice: adminCall(
    'CreateVirtualMFADevice',
    { VirtualMFADeviceName: 'ci+bot@example.com' },
    CreateVirtualMFADeviceCommand,
  ),
  EnableMFADevice: adminCall(
    'EnableMFADevice',
    { UserName: 'ci', SerialNumber: MFA.SerialNumber, AuthenticationCode1: '012345', AuthenticationCode2: '678901' },
    EnableMFADeviceCommand,
  ),
  DeactivateMFADevice: adminCall(
    'DeactivateMFADevice',
    { UserName: 'ci', SerialNumber: MFA.SerialNumber },
    DeactivateMFADeviceCommand,
  ),
  DeleteVirtualMFADevice: adminCall(
    'DeleteVirtualMFADevice',
    { SerialNumber: MFA.SerialNumber },
    DeleteVirtualMFADeviceCommand,
  ),
  ListAccessKeys: adminCall('ListAccessKeys', { UserName: 'ci' }, ListAccessKeysCommand),
  CreateAccessKey: adminCall('CreateAccessKey', { UserName: 'ci' }, CreateAccessKeyCommand),
  UpdateAccessKey: adminCall(
    'UpdateAccessKey',
    { UserName: 'ci', AccessKeyId: LONG_TERM.accessKeyId, Status: 'Inactive' },
    UpdateAccessKeyCommand,
  ),
  DeleteAccessKey: adminCall(
    'DeleteAccessKey',
    { UserName: 'ci', AccessKeyId: LONG_TERM.accessKeyId },
    DeleteAccessKeyCommand,
  ),
  GetAccessKeyLastUsed: adminCall(
    'GetAccessKeyLastUsed',
    { AccessKeyId: LONG_TERM.accessKeyId },
    GetAccessKeyLastUsedCommand,
  ),
  GetRolePolicy: adminCall('GetRolePolicy', { RoleName: 'deploy', PolicyName: 'revoked' }, GetRolePolicyCommand),
  PutRolePolicy: adminCall(
    'PutRolePolicy',
    { RoleName: 'deploy', PolicyName: 'revoked', PolicyDocument: ODD },
    PutRolePolicyCommand,
  ),
  DeleteRolePolicy: adminCall(
    'DeleteRolePolicy',
    { RoleName: 'deploy', PolicyName: 'revoked' },
    DeleteRolePolicyCommand,
  ),
  SimulatePrincipalPolicy: adminCall(
    'SimulatePrincipalPolicy',
    { PolicySourceArn: 'arn:aws:iam::123456789012:user/ci', ActionNames: ['iam:GetUser', 'iam:CreateUser'] },
    SimulatePrincipalPolicyCommand,
  ),
} satisfies Readonly<Record<keyof AdminCalls, Call>>;

/** What each client sends. The version in the user agent is that of the SDK's build, which may lag behind its package.json. */
async function bothSend(call: Call, place: Place, keys: Keys = LONG_TERM) {
  const [theirs, our] = [new Recorder(), new Recorder()];
  const outcome = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'answered',
      (error: Error) => error.name,
    );
  const stockOutcome = await outcome(call.stock(contextOf(place, theirs), keys, theirs));
  const version = /^user-agent: aws-sdk-js\/(\S+)/m.exec(theirs.sent[0]?.bytes ?? '')?.[1] ?? '0';
  const ourOutcome = await outcome(call.ours(contextOf(place, our), keys, version));
  return { stock: { sent: theirs.sent, outcome: stockOutcome }, ours: { sent: our.sent, outcome: ourOutcome } };
}

const regions = PARTITIONS.map(({ id, regionPattern }) => {
  const names = [
    'us-east-1',
    'cn-north-1',
    'eusc-de-east-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'us-isof-south-1',
    'us-gov-west-1',
  ];
  return [id, names.find((name) => regionPattern.test(name)) ?? ''] as const;
});

describe('a request is that of the SDK’s own client, byte for byte', () => {
  test.each([
    ['GetSessionToken', CALLS.GetSessionToken({ ...MFA, DurationSeconds: 900 })],
    ['GetSessionToken without a duration', CALLS.GetSessionToken({ ...MFA, DurationSeconds: undefined })],
    ['AssumeRole with all parameters', CALLS.AssumeRole({ ...ROLE, ...MFA })],
    ['AssumeRole without what is optional', CALLS.AssumeRole({ ...ROLE, ...UNDEFINED, Tags: undefined })],
    ['AssumeRole with empty lists', CALLS.AssumeRole({ ...ROLE, PolicyArns: [], Tags: [], TransitiveTagKeys: [] })],
    [
      'AssumeRole with characters that are escaped',
      CALLS.AssumeRole({ ...ROLE, RoleSessionName: ODD, ExternalId: ODD }),
    ],
    ['GetCallerIdentity', CALLS.GetCallerIdentity()],
    [
      'AssumeRoleWithWebIdentity',
      CALLS.AssumeRoleWithWebIdentity({ RoleArn: ROLE.RoleArn, RoleSessionName: 'x', WebIdentityToken: ODD }),
    ],
    ['ListMFADevices', CALLS.ListMFADevices()],
  ])('%s', async (_, call) => {
    for (const keys of [LONG_TERM, TEMPORARY]) {
      const { stock, ours } = await bothSend(call, { region: 'eu-central-1' }, keys);
      expect(stock.sent).toHaveLength(1);
      expect(ours).toEqual(stock);
    }
  });

  test.each(Object.entries(ADMIN_CALLS))('%s, as the command sends it', async (_, call) => {
    const { stock, ours } = await bothSend(call, { region: 'eu-central-1' });
    expect(stock.sent).toHaveLength(1);
    expect(ours).toEqual(stock);
  });

  test.each(regions)('in the partition %s (%s)', async (_, region) => {
    for (const call of [CALLS.GetCallerIdentity(), CALLS.ListMFADevices()]) {
      const { stock, ours } = await bothSend(call, { region });
      expect(stock.sent).toHaveLength(1);
      expect(ours).toEqual(stock);
    }
  });

  test.each(
    [...regions.map(([, region]) => region), 'us-gov-east-1', 'eu-west-3'].flatMap((region) => [
      { region, fips: true },
      { region, dualstack: true },
      { region, fips: true, dualstack: true },
    ]),
  )('to FIPS and dual-stack endpoints, or is refused like there: %j', async (place) => {
    for (const call of [CALLS.GetCallerIdentity(), CALLS.ListMFADevices()]) {
      const { stock, ours } = await bothSend(call, place);
      expect(ours).toEqual(stock);
    }
  });

  test.each([
    'https://sts.example.com',
    'https://sts.example.com:8443',
    'https://sts.example.com:443/',
    'https://gateway.example.com/aws/sts',
    'https://gateway.example.com/aws/sts/',
    'https://gateway.example.com/a%20b/../c',
    'https://[::1]:4566',
    'https://10.0.0.7',
  ])('to the endpoint %s', async (endpoint) => {
    for (const call of [CALLS.GetSessionToken({ ...MFA, DurationSeconds: 900 }), CALLS.ListMFADevices()]) {
      const { stock, ours } = await bothSend(call, { region: 'eu-central-1', endpoint });
      expect(stock.sent).toHaveLength(1);
      expect(ours).toEqual(stock);
    }
  });

  test.each([{ fips: true }, { dualstack: true }])('which isn’t sent to an endpoint with %j', async (variant) => {
    const place = { region: 'eu-central-1', endpoint: 'https://sts.example.com', ...variant };
    const { stock, ours } = await bothSend(CALLS.GetCallerIdentity(), place);
    expect(ours).toEqual(stock);
    expect(ours).toEqual({ sent: [], outcome: 'EndpointError' });
  });

  test.each([
    { region: 'local' },
    { region: 'us-east-1', offset: 5_400_000 },
    { region: 'us-east-1', offset: -86_400_000 },
    { region: 'us-east-1', env: { AWS_SDK_UA_APP_ID: 'my app/ü#1', GITHUB_RUN_ID: '1 2/3' } },
    { region: 'us-east-1', env: { GITHUB_RUN_ATTEMPT: '#' } },
  ])('in another setting: %j', async (setting) => {
    const { stock, ours } = await bothSend(CALLS.GetCallerIdentity(), {
      endpoint: 'https://sts.example.com',
      ...setting,
    });
    expect(stock.sent).toHaveLength(1);
    expect(ours).toEqual(stock);
  });

  test('with the environment of a program that runs the action', async () => {
    process.env['AWS_EXECUTION_ENV'] = 'CloudBuild (x)';
    try {
      const { stock, ours } = await bothSend(CALLS.GetCallerIdentity(), { region: 'us-east-1' });
      expect(stock.sent[0]?.bytes).toContain('exec-env/CloudBuild');
      expect(ours).toEqual(stock);
    } finally {
      delete process.env['AWS_EXECUTION_ENV'];
    }
  });
});

/** What the two clients make of a response: what they return or throw, and the clock they have from then on. */
async function bothReceive(response: string) {
  const made = { theirs: new Recorder(response), our: new Recorder(response) };
  const place = { region: 'us-east-1' };
  const input = { ...MFA, DurationSeconds: 900 };
  const stock = new STSClient(stockOptions(contextOf(place, made.theirs), LONG_TERM, made.theirs));
  const ours = new QueryClient(STS, contextOf(place, made.our), LONG_TERM);
  const shown = (value: unknown): unknown => {
    const {
      name,
      message,
      Code,
      Error: inner,
      $metadata,
      $response,
      Credentials,
      ...rest
    } = value as Record<string, never>;
    const { httpStatusCode, requestId } = ($metadata ?? {}) as Record<string, unknown>;
    const { statusCode, headers } = ($response ?? {}) as Record<string, unknown>;
    // The stock client has classes for some errors, and adds a hint to what couldn't be read.
    const first = typeof message === 'string' ? String(message).split('\n')[0] : message;
    return { first, Code, inner, httpStatusCode, requestId, statusCode, headers, Credentials, type: rest['Type'] };
  };
  const received = async (promise: Promise<unknown>): Promise<unknown> => shown(await promise.catch((error) => error));
  return {
    stock: [await received(stock.send(new GetSessionTokenCommand(input))), stock.config.systemClockOffset],
    ours: [await received(ours.send('GetSessionToken', input, NEVER)), ours.config.systemClockOffset],
  };
}

const http = (status: string, headers: readonly string[], body: string): string =>
  [`HTTP/1.1 ${status}`, 'connection: close', `content-length: ${Buffer.byteLength(body)}`, ...headers, '', body].join(
    '\r\n',
  );
const refusal = (code: string): string =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>Not &lt;so&gt;.</Message></Error><RequestId>7a62</RequestId></ErrorResponse>`;
const answer = `<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>a+b</SecretAccessKey><SessionToken>x//y==</SessionToken><Expiration>2027-01-15T09:59:07Z</Expiration></Credentials></GetSessionTokenResult><ResponseMetadata><RequestId>7a62</RequestId></ResponseMetadata></GetSessionTokenResponse>`;
const ID = 'x-amzn-RequestId: 7a62';
const AHEAD = 'Date: Fri, 15 Jan 2027 11:59:07 GMT';

test.each([
  ['an answer', http('200 OK', [ID, AHEAD, 'Content-Type: text/xml'], answer)],
  ['an answer without what was requested', http('200 OK', [ID], '<GetSessionTokenResponse/>')],
  ['a refusal', http('403 Forbidden', [ID, AHEAD], refusal('AccessDenied'))],
  ['a refusal that the SDK has a class for', http('400 Bad Request', [ID], refusal('ExpiredTokenException'))],
  ['one that it has by another name', http('403 Forbidden', [ID], refusal('IDPRejectedClaim'))],
  ['a refusal for the clock', http('403 Forbidden', [ID, AHEAD], refusal('SignatureDoesNotMatch'))],
  ['a refusal of an emulator', http('403 Forbidden', ['x-amz-request-id: 12'], refusal('AccessDenied'))],
  ['nothing', http('503 Service Unavailable', [], '')],
  ['nothing but a request ID', http('500 Internal Server Error', [ID], '')],
  ['a page', http('502 Bad Gateway', ['Content-Type: text/html'], '<html><body><p>Bad<br>gateway</body></html>')],
  ['a page of a portal', http('200 OK', ['Content-Type: text/html', 'x-request-id: 1'], '<html><p>Welcome<br></html>')],
  ['what isn’t XML', http('200 OK', ['x-amz-request-id: 12'], '{"a": 1}')],
  ['a redirect', http('302 Found', ['Location: https://portal.example.com'], '')],
])('a response is read as by the SDK’s own client: %s', async (_, response) => {
  const { stock, ours } = await bothReceive(response);
  expect(ours).toEqual(stock);
});
