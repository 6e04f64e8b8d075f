import type { IncomingMessage } from 'node:http'

const localNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a request comes to a local name and, if a page sent it, from a page of a local name.
 * Without the Host check any web site could reach the server by DNS rebinding; without the Origin
 * check it could post to it (CSRF).
 */
export function isLocalRequest({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  if (!isLocalHost(headers.host)) return false
  if (headers.origin === undefined) return true
  try {
    return localNames.has(new URL(headers.origin).hostname)
  } catch {
    return false
  }
}

function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && localNames.has(host.replace(/:\d+$/, '').toLowerCase())
}
