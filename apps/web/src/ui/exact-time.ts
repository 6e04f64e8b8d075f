/** Local date and time to the second, with the zone. */
export function formatExact(at: string): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'long' })
}
