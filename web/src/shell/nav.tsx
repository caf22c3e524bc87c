import { useRef } from 'react';
import { useAttention, useMedia } from '../link/use-swarm.ts';
import { hashOf, VIEWS, type View } from '../model/route.ts';
import { Icon } from '../parts/icon.tsx';

export const VIEW_TITLES: Readonly<Record<View, string>> = {
  agents: 'Agents',
  tasks: 'Tasks',
  alerts: 'Alerts',
  worktrees: 'Worktrees',
  review: 'Review',
  metrics: 'Metrics',
  log: 'Log',
  settings: 'Settings',
};

/** Where there is little room these are at hand, and the others one tap away. */
const AT_HAND: readonly View[] = ['agents', 'tasks', 'alerts', 'review'];

type ItemProps = { readonly view: View; readonly isOpen: boolean; readonly onClick?: () => void };

const Item = ({ view, isOpen, onClick }: ItemProps) => {
  const { needs, unreviewed } = useAttention();
  const count = view === 'alerts' ? needs.length : view === 'review' ? unreviewed : 0;
  return (
    <li>
      <a
        href={hashOf(view)}
        className={`nav-item ${isOpen ? 'open' : ''}`}
        aria-current={isOpen ? 'page' : undefined}
        title={`${VIEW_TITLES[view]} (${VIEWS.indexOf(view) + 1})`}
        onClick={onClick}
      >
        <Icon name={view} />
        <span className="nav-word">{VIEW_TITLES[view]}</span>
        {count > 0 && (
          <span className={`badge numbers ${view === 'alerts' ? 'pressing' : ''}`}>
            {count}
            <span className="unseen"> {view === 'alerts' ? 'need you' : 'to review'}</span>
          </span>
        )}
      </a>
    </li>
  );
};

const More = ({ open }: { readonly open: View }) => {
  const menu = useRef<HTMLElement>(null);
  const rest = VIEWS.filter((view) => !AT_HAND.includes(view));
  return (
    <li>
      <button type="button" className={`nav-item ${rest.includes(open) ? 'open' : ''}`} popoverTarget="more-views">
        <Icon name="more" />
        <span className="nav-word">More</span>
      </button>
      <nav ref={menu} id="more-views" popover="auto" aria-label="more views" className="more-views">
        <ul>
          {rest.map((view) => (
            <Item key={view} view={view} isOpen={view === open} onClick={() => menu.current?.hidePopover()} />
          ))}
        </ul>
      </nav>
    </li>
  );
};

/** The views: a rail beside them, or a bar below them on a phone. */
export const Nav = ({ open }: { readonly open: View }) => {
  const isPhone = useMedia('(width < 700px)');
  return (
    <nav className="nav" aria-label="views">
      <ul>
        {(isPhone ? AT_HAND : VIEWS).map((view) => (
          <Item key={view} view={view} isOpen={view === open} />
        ))}
        {isPhone && <More open={open} />}
      </ul>
    </nav>
  );
};
