/** What goes back over the wire, before faults and headers common to all answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** AWS's code, where it is a refusal. */
  readonly errorCode?: string;
}
