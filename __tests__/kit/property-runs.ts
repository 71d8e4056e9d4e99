/** How often a property is tried: so many times, or a multiple of it if `PROPERTY_FACTOR` says so, as in a nightly run. */
export function propertyRuns(usual: number): { readonly numRuns: number } {
  return { numRuns: usual * Number(process.env['PROPERTY_FACTOR'] || 1) };
}
