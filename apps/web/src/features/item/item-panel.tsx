export function ItemPanel(_: { run: unknown; item: unknown; onMove: unknown; onClose: () => void }) { return <aside data-testid="item-panel">x</aside> }
