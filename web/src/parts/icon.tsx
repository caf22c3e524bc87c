/** Shapes on a grid of 16, drawn with lines of one weight. */
const SHAPES = {
  agents: 'M2.5 3.5h11v9h-11zM5 6.5l2 1.75L5 10M8.5 10.5H11',
  tasks: 'M2.5 3h3v10h-3zM6.5 3h3v6h-3zM10.5 3h3v8h-3z',
  alerts:
    'M8 2.2a3.8 3.8 0 0 1 3.8 3.8c0 3 1.2 4.2 1.2 4.2H3s1.2-1.2 1.2-4.2A3.8 3.8 0 0 1 8 2.2zM6.6 12.6a1.5 1.5 0 0 0 2.8 0',
  worktrees:
    'M4.5 4.2v7.6M4.5 8h4.2a2.3 2.3 0 0 0 2.3-2.3v-.4M4.5 4.2a1.3 1.3 0 1 0 0-.01M4.5 13.6a1.3 1.3 0 1 0 0-.01M11 5.2a1.3 1.3 0 1 0 0-.01',
  review: 'M3 2.5h7l3 3v8H3zM5.5 8.5l1.7 1.7L11 6.8',
  metrics: 'M2.5 13.5v-11M2.5 13.5h11M5 10.5l2.4-3 2 1.6L13 4.5',
  log: 'M3 4h10M3 7h10M3 10h7M3 13h5',
  settings: 'M2.5 5h6M11.5 5h2M10 3.4v3.2M2.5 11h2M7.5 11h6M6 9.4v3.2',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3L5 8l5 5',
  pause: 'M5.5 4v8M10.5 4v8',
  restart: 'M12.5 8a4.5 4.5 0 1 1-1.4-3.2M12.5 2.5v3h-3',
  start: 'M5 3.5l7 4.5-7 4.5z',
  stop: 'M4.5 4.5h7v7h-7z',
  remove: 'M3.5 4.5h9M6 4.5V3h4v1.5M5 4.5l.5 8.5h5l.5-8.5',
} as const;

export type IconName = keyof typeof SHAPES;

/** A picture beside words, or in a button that says its name itself. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={SHAPES[name]} />
  </svg>
);
