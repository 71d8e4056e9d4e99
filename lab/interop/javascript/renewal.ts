/**
 * Makes COUNT rounds of calls with a profile that the AWS SDK for JavaScript renews, one every INTERVAL seconds, and prints a line
 * of JSON per call: `renewal.ts COUNT INTERVAL`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const [count = 0, seconds = 0] = process.argv.slice(2).map(Number);

/** Sessions expire at whole seconds, so no call is on its way at that moment. */
function sleepToHalfSecond(): Promise<void> {
  const interval = seconds * 1000;
  return sleep(interval - ((Date.now() - 500) % interval));
}

async function call(operation: string, send: () => Promise<unknown>): Promise<void> {
  const error = await send().then(
    () => undefined,
    (thrown: unknown) => String(thrown),
  );
  console.log(JSON.stringify({ operation, error }));
}

const sts = new STSClient();
const s3 = new S3Client();
for (let round = 0; round < count; round += 1) {
  await sleepToHalfSecond();
  await call('GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand()));
  await call('ListBuckets', () => s3.send(new ListBucketsCommand()));
}
