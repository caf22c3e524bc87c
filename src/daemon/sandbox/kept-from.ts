import { shellQuote } from '../../lib/text.ts';
import type { Blocked } from '../../proxy/proxy.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { destinationText, isAllowed, LOOPBACK, parseHostRule } from '../../state/sandbox-hosts.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** So many places are told of one by one. */
const TOLD = 5;
/** So many are remembered; who asks for more of them tries names. */
const REMEMBERED = 200;

/** Whose way out it is, and what the list says for it by now. */
type Whose = { readonly name: string; readonly instance: string | null };

const alertId = (name: string): string => `network:${name}`;

const listOf = (places: readonly string[]): string =>
  `${places.slice(0, TOLD).join(', ')}${places.length > TOLD ? ` and ${places.length - TOLD} more` : ''}`;

/** The line that allows what was wanted beside what is allowed already. */
const allowLine = (hosts: readonly string[], places: readonly string[]): string =>
  `set config sandbox.hosts ${shellQuote(JSON.stringify([...new Set([...hosts, ...places.slice(0, TOLD)])]))}`;

const raisedFact = (
  { name, instance }: Whose,
  hosts: readonly string[],
  { unlisted, hidden }: { readonly unlisted: readonly string[]; readonly hidden: readonly string[] },
): EventDraft => {
  const words = [
    ...(unlisted.length > 0 ? [`${listOf(unlisted)} (not in sandbox.hosts)`] : []),
    ...(hidden.length > 0 ? [`${listOf(hidden)} (the address is not on the internet)`] : []),
  ];
  return {
    type: 'alert.raised',
    data: {
      id: alertId(name),
      severity: 'warning',
      text: `The sandbox kept ${name} from ${words.join(' and ')}.`,
      suggestion: unlisted.length > 0 ? allowLine(hosts, unlisted) : null,
      ...{ instance, task: null },
    },
  };
};

/** Remembers what the programs of one sandbox were kept from, and tells each place once: not each request. */
export const makeKeptFrom = (services: DaemonServices, whose: Whose) => {
  const { decide, log } = services;
  const places = { unlisted: new Set<string>(), hidden: new Set<string>() };
  const hosts = (): readonly string[] => services.settings.sandbox.hosts;
  const record = (facts: (state: State) => EventDraft[]): void =>
    // Where the journal refuses, what comes next says so.
    void decide(facts).catch(() => undefined);
  return {
    note: ({ to, why }: Blocked): void => {
      const place = destinationText(to);
      // What no list can name, and a service of this machine, is nothing that one who is shut in proposes.
      const rule = parseHostRule(place);
      const isProposed = why === 'unlisted' && rule !== undefined && rule.host !== LOOPBACK;
      const kind = places[isProposed ? 'unlisted' : 'hidden'];
      if (kind.has(place) || kind.size >= REMEMBERED) return;
      kind.add(place);
      log(
        `the sandbox kept ${whose.name} from ${place}: ${isProposed ? 'not in sandbox.hosts' : 'not on the internet'}`,
      );
      const all = { unlisted: [...places.unlisted], hidden: [...places.hidden] };
      record(() => [raisedFact(whose, hosts(), all)]);
    },
    /** The list has changed: what it has now is told no more, and when nothing is left the alert goes. */
    forgetAllowed: (): void => {
      const rules = hosts().map((host) => parseHostRule(host)!);
      const before = places.unlisted.size;
      for (const place of places.unlisted) {
        const { host, port } = parseHostRule(place)!;
        if (isAllowed(rules, { host, port: port ?? 443 })) places.unlisted.delete(place);
      }
      if (places.unlisted.size === before) return;
      const all = { unlisted: [...places.unlisted], hidden: [...places.hidden] };
      record((state) =>
        all.unlisted.length + all.hidden.length === 0
          ? clearAlertFacts(state, alertId(whose.name), 'sandbox.hosts has it now')
          : [raisedFact(whose, hosts(), all)],
      );
    },
  };
};
