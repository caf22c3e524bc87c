import type { Sparse } from '../../ports/index.ts';
import { quoted, type Setting } from '../guard.ts';

/** Sections that say how git behaves, and neither lead to a remote place nor hold a key; programs in them run inside only. */
const SECTIONS =
  /^(?:filter|merge|diff|branch|init|pull|rebase|i18n|advice|log|color|alias|apply|format|status|user|core|extensions|remote)\./u;

/** What is not for inside: keys, signatures, and what would lead git out of its folder or start something for nothing. */
const NOT_INSIDE =
  /^(?:user\.signingkey|core\.(?:worktree|bare|sparsecheckout|sparsecheckoutcone|fsmonitor|sshcommand|askpass|gitproxy|editor|pager|alternaterefs.*)|extensions\.(?!objectformat$).*|remote\..*\.(?!url$|fetch$).*)$/u;

/** An address without the name and the password that may stand in it. */
const withoutLogin = (url: string): string => url.replace(/^(?<scheme>[a-z+]+:\/\/)[^/@]*@/iu, '$<scheme>');

const escaped = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;

const entryText = ({ key, value }: Setting): string => {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  const sub = first === last ? '' : ` ${quoted(key.slice(first + 1, last))}`;
  const said = /^remote\..*\.url$/u.test(key) ? withoutLogin(value) : value;
  return `[${key.slice(0, first)}${sub}]\n\t${key.slice(last + 1)} = ${escaped(said)}\n`;
};

/** What git has to see of a sparse checkout wherever it is called: else it takes what is left out for what nobody changed. */
const sparseText = (sparse: Sparse | null): string =>
  sparse === null ? '' : `[core]\n\tsparseCheckout = true\n\tsparseCheckoutCone = ${sparse.cone}\n`;

/** The configuration of a private git directory: what the person has set, as far as it is for inside. */
export const configText = (settings: readonly Setting[], sparse: Sparse | null = null): string => {
  const kept = settings.filter(({ key }) => SECTIONS.test(key) && !NOT_INSIDE.test(key) && !key.includes('\n'));
  const version = kept.some(({ key }) => key === 'extensions.objectformat') ? 1 : 0;
  const own = `[core]\n\trepositoryformatversion = ${version}\n\tbare = false\n\tlogallrefupdates = true\n[gc]\n\tauto = 0\n`;
  return `${kept
    .filter(({ key }) => key !== 'core.repositoryformatversion')
    .map(entryText)
    .join('')}${own}${sparseText(sparse)}`;
};
