/** A repository on a server. */
export interface Remote {
  /** With its port if that of the web server isn't 443. */
  readonly host: string;
  /** The owner; on GitLab, the group with its parents: `acme/tools`. */
  readonly owner: string;
  readonly name: string;
}

/** `git@github.com:acme/app.git`: a host, a colon and a path. A single letter before it is a drive of Windows. */
const SCP = /^(?:[^@/\s]+@)?(?<host>[^@/:\s]{2,}|\[[^\]]+\]):(?!\/\/)(?<path>\S+)$/;
const PROTOCOLS = ['https:', 'http:', 'ssh:', 'git+ssh:', 'git:'];
/** Servers that answer for another one, on port 443. */
const ALIASES: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'www.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
};

/** The repository that the URL of a git remote names; undefined if it is a path, or names none. Credentials in it are dropped. */
export function readRemote(url: string): Remote | undefined {
  const scp = SCP.exec(url.trim())?.groups;
  if (scp !== undefined) return remoteOf(scp['host'] ?? '', scp['path'] ?? '');
  const parsed = URL.parse(url.trim());
  if (parsed === null || !PROTOCOLS.includes(parsed.protocol)) return undefined;
  // The port of ssh isn't that of the API.
  return remoteOf(parsed.protocol === 'https:' ? parsed.host : parsed.hostname, decoded(parsed.pathname));
}

function remoteOf(host: string, path: string): Remote | undefined {
  const parts = path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter((part) => part !== '');
  const name = parts.pop();
  const sound = [name, ...parts].every((part) => part !== undefined && /^(?!\.{1,2}$)[\w.~-]+$/.test(part));
  if (host === '' || name === undefined || parts.length === 0 || !sound) return undefined;
  const lower = host.toLowerCase();
  return { host: ALIASES[lower] ?? lower, owner: parts.join('/'), name };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
