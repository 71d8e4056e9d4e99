/** One of AWS's partitions. Regions, accounts and ARNs of one never work in another. */
export interface Partition {
  /** As in ARNs: `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly id: string;
  readonly dnsSuffix: string;
  /** What the names of its regions look like. */
  readonly regionPattern: RegExp;
}

/** A region and its partition. */
export interface Region {
  readonly name: string;
  readonly partition: Partition;
}

/** The region of this name; undefined if it matches no partition's pattern. */
export function findRegion(name: string, partitions: readonly Partition[]): Region | undefined {
  const partition = partitions.find(({ regionPattern }) => regionPattern.test(name));
  return partition && { name, partition };
}
