import type { Panel } from '../panel.ts';
import { bannerPanel } from './banner.tsx';
import { gridPanel } from './grid.tsx';
import { headerPanel } from './header.tsx';
import { overlayPanel } from './overlay.tsx';
import { promptPanel } from './prompt.tsx';
import { tasksPanel } from './tasks.tsx';

/** Every panel there is; each hides itself where it has nothing to show. */
export const panels = [
  headerPanel,
  bannerPanel,
  gridPanel,
  tasksPanel,
  promptPanel,
  overlayPanel,
] as readonly Panel<object>[];
