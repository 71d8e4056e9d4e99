export const ACCOUNT = '111122223333';
/** The role that every user may assume. */
export const ROLE = 'deploy';

/** The keys and the device of the nth run. */
export function benchUser(index: number) {
  const number = String(index).padStart(4, '0');
  const base32 = number.replaceAll(/\d/g, (digit) => 'ABCDEFGHIJ'.charAt(Number(digit)));
  return {
    name: `bench-${number}`,
    accessKeyId: `AKIAIOSFODNN7${number}BNC`,
    secretAccessKey: `wJalrXUtnFEMI/K7MDENG/bPxRfiCYBENCH${number}`,
    serial: `arn:aws:iam::${ACCOUNT}:mfa/bench-${number}`,
    seed: base32.repeat(16),
  };
}
