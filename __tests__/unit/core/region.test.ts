import { describe, expect, test } from '@jest/globals';
import { PARTITIONS } from '../../../src/aws/partitions.ts';
import { findRegion } from '../../../src/core/region.ts';

describe('a region is found in its partition', () => {
  test.each([
    ['us-east-1', 'aws', 'amazonaws.com'],
    ['eu-central-1', 'aws', 'amazonaws.com'],
    ['ap-southeast-7', 'aws', 'amazonaws.com'],
    ['il-central-1', 'aws', 'amazonaws.com'],
    ['mx-central-1', 'aws', 'amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
    ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
    ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
    ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
  ])('%s in %s', (name, id, dnsSuffix) => {
    expect(findRegion(name, PARTITIONS)).toMatchObject({ name, partition: { id, dnsSuffix } });
  });
});

describe('a name that isn’t a region is in no partition', () => {
  test.each([
    ['a zone', 'us-east-1a'],
    ['a place', 'frankfurt'],
    ['upper case', 'EU-CENTRAL-1'],
    ['a continent that AWS has not', 'xx-north-1'],
    ['aws-global', 'aws-global'],
    ['a line end', 'us-east-1\n'],
    ['a host', 'us-east-1.amazonaws.com'],
    ['a host in front', 'evil.example/us-east-1'],
    ['nothing', ''],
  ])('%s', (_, name) => {
    expect(findRegion(name, PARTITIONS)).toBeUndefined();
  });
});
