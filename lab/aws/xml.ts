// Writing XML for thousands of buckets in a millisecond takes no document tree.

/** XML that is ready to be put inside an element: nothing in it needs escaping any more. */
export type Xml = string;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

// What must be escaped, and what XML 1.0 cannot hold at all: a parameter that is quoted in a refusal may be anything.
const UNSAFE = /[&<>"']|[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text as it stands in XML. */
export function text(value: string | number | boolean): Xml {
  return String(value).replace(UNSAFE, (character) => ESCAPES[character] ?? '\ufffd');
}

/** `<name>content</name>`; the content is XML already. */
export function element(name: string, content: Xml, namespace?: string): Xml {
  const attributes = namespace === undefined ? '' : ` xmlns="${text(namespace)}"`;
  return `<${name}${attributes}>${content}</${name}>`;
}

/** One element a field, in order; fields that are undefined are left out. */
export function fields(values: Readonly<Record<string, string | number | boolean | undefined>>): Xml {
  let xml = '';
  for (const [name, value] of Object.entries(values)) if (value !== undefined) xml += element(name, text(value));
  return xml;
}
