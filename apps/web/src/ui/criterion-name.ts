/** A criterion's name where only its id is known: `factual_depth` reads `Factual depth`. */
export function criterionName(id: string, known: readonly { id: string; name: string }[] = []): string {
  const name = known.find((criterion) => criterion.id === id)?.name
  if (name) return name
  const words = id.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
