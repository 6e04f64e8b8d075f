/** How models are asked, for all columns alike; empty means the model's own default. */
export interface ChatSettings {
  systemPrompt: string
  temperature: number | string
  maxOutputTokens: number | string
}

export const defaultSettings: ChatSettings = { systemPrompt: '', temperature: '', maxOutputTokens: 1024 }

export function toReplySettings(settings: ChatSettings) {
  const { systemPrompt, temperature, maxOutputTokens } = settings
  return {
    ...(systemPrompt.trim() ? { systemPrompt } : {}),
    ...(temperature === '' ? {} : { temperature: Number(temperature) }),
    ...(maxOutputTokens === '' ? {} : { maxOutputTokens: Number(maxOutputTokens) }),
  }
}

/** A conversation is called by how it begins. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  return line.length > 60 ? `${line.slice(0, 57)}...` : line || 'Untitled'
}
