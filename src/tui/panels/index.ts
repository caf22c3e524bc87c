import { agentListPanel } from './agent-list.tsx';
import { answeringPanel } from './answering.tsx';
import { bannerPanel } from './banner.tsx';
import { captionPanel } from './caption.tsx';
import { completionMenuPanel } from './completion-menu.tsx';
import { gridPanel } from './grid.tsx';
import { headerPanel } from './header.tsx';
import { overlayPanel } from './overlay.tsx';
import type { Panel } from './panel.ts';
import { promptPanel } from './prompt.tsx';
import { tabPanel } from './tab.tsx';
import { tabBarPanel } from './tab-bar.tsx';
import { taskStripPanel } from './task-strip.tsx';

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
