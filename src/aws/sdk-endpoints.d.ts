// The endpoint rules inside the SDK's clients: part of the packages, but not of what they export.
interface EndpointQuestion {
  readonly Region: string;
  readonly UseFIPS: boolean;
  readonly UseDualStack: boolean;
  readonly Endpoint?: string;
}

declare module '@aws-sdk/client-iam/dist-es/endpoint/endpointResolver.js' {
  export function defaultEndpointResolver(question: EndpointQuestion): import('@smithy/types').EndpointV2;
}

declare module '@aws-sdk/client-sts/dist-es/endpoint/endpointResolver.js' {
  export function defaultEndpointResolver(question: EndpointQuestion): import('@smithy/types').EndpointV2;
}
