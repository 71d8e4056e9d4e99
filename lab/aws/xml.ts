// Concatenates strings, because a document tree would be slow for thousands of buckets.

/** Escaped XML, ready to be the content of an element. */
export type Xml = string;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

// What must be escaped, and what XML 1.0 can't contain. A refusal may quote a parameter with any characters.
const UNSAFE = /[&<>"']|[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Escapes text for XML. */
export function text(value: string | number | boolean): Xml {
  return String(value).replace(UNSAFE, (character) => ESCAPES[character] ?? '\ufffd');
}

/** `<name>content</name>`. The content is already XML. */
export function element(name: string, content: Xml, namespace?: string): Xml {
  const attributes = namespace === undefined ? '' : ` xmlns="${text(namespace)}"`;
  return `<${name}${attributes}>${content}</${name}>`;
}

/** One element per field, in order. Undefined fields are left out. */
export function fields(values: Readonly<Record<string, string | number | boolean | undefined>>): Xml {
  let xml = '';
  for (const [name, value] of Object.entries(values)) if (value !== undefined) xml += element(name, text(value));
  return xml;
}
