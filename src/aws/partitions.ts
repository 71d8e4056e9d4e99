import { findRegion, type Partition } from '../core/region.ts';

/**
 * AWS's partitions, as in the SDK's endpoint data (@aws-sdk/core, util-endpoints). A test compares the two, so an update of the SDK
 * that adds a partition can't go unnoticed. It's a copy because the original lists every region by name and is ten times as large.
 */
export const PARTITIONS: readonly Partition[] = [
  { id: 'aws', dnsSuffix: 'amazonaws.com', regionPattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/ },
  { id: 'aws-cn', dnsSuffix: 'amazonaws.com.cn', regionPattern: /^cn-\w+-\d+$/ },
  { id: 'aws-eusc', dnsSuffix: 'amazonaws.eu', regionPattern: /^eusc-(de)-\w+-\d+$/ },
  { id: 'aws-iso', dnsSuffix: 'c2s.ic.gov', regionPattern: /^us-iso-\w+-\d+$/ },
  { id: 'aws-iso-b', dnsSuffix: 'sc2s.sgov.gov', regionPattern: /^us-isob-\w+-\d+$/ },
  { id: 'aws-iso-e', dnsSuffix: 'cloud.adc-e.uk', regionPattern: /^eu-isoe-\w+-\d+$/ },
  { id: 'aws-iso-f', dnsSuffix: 'csp.hci.ic.gov', regionPattern: /^us-isof-\w+-\d+$/ },
  { id: 'aws-us-gov', dnsSuffix: 'amazonaws.com', regionPattern: /^us-gov-\w+-\d+$/ },
];

/** The endpoint of STS in a region, unless another one is given; not for FIPS and dual-stack endpoints. */
export function stsUrl(region: string, endpoint: string | undefined): URL {
  const dnsSuffix = findRegion(region, PARTITIONS)?.partition.dnsSuffix ?? 'amazonaws.com';
  return new URL(endpoint ?? `https://sts.${region}.${dnsSuffix}`);
}
