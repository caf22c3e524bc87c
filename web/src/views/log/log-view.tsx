import { useMemo, useState } from 'react';
import { saidOption } from '../../../../src/protocol/say.ts';
import { shown, withoutControls } from '../../../../src/lib/text.ts';
import { paneInstances } from '../../../../src/tui/model/instance-list.ts';
import { useAnswer, useSwarm } from '../../link/use-swarm.ts';
import { hitIn, type LogLine, lineFilter } from '../../model/log-buffer.ts';
import { OwnName } from '../../parts/own-name.tsx';
import { Empty, Words } from '../../parts/text.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useLogLines } from './use-log-lines.ts';

const ROW_PX = 20;

const Marked = ({ text, wanted }: { readonly text: string; readonly wanted: string }) => {
  const hit = hitIn(text, wanted);
  if (!hit) return <>{text}</>;
  return (
    <>
      {text.slice(0, hit[0])}
      <mark>{text.slice(...hit)}</mark>
      {text.slice(hit[1])}
    </>
  );
};

const Line = ({ line, wanted }: { readonly line: LogLine; readonly wanted: string }) => (
  <p className="log-line mono" data-log-line={line.instance}>
    <span className="log-time dim">{line.at === null ? '' : new Date(line.at).toTimeString().slice(0, 8)}</span>
    <span className="log-who cut">
      <OwnName id={line.instance} />
    </span>
    <span className="log-text">
      <Marked text={line.text} wanted={wanted} />
    </span>
  </p>
);

type Found = { readonly instance: string; readonly found: readonly string[] };

/** All that was ever printed and is still kept, searched by the daemon. */
const Search = ({ words }: { readonly words: string }) => {
  const reply = useAnswer({ text: `list logs ${saidOption('grep', words)}`, everyMs: 4000, always: true });
  if (reply?.exit !== 0) return <Empty text={reply?.message ?? 'Searching …'} />;
  const hits = (reply.data as readonly Found[]).flatMap(({ instance, found }) =>
    found.map((text, i) => ({ key: `${instance} ${i}`, instance, text: shown(withoutControls(text)) })),
  );
  if (hits.length === 0) return <Empty text="Nobody has printed that." />;
  return (
    <>
      <p className="soft">
        <Words text={reply.message} />
      </p>
      <VirtualList items={hits} rowHeight={ROW_PX} keyOf={({ key }) => key} label="what was found" className="log">
        {({ instance, text }) => (
          <p className="log-line mono">
            <span className="log-who cut">
              <OwnName id={instance} />
            </span>
            <span className="log-text">
              <Marked text={text} wanted={words} />
            </span>
          </p>
        )}
      </VirtualList>
    </>
  );
};

/** What all agents print, as it comes; narrowed while it streams, or searched as a whole. */
const LogView = ({ open }: { readonly open: string | null }) => {
  const { state } = useSwarm();
  const [wanted, setWanted] = useState('');
  const [isSearch, setSearch] = useState(false);
  const [only, setOnly] = useState<string | null>(open);
  const all = paneInstances(state.instances).map(({ instance_id: id }) => id);
  const followed = only !== null && all.includes(only) ? [only] : all;
  const lines = useLogLines(isSearch ? [] : followed);
  const shownLines = useMemo(() => {
    const keeps = lineFilter(wanted);
    const own = only === null ? lines : lines.filter(({ instance }) => instance === only);
    return keeps && wanted.trim() !== '' ? own.filter(({ text }) => keeps(text)) : own;
  }, [lines, wanted, only]);
  const isPattern = lineFilter(wanted) !== null;
  return (
    <section className="log-view" aria-label="log">
      <div className="view-head">
        <input
          type="search"
          className="filter wide"
          placeholder="Show only lines with … (or /a pattern/)"
          aria-label="show only lines with"
          aria-invalid={!isPattern}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
        <select aria-label="whose lines" value={only ?? ''} onChange={({ target }) => setOnly(target.value || null)}>
          <option value="">all agents</option>
          {all.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </select>
        <label className="switch soft">
          <input type="checkbox" checked={isSearch} onChange={({ target }) => setSearch(target.checked)} /> all that was
          ever printed
        </label>
        {!isSearch && (
          <output className="soft numbers">
            {shownLines.length === lines.length ? lines.length : `${shownLines.length} of ${lines.length}`} lines
          </output>
        )}
      </div>
      {!isPattern && <p className="red soft">That is no pattern.</p>}
      {isSearch && wanted.trim() !== '' ? (
        <Search words={wanted.trim()} />
      ) : shownLines.length === 0 ? (
        <Empty text={isSearch ? 'Type what is to be found.' : 'No such line yet.'} />
      ) : (
        <VirtualList
          items={shownLines}
          rowHeight={ROW_PX}
          keyOf={({ key }) => key}
          label="lines of agents"
          className="log"
          followsEnd
        >
          {(line) => <Line line={line} wanted={wanted} />}
        </VirtualList>
      )}
    </section>
  );
};

export default LogView;
