import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FORMATS, findFormat, namesOfFormats, variablesOf } from '../../../src/shell/formats.ts';

const EXPORTED = {
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN==',
    expiration: new Date('2026-07-01T12:00:00Z'),
  },
  region: 'eu-central-1',
  delimiter: 'delimiter_0f8fad5b-d9cb-469f-a165-70867728950e',
};
/** Every printable character of ASCII, also where shells look first and last. */
const ASCII = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));
const HARD = {
  ...EXPORTED,
  credentials: {
    ...EXPORTED.credentials,
    secretAccessKey: `~'"\\${ASCII}\\`,
    sessionToken: `$(id)\`id\`'%PATH%!!${ASCII}'`,
  },
};

describe('each format writes', () => {
  test('sh', () => {
    expect(FORMATS.sh.write(EXPORTED)).toBe(`export AWS_ACCESS_KEY_ID='ASIAIOSFODNN7EXAMPLE'
export AWS_SECRET_ACCESS_KEY='wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export AWS_SESSION_TOKEN='IQoJb3JpZ2luX2VjEXAMPLETOKEN=='
export AWS_CREDENTIAL_EXPIRATION='2026-07-01T12:00:00.000Z'
export AWS_REGION='eu-central-1'
export AWS_DEFAULT_REGION='eu-central-1'
`);
  });

  test('dotenv, without quotes, which docker takes literally', () => {
    expect(FORMATS.dotenv.write(EXPORTED)).toBe(`AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEXAMPLETOKEN==
AWS_CREDENTIAL_EXPIRATION=2026-07-01T12:00:00.000Z
AWS_REGION=eu-central-1
AWS_DEFAULT_REGION=eu-central-1
`);
  });

  test('fish', () => {
    expect(FORMATS.fish.write(EXPORTED)).toContain(`set -gx AWS_ACCESS_KEY_ID 'ASIAIOSFODNN7EXAMPLE';\n`);
  });

  test('powershell', () => {
    expect(FORMATS.powershell.write(EXPORTED)).toContain(`$Env:AWS_ACCESS_KEY_ID = 'ASIAIOSFODNN7EXAMPLE'\n`);
    const odd = { ...EXPORTED, region: `a'b\u2019c"$d\`` };
    expect(FORMATS.powershell.write(odd)).toContain(`$Env:AWS_REGION = 'a''b\u2019\u2019c"$d\`'\n`);
  });

  test('cmd', () => {
    expect(FORMATS.cmd.write(EXPORTED)).toContain('set "AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEXAMPLETOKEN=="\n');
    expect(FORMATS.cmd.write({ ...EXPORTED, region: 'a&b|c^d' })).toContain('set "AWS_REGION=a&b|c^d"\n');
    expect(FORMATS.cmd.write({ ...EXPORTED, region: '50%"&(del)' })).toContain('set ^"AWS_REGION=50%%^"^&^(del^)^"\n');
  });

  test('json, with the same members in every case', () => {
    const fields = {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN==',
      expiration: '2026-07-01T12:00:00.000Z',
      region: 'eu-central-1',
    };
    expect(JSON.parse(FORMATS.json.write(EXPORTED))).toEqual(fields);
    const unlimited = { ...EXPORTED, credentials: { ...EXPORTED.credentials, expiration: undefined } };
    expect(JSON.parse(FORMATS.json.write(unlimited))).toEqual({ ...fields, expiration: null });
  });

  test('process, as credential_process must answer', () => {
    expect(FORMATS.process.write(EXPORTED)).toBe(
      '{"Version":1,"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","SessionToken":"IQoJb3JpZ2luX2VjEXAMPLETOKEN==","Expiration":"2026-07-01T12:00:00.000Z"}\n',
    );
  });

  test('github, in the multi-line form of GITHUB_ENV', () => {
    const { delimiter } = EXPORTED;
    const text = FORMATS.github.write(HARD);
    expect(text).toContain(`AWS_ACCESS_KEY_ID<<${delimiter}\nASIAIOSFODNN7EXAMPLE\n${delimiter}\n`);
    expect(text).toContain(`\n${HARD.credentials.sessionToken}\n${delimiter}\n`);
  });

  test('azure, whose secrets are masked before they are set', () => {
    const odd = { ...EXPORTED, credentials: { ...EXPORTED.credentials, sessionToken: '50%;]' } };
    expect(FORMATS.azure.write(odd)).toBe(`##vso[task.setsecret]ASIAIOSFODNN7EXAMPLE
##vso[task.setsecret]wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
##vso[task.setsecret]50%AZP25;]
##vso[task.setvariable variable=AWS_ACCESS_KEY_ID;issecret=true]ASIAIOSFODNN7EXAMPLE
##vso[task.setvariable variable=AWS_SECRET_ACCESS_KEY;issecret=true]wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
##vso[task.setvariable variable=AWS_SESSION_TOKEN;issecret=true]50%AZP25;]
##vso[task.setvariable variable=AWS_CREDENTIAL_EXPIRATION]2026-07-01T12:00:00.000Z
##vso[task.setvariable variable=AWS_REGION]eu-central-1
##vso[task.setvariable variable=AWS_DEFAULT_REGION]eu-central-1
`);
  });
});

test('github refuses a value that contains the delimiter', () => {
  const caught = { ...EXPORTED, region: `x\n${EXPORTED.delimiter}\nPATH=evil` };
  expect(() => FORMATS.github.write(caught)).toThrow(
    expect.objectContaining({ code: 'export-failed', facts: { reason: 'delimiter', name: 'AWS_REGION' } }),
  );
});

test.each([
  ['env', 'sh'],
  ['env-no-export', 'dotenv'],
  ['windows-cmd', 'cmd'],
  ['powershell', 'powershell'],
  ['fish', 'fish'],
  ['process', 'process'],
  ['toString', undefined],
  ['SH', undefined],
  ['', undefined],
] as const)('AWS CLI’s name %s means %s', (name, format) => {
  expect(findFormat(name)).toBe(format);
});

test('no name means two formats', () => {
  const names = namesOfFormats().flatMap((name) => [name, ...FORMATS[name].aliases]);
  expect(new Set(names).size).toBe(names.length);
});

/** How each shell takes the text in $FILE and prints its variables, each with a NUL. */
const DUMP = `process.stdout.write(Object.keys(JSON.parse(process.argv[1])).map((name) => process.env[name] + '\\0').join(''))`;
const NODE = `"$NODE" -e "$DUMP" "$NAMES"`;
const EVAL = `eval "$(cat "$FILE")"`;
const SHELLS = [
  ['sh', 'sh', EVAL],
  ['dash', 'sh', EVAL],
  ['bash', 'sh', `set -eu; ${EVAL}`],
  ['bash', 'sh', '. "$FILE"'],
  ['zsh', 'sh', EVAL],
  ['ksh', 'sh', EVAL],
  ['bash', 'dotenv', 'set -a; . "$FILE"'],
  ['dash', 'dotenv', `set -a; ${EVAL}`],
  ['fish', 'fish', 'source $FILE'],
  ['fish', 'fish', 'eval (cat $FILE)'],
  ['pwsh', 'powershell', 'Get-Content -Raw $Env:FILE | Invoke-Expression'],
] as const;

/** Not on Windows, whose ports of these shells rewrite arguments and paths. */
const isInstalled = (shell: string): boolean =>
  process.platform !== 'win32' && spawnSync(shell, ['-c', 'exit 0']).status === 0;

for (const [shell, format, script] of SHELLS) {
  const [suite, note] = isInstalled(shell) ? [describe, ''] : [describe.skip, ' [skipped: not installed]'];
  suite(`${shell} reads ${format} by: ${script}${note}`, () => {
    test.each([
      ['AWS’s values', EXPORTED],
      ['values with every printable character', HARD],
    ])('%s arrive as they were', (_, exported) => {
      const folder = mkdtempSync(join(tmpdir(), 'formats-'));
      const FILE = join(folder, 'exported');
      writeFileSync(FILE, FORMATS[format].write(exported));
      const variables = variablesOf(exported);
      const print = shell === 'pwsh' ? '& $Env:NODE -e $Env:DUMP $Env:NAMES' : NODE;
      const { stdout, stderr } = spawnSync(shell, ['-c', `${script}; ${print}`], {
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          NODE: process.execPath,
          DUMP,
          NAMES: JSON.stringify(variables),
          FILE,
        },
        encoding: 'utf8',
      });
      rmSync(folder, { recursive: true });
      expect(stderr).toBe('');
      expect(stdout.split('\0').slice(0, -1)).toEqual(Object.values(variables));
    });
  });
}

test('Node reads AWS’s values from a .env file', () => {
  const { parseEnv } = process.getBuiltinModule('node:util');
  expect(parseEnv(FORMATS.dotenv.write(EXPORTED))).toEqual(variablesOf(EXPORTED));
});
