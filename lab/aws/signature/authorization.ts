// The Authorization header of Signature Version 4:
// AWS4-HMAC-SHA256 Credential=KEY/20260901/eu-west-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=…

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export interface Authorization {
  readonly accessKeyId: string;
  readonly scope: { readonly date: string; readonly region: string; readonly service: string; readonly end: string };
  /** Lower-case names, as listed. */
  readonly signedHeaders: readonly string[];
  /** Hexadecimal. */
  readonly signature: string;
}

/** Why a header can't be parsed, in AWS's words. */
export interface Unreadable {
  readonly problem: string;
}

/** Parses the header, without regular expressions, so that no input makes it slow. */
export function readAuthorization(header: string): Authorization | Unreadable {
  const space = header.indexOf(' ');
  const algorithm = space < 0 ? header : header.slice(0, space);
  if (algorithm !== ALGORITHM) {
    return { problem: `Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now). ` };
  }
  const fields = new Map<string, string>();
  for (const part of header.slice(space + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!credential || !signedHeaders || !signature) {
    const missing = Object.entries({ Credential: credential, Signature: signature, SignedHeaders: signedHeaders })
      .filter(([, value]) => !value)
      .map(([name]) => `Authorization header requires '${name}' parameter. `);
    return { problem: `${missing.join('')}Authorization=${ALGORITHM}` };
  }
  const [accessKeyId, date, region, service, end, ...more] = credential.split('/');
  if (
    !accessKeyId ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    end === undefined ||
    more.length > 0
  ) {
    return {
      problem: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    };
  }
  return { accessKeyId, scope: { date, region, service, end }, signedHeaders: signedHeaders.split(';'), signature };
}
