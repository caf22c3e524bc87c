import { type FormEvent, useId, useState } from 'react';
import type { SettingRow } from '../../../../src/text/setting-rows.ts';
import { api } from '../../link/api.ts';
import { forgetLastStates } from '../../link/last-state.ts';
import { useReader } from '../../link/use-reader.ts';
import { useAnswer } from '../../link/use-swarm.ts';
import {
  type Field,
  fieldOf,
  fieldText,
  filterSettings,
  resetCommand,
  setCommand,
  settingGroups,
  troubleWith,
} from '../../model/setting-fields.ts';
import { Empty, Words } from '../../parts/text.tsx';
import { Do } from '../../shell/do.tsx';
import { Notifications } from '../../shell/notifications.tsx';
import { useActions } from '../../shell/use-actions.ts';

const QUERY = { text: 'list config', everyMs: 2000 } as const;

type InputProps = {
  readonly id: string;
  readonly field: Field;
  readonly value: string;
  readonly isDisabled: boolean;
  readonly describedBy: string;
  readonly isInvalid: boolean;
  readonly onValue: (value: string) => void;
};

const SettingInput = ({ id, field, value, isDisabled, describedBy, isInvalid, onValue }: InputProps) => {
  const shared = { id, disabled: isDisabled, 'aria-describedby': describedBy, 'aria-invalid': isInvalid };
  const choices = field.kind === 'choice' ? field.choices : field.kind === 'switch' ? ['true', 'false'] : null;
  if (choices)
    return (
      <select {...shared} value={value} onChange={({ target }) => onValue(target.value)}>
        {!choices.includes(value) && <option value={value}>{value === '' ? '–' : value}</option>}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  if (field.kind === 'json')
    return <textarea {...shared} rows={1} value={value} onChange={({ target }) => onValue(target.value)} />;
  return (
    <input
      {...shared}
      inputMode={field.kind === 'number' ? 'decimal' : 'text'}
      value={value}
      onChange={({ target }) => onValue(target.value)}
    />
  );
};

/** One setting: its value where it can be changed, what it means, and which layer decides it. */
const Setting = ({ row }: { readonly row: SettingRow }) => {
  const { key, value, origin, source, description, withheld } = row;
  const { run, refusal } = useActions();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? fieldText(value);
  const isChanged = typed !== null && typed !== fieldText(value);
  const trouble = isChanged ? troubleWith(key, text) : null;
  const why = refusal(setCommand(key, text));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const reply = await run(setCommand(key, text));
    if (reply?.exit === 0) setTyped(null);
  };
  return (
    <form className="setting" onSubmit={(event) => void save(event)} data-setting={key}>
      <label htmlFor={id} className="mono setting-key">
        {key}
      </label>
      <span className={`origin ${origin}`} title={source ?? undefined}>
        {origin}
      </span>
      <SettingInput
        id={id}
        field={fieldOf(key)}
        value={text}
        isDisabled={why !== null}
        describedBy={`${id}-about`}
        isInvalid={trouble !== null}
        onValue={setTyped}
      />
      <span className="row">
        {isChanged && (
          <button type="submit" className="button small main" disabled={trouble !== null} title={setCommand(key, text)}>
            Set
          </button>
        )}
        {isChanged && (
          <button type="button" className="button small quiet" onClick={() => setTyped(null)}>
            Undo
          </button>
        )}
        {!isChanged && origin === 'project' && (
          <Do line={resetCommand(key)} className="small quiet" label={`Reset ${key}`}>
            Reset
          </Do>
        )}
      </span>
      <p id={`${id}-about`} className="soft setting-about">
        {trouble === null ? <Words text={description} /> : <span className="red">{trouble}</span>}
        {withheld !== null && (
          <span className="yellow"> Off until it is trusted: {fieldText(withheld.value) || 'nothing any more'}</span>
        )}
      </p>
    </form>
  );
};

const Logout = () => {
  const { role } = useReader().reader;
  const logout = async (): Promise<void> => {
    await forgetLastStates();
    localStorage.clear();
    await api.logout();
    window.location.reload();
  };
  return (
    <span className="row soft">
      your role is {role}
      <button type="button" className="button small quiet" onClick={() => void logout()}>
        Log out
      </button>
    </span>
  );
};

/** What holds for this browser alone, and is no setting of the swarm. */
const ThisBrowser = () => (
  <section className="setting-group" aria-label="this browser">
    <h2>this browser</h2>
    <div className="own-browser">
      {'Notification' in window ? (
        <Notifications />
      ) : (
        <p className="soft">It gives no notifications at this address: that takes this machine, a tunnel, or TLS.</p>
      )}
      <p className="soft">
        They come while the page is open, in the background too. In terminals <code>tui.bell</code> rings for the same.
      </p>
    </div>
  </section>
);

/** The documented settings as a form, each with the layer that decides it. */
const SettingsView = () => {
  const [filter, setFilter] = useState('');
  const reply = useAnswer(QUERY);
  const rows = reply?.exit === 0 ? (reply.data as readonly SettingRow[]) : null;
  return (
    <section className="settings scroll" aria-label="settings">
      <div className="view-head">
        <input
          type="search"
          className="filter"
          placeholder="Narrow the settings"
          aria-label="narrow the settings"
          value={filter}
          onChange={({ target }) => setFilter(target.value)}
        />
        <Logout />
      </div>
      <ThisBrowser />
      {!rows && <Empty text={reply?.message ?? 'Reading the settings …'} />}
      {rows &&
        settingGroups(filterSettings(rows, filter)).map(([group, some]) => (
          <section key={group} aria-label={group} className="setting-group">
            <h2>{group}</h2>
            {some.map((row) => (
              <Setting key={row.key} row={row} />
            ))}
          </section>
        ))}
    </section>
  );
};

export default SettingsView;
