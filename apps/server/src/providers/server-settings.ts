import type { ChatProvider } from '../domain/ports.ts'

/** Sent where no key is set: servers such as Ollama or vLLM need none, but the SDKs insist on one. */
const placeholderKey = 'none'

/** Where a provider's calls go, and with which key. */
export interface ServerSettings {
  /** The user's key; null where there is none. */
  key: string | null
  /** What to hand to the SDK: the key, or a placeholder. */
  apiKey: string
  baseURL: string
  /** The vendor's own server, not a compatible one. */
  isVendor: boolean
  problem: ChatProvider['problem']
  server: ChatProvider['server']
}

/** Reads a provider's key and base URL from the environment that was handed in. Never throws. */
export function readServerSettings(
  variables: Record<string, string | undefined>,
  names: { vendor: string; key: string; baseUrl: string; vendorBaseUrl: string },
): ServerSettings {
  // Keys pasted into .env files often bring a line break along.
  const key = variables[names.key]?.trim() || null
  const wanted = variables[names.baseUrl]?.trim() || names.vendorBaseUrl
  const url = URL.canParse(wanted) ? new URL(wanted) : null
  const isUsable = url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === ''
  const baseURL = isUsable ? wanted : names.vendorBaseUrl
  const vendorHost = new URL(names.vendorBaseUrl).host
  // Vendors have regional hosts below their own, such as eu.api.openai.com.
  const host = new URL(baseURL).host
  const isVendor = host === vendorHost || host.endsWith(`.${vendorHost}`)

  let problem: ChatProvider['problem'] = null
  if (!isUsable)
    problem = {
      message: `${names.baseUrl} is not a usable http or https address.`,
      mend: `Set ${names.baseUrl} to an address such as http://localhost:8000/v1, without user name and password, and restart.`,
    }
  else if (key === null && isVendor)
    problem = {
      message: `There is no key for ${names.vendor}.`,
      mend: `Set ${names.key} and restart, or point ${names.baseUrl} at a local server.`,
    }
  else if (key !== null && !/^[\x21-\x7e]+$/.test(key))
    problem = {
      message: `${names.key} has characters that no key has.`,
      mend: `Copy the key again, without spaces and line breaks, into ${names.key} and restart.`,
    }
  const server = { host, keyVariable: names.key, baseUrlVariable: names.baseUrl, hasKey: key !== null }
  return { key, apiKey: key ?? placeholderKey, baseURL, isVendor, problem, server }
}
