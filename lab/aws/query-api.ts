import { AwsError } from './errors.ts';
import { IAM_OPERATIONS } from './iam/api.ts';
import type { Answer, ApiCall, Operation } from './operation.ts';
import type { Service } from './request.ts';
import { STS_OPERATIONS } from './sts/api.ts';
import { element, fields, text } from './xml.ts';

// The query protocol of STS and IAM: a form in, XML out.

const NAMESPACES: Readonly<Record<Service, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  s3: '',
  unknown: '',
};

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...[...STS_OPERATIONS].map(([name, operation]) => [`sts ${name}`, operation] as const),
  ...[...IAM_OPERATIONS].map(([name, operation]) => [`iam ${name}`, operation] as const),
]);

/** The requested operation, or undefined if the service doesn't have it. */
export function queryOperation(service: Service, params: ReadonlyMap<string, string>): string | undefined {
  const action = params.get('Action') ?? '';
  return OPERATIONS.has(`${service} ${action}`) ? action : undefined;
}

/** @throws AwsError if the operation refuses the call */
export function answerQuery(call: ApiCall, requestId: string): Answer {
  const { service, params } = call.request;
  const action = params.get('Action');
  if (action === undefined) throw new AwsError(400, 'MissingAction', 'Action is missing');
  const operation = OPERATIONS.get(`${service} ${action}`);
  if (operation === undefined) {
    const version = params.get('Version') ?? '';
    throw new AwsError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);
  }
  const result = operation(call);
  const body = element(
    `${action}Response`,
    (result === undefined ? '' : element(`${action}Result`, result)) +
      element('ResponseMetadata', fields({ RequestId: requestId })),
    NAMESPACES[service],
  );
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

/** The ErrorResponse of STS and IAM. */
export function queryError(service: Service, error: AwsError, requestId: string): Answer {
  const content =
    element('Type', text(error.status < 500 ? 'Sender' : 'Receiver')) +
    fields({ Code: error.code, Message: error.message });
  const namespace = NAMESPACES[service] || NAMESPACES.sts;
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml', ...error.headers },
    body: element('ErrorResponse', element('Error', content) + fields({ RequestId: requestId }), namespace),
    errorCode: error.code,
  };
}
