/** The parameter that a preposition fills; `''` reads through to the target. */
export const PREPOSITIONS: Readonly<Record<string, string>> = {
  from: 'from',
  to: 'to',
  into: 'to',
  onto: 'to',
  on: 'on',
  at: 'on',
  for: 'for',
  of: '',
  in: 'group',
  with: 'agent',
  using: 'agent',
  via: 'agent',
  by: 'by',
  about: 'about',
  after: 'after',
  except: 'except',
  but: 'except',
  besides: 'except',
  excluding: 'except',
  'except-for': 'except',
  'other-than': 'except',
  'apart-from': 'except',
  'aside-from': 'except',
};

/** Verbs whose target may follow these prepositions: `connect to kiro-3`. `rollback to batch-4` is none of them. */
export const TARGET_PREPOSITIONS: Readonly<Record<string, readonly string[]>> = {
  to: ['tell', 'switch', 'attach', 'answer'],
  from: ['detach', 'import'],
  at: ['import'],
  in: ['import'],
  on: ['run'],
  with: ['sync'],
  using: ['switch'],
  via: ['switch'],
};
