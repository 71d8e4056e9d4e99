/** A refusal in AWS's words. Each service writes it in its own XML. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly status: number;
  readonly code: string;
  /** Additional headers, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** More elements of S3's error, in order. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    extra: { headers?: Readonly<Record<string, string>>; details?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = extra.headers ?? {};
    this.details = extra.details ?? {};
  }
}

/** 403 AccessDenied */
export function accessDenied(message: string): AwsError {
  return new AwsError(403, 'AccessDenied', message);
}

/** 400 ValidationError, the code for most invalid parameters in STS and IAM. */
export function validationError(message: string): AwsError {
  return new AwsError(400, 'ValidationError', message);
}
