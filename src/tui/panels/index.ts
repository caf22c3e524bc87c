import { answeringPanel } from './answering.tsx';
import { bannerPanel } from './banner.tsx';
import { gridPanel } from './grid.tsx';
import { headerPanel } from './header.tsx';
import { menuPanel } from './menu.tsx';
import { overlayPanel } from './overlay.tsx';
import type { Panel } from './panel.ts';
import { promptPanel } from './prompt.tsx';
import { rosterPanel } from './roster.tsx';
import { tabPanel } from './tab.tsx';
import { tabBarPanel } from './tab-bar.tsx';
import { tasksPanel } from './tasks.tsx';

/** Every panel there is; each hides itself where it has nothing to show. */
export const panels = [
  headerPanel,
  bannerPanel,
  gridPanel,
  rosterPanel,
  tabPanel,
  tasksPanel,
  promptPanel,
  tabBarPanel,
  menuPanel,
  answeringPanel,
  overlayPanel,
] as readonly Panel<object>[];
