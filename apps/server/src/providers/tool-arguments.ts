/** A call whose arguments are not JSON is handed on as such: the model can be told. */
export function parseArguments(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    return { invalidJson: text }
  }
}
