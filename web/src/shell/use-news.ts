import { useEffect, useRef } from 'react';
import { makeNewsWatch, windowTitle } from '../../../src/tui/model/news.ts';
import { useSwarm } from '../link/use-swarm.ts';

const WANTED = 'drover-notify';

/** Whether a person asked for notifications, and the browser gives them. */
export const areNotificationsOn = (): boolean =>
  'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(WANTED) !== 'off';

/** Asks the browser for notifications, or stops them; resolves with whether there are any now. */
export const switchNotifications = async (on: boolean): Promise<boolean> => {
  localStorage.setItem(WANTED, on ? 'on' : 'off');
  if (on && 'Notification' in window && Notification.permission === 'default') await Notification.requestPermission();
  return areNotificationsOn();
};

/** A notification that leads here. Phones give them by the service worker alone. */
const notify = async (text: string): Promise<void> => {
  const options = { body: text, tag: text, icon: '/icon.svg' };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) return registration.showNotification('drover', options);
  const shown = new Notification('drover', options);
  shown.onclick = () => window.focus();
};

/** Tells of each new question and failure, and of the end of all work, once; and shows in the title how things are. */
export const useNews = (): void => {
  const { state, repository, link } = useSwarm();
  const watch = useRef<ReturnType<typeof makeNewsWatch> | null>(null);
  useEffect(() => {
    document.title = `${windowTitle(state, repository)} – drover`;
    if (link !== 'live') return;
    if (watch.current === null) {
      watch.current = makeNewsWatch(state, repository);
      return;
    }
    const news = watch.current(state);
    if (news !== null && areNotificationsOn()) void notify(news).catch(() => undefined);
  }, [state, repository, link]);
};
