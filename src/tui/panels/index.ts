import { agentListPanel } from './agent-list.tsx';
import { answeringPanel } from './answering.tsx';
import { bannerPanel } from './banner.ts';
import { captionPanel } from './caption.ts';
import { completionMenuPanel } from './completion-menu.tsx';
import { gridPanel } from './grid.tsx';
import { headerPanel } from './header.ts';
import { overlayPanel } from './overlay.tsx';
import type { Panel } from './panel.ts';
import { promptPanel } from './prompt.ts';
import { tabPanel } from './tab.tsx';
import { tabBarPanel } from './tab-bar.ts';
import { taskStripPanel } from './task-strip.ts';

/** Every panel there is; each hides itself where it has nothing to show. */
export const panels = [
  captionPanel,
  headerPanel,
  bannerPanel,
  gridPanel,
  agentListPanel,
  tabPanel,
  taskStripPanel,
  promptPanel,
  tabBarPanel,
  completionMenuPanel,
  answeringPanel,
  overlayPanel,
] as readonly Panel<object>[];
