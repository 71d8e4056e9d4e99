import { AwsError } from '../errors.ts';
import { type PolicyDocument, PolicyError, type PolicyKind } from './document.ts';
import { readPolicy } from './statement.ts';

/**
 * Reads a policy that came with a request.
 * @throws AwsError MalformedPolicyDocument, also for what AWS would take and the emulator does not know
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  let document: PolicyDocument;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (typeof document !== 'object' || document === null) throw malformed('Syntax errors in policy.');
  try {
    readPolicy(document, kind);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw malformed(error.message);
  }
  return document;
}

/** 400 MalformedPolicyDocument */
export function malformed(message: string): AwsError {
  return new AwsError(400, 'MalformedPolicyDocument', message);
}
