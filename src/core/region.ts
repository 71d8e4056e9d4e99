/** One of AWS's partitions: regions, accounts and ARNs of one never work in another. */
export interface Partition {
  /** As in ARNs: `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly id: string;
  readonly dnsSuffix: string;
  /** What the names of its regions look like. */
  readonly regionPattern: RegExp;
}

/** A region, with the partition that it is of. */
export interface Region {
  readonly name: string;
  readonly partition: Partition;
}

/** The region with its partition, or undefined where no partition's pattern fits the name. */
export function findRegion(name: string, partitions: readonly Partition[]): Region | undefined {
  const partition = partitions.find(({ regionPattern }) => regionPattern.test(name));
  return partition && { name, partition };
}
