/** How well an order keeps the waves of a graph: its ordered pairs, and the longest chain of tasks that are in a wave. */
export const orderScore = (needs: ReadonlyMap<string, readonly string[]>, waveOf: ReadonlyMap<string, number>) => {
  const known = new Map<string, { chain: number; before: Set<string> }>();
  const visit = (id: string): { chain: number; before: Set<string> } => {
    const found = known.get(id);
    if (found) return found;
    const before = new Set<string>();
    let chain = 0;
    for (const need of needs.get(id)!) {
      const behind = visit(need);
      chain = Math.max(chain, behind.chain);
      before.add(need);
      for (const one of behind.before) before.add(one);
    }
    const result = { chain: chain + (waveOf.has(id) ? 1 : 0), before };
    known.set(id, result);
    return result;
  };
  let pairs = 0;
  let kept = 0;
  for (const [first, early] of waveOf)
    for (const [second, late] of waveOf) {
      if (early >= late) continue;
      pairs += 1;
      if (visit(second).before.has(first)) kept += 1;
    }
  const chain = Math.max(0, ...[...needs.keys()].map((id) => visit(id).chain));
  return { pairs, kept, chain, waves: new Set(waveOf.values()).size };
};
