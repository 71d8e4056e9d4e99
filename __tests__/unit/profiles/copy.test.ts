import { describe, expect, test } from '@jest/globals';
import { withoutCredentials } from '../../../src/profiles/copy.ts';

describe('a copy of settings', () => {
  test.each([
    ['nested settings', '[default]\ns3 =\n  max_queue_size = 5\n\n  addressing_style = path\nregion = x\n'],
    ['sections of services', '[services a]\ndynamodb =\n  endpoint_url = http://localhost:8000\n'],
    ['lines without an end, and lone carriage returns', '[default]\rca_bundle = /x\r[profile a]\routput: json'],
    ['a byte order mark and bytes that are not UTF-8', '\xef\xbb\xbf[profile \xe4]\r\noutput = \xff\r\n'],
    ['what only looks like a key', '[default]\noutput = aws_access_key_id = x\nmy_role_arn = x\n'],
    ['nothing', ''],
  ])('has %s', (_, text) => {
    expect(withoutCredentials(text)).toBe(text);
  });

  test.each([
    ['a key', 'aws_secret_access_key = x'],
    ['a key in another case, with a colon and indented', '  AWS_Secret_Access_Key: x'],
    ['a key without a value', 'aws_session_token'],
    ['a program over several lines', 'credential_process =\n  get\n\n  --key x\n    more'],
    ['how a role is assumed', 'role_arn = x\nsource_profile = y\nduration_seconds = 1\nexternal_id = z'],
    ['single sign-on', 'sso_start_url = x\nsso_account_id = x'],
    ['a key that is commented out', '#aws_secret_access_key = x\n; old: aws_secret_access_key = x\n  # x'],
    ['our comment', '# Written by aws-mfa-credentials; removed when the job ends.'],
    ['a nested key', 's3 =\n  aws_secret_access_key = x'],
  ])('does not have %s', (_, lines) => {
    for (const lineEnd of ['\n', '\r\n']) {
      const copy = withoutCredentials(`[default]\n${lines}\noutput = json\n`.replaceAll('\n', lineEnd));
      expect(copy.split(lineEnd).filter((line) => line !== '' && line !== 's3 =')).toEqual([
        '[default]',
        'output = json',
      ]);
    }
  });
});
