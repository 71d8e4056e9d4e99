import { validationError } from '../errors.ts';
import { fields, type Xml } from '../xml.ts';
import { list } from './describe.ts';
import type { Parameters } from './parameters.ts';

/** The requested part of a list. */
export interface Page {
  readonly start: number;
  readonly size: number;
}

/** Reads MaxItems and Marker. */
export function readPage(parameters: Parameters): Page {
  const marker = parameters.optional('Marker', 'marker');
  const size = parameters.integer('MaxItems', 1, 1000) ?? 100;
  if (marker === undefined) return { start: 0, size };
  const start = Number(Buffer.from(marker, 'base64url').toString());
  if (!Number.isSafeInteger(start) || start < 1 || markerAt(start) !== marker) {
    throw validationError('Invalid Marker.');
  }
  return { start, size };
}

/** A part of a list, in IAM's XML. */
export function pageXml(name: string, members: readonly Xml[], { start, size }: Page): Xml {
  const end = start + size;
  const isTruncated = end < members.length;
  return (
    fields({ IsTruncated: isTruncated, Marker: isTruncated ? markerAt(end) : undefined }) +
    list(name, members.slice(start, end))
  );
}

function markerAt(start: number): string {
  return Buffer.from(String(start)).toString('base64url');
}
