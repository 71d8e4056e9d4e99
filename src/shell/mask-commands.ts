// Commands that CIs read from a job's output, and how their values are escaped.

/**
 * A command of GitHub's runner, as `@actions/core` writes it (packages/core/src/command.ts). The runner reads it from standard error,
 * too, and so do those of Forgejo and Gitea.
 */
export function workflowCommand(command: string, data: string): string {
  return `::${command}::${data.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`;
}

/**
 * A command of Azure's agent. Its CommandStringConvertor decodes `%AZP25` as a per cent sign, not `%25`
 * (microsoft/azure-pipelines-agent, docs/design/percentEncoding.md); what ends a property is escaped in properties only.
 */
export function azureCommand(command: string, properties: Readonly<Record<string, string>>, data: string): string {
  const written = Object.entries(properties).map(
    ([name, value]) => `${name}=${azureData(value).replaceAll(';', '%3B').replaceAll(']', '%5D')}`,
  );
  return `##vso[${[command, ...(written.length > 0 ? [written.join(';')] : [])].join(' ')}]${azureData(data)}`;
}

function azureData(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
