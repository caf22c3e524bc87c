import { useState } from 'react';
import { areNotificationsOn, switchNotifications } from './use-news.ts';

/** Asks for notifications of this browser, or stops them; nothing where it gives none. */
export const Notifications = () => {
  const [isOn, setOn] = useState(areNotificationsOn);
  if (!('Notification' in window)) return null;
  return (
    <label className="switch soft">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ target }) => void switchNotifications(target.checked).then(setOn)}
      />{' '}
      Notify me here of questions, failures, and when all is done
    </label>
  );
};
