import { expect, test } from '@jest/globals';
import { ACCOUNT, ADMIN, DONE, GUEST, guest, iam, said } from './account.ts';

const tagged = (...tags: [string, string][]): Record<string, string> =>
  Object.fromEntries(
    tags.flatMap(([key, value], i) => [
      [`Tags.member.${i + 1}.Key`, key],
      [`Tags.member.${i + 1}.Value`, value],
    ]),
  );
const tag = (...tags: [string, string][]) => said(iam(ADMIN, 'TagUser', { UserName: 'guest', ...tagged(...tags) }));

test('TagUser adds and replaces tags, whatever the case of their keys, and UntagUser removes them', async () => {
  expect(await tag(['team', 'web'], ['made-by', 'a tool'])).toEqual(DONE);
  expect(await tag(['Team', 'app'])).toEqual(DONE);
  expect((await iam(ADMIN, 'ListUserTags', { UserName: 'guest' })).body).toContain(
    '<IsTruncated>false</IsTruncated><Tags><member><Key>made-by</Key><Value>a tool</Value></member><member><Key>Team</Key><Value>app</Value></member></Tags>',
  );
  const keys = { 'TagKeys.member.1': 'TEAM', 'TagKeys.member.2': 'missing' };
  expect(await said(iam(ADMIN, 'UntagUser', { UserName: 'guest', ...keys }))).toEqual(DONE);
  expect(guest.tags).toEqual({ 'made-by': 'a tool' });
});

test('tags are listed in pages', async () => {
  await tag(['a', '1'], ['b', '2'], ['c', '3']);
  const first = await iam(ADMIN, 'ListUserTags', { UserName: 'guest', MaxItems: '2' });
  expect([first.fields('Key'), first.field('IsTruncated')]).toEqual([['a', 'b'], 'true']);
  const rest = await iam(ADMIN, 'ListUserTags', { UserName: 'guest', Marker: first.field('Marker') ?? '' });
  expect([rest.fields('Key'), rest.field('IsTruncated')]).toEqual([['c'], 'false']);
});

test('a user has 50 tags at most', async () => {
  guest.tags = Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`key-${i}`, '']));
  expect(await tag(['one', ''])).toEqual(DONE);
  expect(await tag(['more', ''])).toEqual([409, 'LimitExceeded', 'Cannot exceed quota for TagsPerUser: 50']);
  expect(await tag(['one', 'changed'])).toEqual(DONE);
});

test.each<[string, Record<string, string>, string]>([
  [
    'TagUser',
    {},
    "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null",
  ],
  [
    'UntagUser',
    {},
    "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
  ],
  [
    'TagUser',
    tagged(['a', '1'], ['A', '2']),
    'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  ],
  [
    'UntagUser',
    { 'TagKeys.member.1': 'a;b' },
    "1 validation error detected: Value 'a;b' at 'tagKeys.1.member' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*",
  ],
])('%s refuses %j', async (action, params, message) => {
  expect(await said(iam(ADMIN, action, { UserName: 'guest', ...params }))).toEqual([400, 'ValidationError', message]);
});

test('policies can ask for the tags that a user has', async () => {
  guest.policies = [
    {
      Statement: {
        Effect: 'Allow',
        Action: 'iam:DeleteUser',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/made-by': 'a tool' } },
      },
    },
  ];
  await iam(ADMIN, 'CreateUser', { UserName: 'ci', ...tagged(['made-by', 'a tool']) });
  await iam(ADMIN, 'CreateUser', { UserName: 'other' });
  expect(await said(iam(GUEST, 'DeleteUser', { UserName: 'other' }))).toEqual([
    403,
    'AccessDenied',
    `User: arn:aws:iam::${ACCOUNT}:user/guest is not authorized to perform: iam:DeleteUser on resource: user other because no identity-based policy allows the iam:DeleteUser action`,
  ]);
  expect(await said(iam(GUEST, 'DeleteUser', { UserName: 'ci' }))).toEqual(DONE);
});
