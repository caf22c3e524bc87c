import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readBounded } from '../files/bounded-file.ts';
import type { AuditFault, AuditRecord, AuditTip } from '../ports/audit.ts';

/** The end of an audit without a record. */
export const BEGINNING: AuditTip = { seq: 0, hash: '0'.repeat(64) };

/** What stands for the command where the audit tells of itself. */
export const OWN_COMMAND = 'open audit';

const NAME = /^\d{12}\.jsonl$/u;
const HEADER = /^# audit v1 first=(?<first>\d+) after=(?<hash>[0-9a-f]{64})$/u;
const LINE = /^(?<hash>[0-9a-f]{64}) (?<json>\{.*\})$/u;
const TIP = /^(?<seq>\d+) (?<hash>[0-9a-f]{64})\n$/u;

/** The words for records that are not there. */
export const missingText = (first: number, last: number): string =>
  first === last ? `record ${first} is missing` : `records ${first} to ${last} are missing`;

/** The files of an audit, in order. */
export const auditFiles = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => []))
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => join(folder, name));

/** The file in which the end of the audit is written down beside it, so that it shows when its last lines are cut off. */
export const tipFile = (folder: string): string => join(folder, 'tip');

export const tipText = ({ seq, hash }: AuditTip): string => `${String(seq).padStart(12, '0')} ${hash}\n`;

/** Many times as long as the longest file that is written, in bytes. */
const LONGEST = 256 * 1024 * 1024;

/** The bytes of a file of the audit. Rejects where something else lies in its place. */
export const readAuditFile = async (path: string): Promise<Buffer> => {
  const { bytes, refused = 'is gone' } = await readBounded(path, LONGEST);
  if (bytes === undefined) throw new Error(`${path} ${refused}`);
  return bytes;
};

/** The end as it was written down; undefined when that is not there or not to be read. */
export const readTip = async (folder: string): Promise<AuditTip | undefined> => {
  const { seq, hash } = TIP.exec((await readAuditFile(tipFile(folder)).catch(() => '')).toString())?.groups ?? {};
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
};

export const fileNameFor = (first: number): string => `${String(first).padStart(12, '0')}.jsonl`;

export const headerOf = ({ seq, hash }: AuditTip): string => `# audit v1 first=${seq + 1} after=${hash}`;

/** Each line is hashed together with the one before it, so that none can be changed, moved or taken out alone. */
const hashAfter = (before: string, json: string): string =>
  createHash('sha256').update(`${before} ${json}`).digest('hex');

/** The line of a record, and the end of the audit with it. */
export const lineOf = (record: AuditRecord, before: AuditTip): { readonly text: string; readonly tip: AuditTip } => {
  const json = JSON.stringify(record);
  const hash = hashAfter(before.hash, json);
  return { text: `${hash} ${json}\n`, tip: { seq: record.seq, hash } };
};

type Line = { readonly hash: string; readonly json: string; readonly record: AuditRecord };

const recordIn = (line: string): Line | undefined => {
  const { hash, json } = LINE.exec(line)?.groups ?? {};
  if (hash === undefined || json === undefined) return undefined;
  try {
    const record = JSON.parse(json) as AuditRecord;
    return typeof record.seq === 'number' ? { hash, json, record } : undefined;
  } catch {
    return undefined;
  }
};

type Checked = { readonly tip: AuditTip; readonly fault: AuditFault | null };

const headerFault = (line: string, before: AuditTip): string | undefined => {
  const { first, hash } = HEADER.exec(line)?.groups ?? {};
  if (first === undefined) return 'its first line is none of the audit';
  if (Number(first) > before.seq + 1) return `before it ${missingText(before.seq + 1, Number(first) - 1)}`;
  return Number(first) === before.seq + 1 && hash === before.hash
    ? undefined
    : 'it does not continue what comes before it';
};

const lineFault = (line: string, before: AuditTip): string | undefined => {
  const found = recordIn(line);
  if (!found) return 'it is no record';
  const { hash, json, record } = found;
  if (record.seq > before.seq + 1) return `before it ${missingText(before.seq + 1, record.seq - 1)}`;
  if (record.seq !== before.seq + 1 || hashAfter(before.hash, json) !== hash)
    return 'it was changed, or does not belong here';
  return record.command === OWN_COMMAND && record.exit !== 0 ? record.result : undefined;
};

/** Goes through one file, as far as it is sound. */
const checkFile = (file: string, text: string, before: AuditTip, noted: AuditTip | undefined): Checked => {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const faultAt = (line: number, what: string): AuditFault => ({ file: basename(file), line, what });
  const wrongHeader = headerFault(lines[0] ?? '', before);
  if (wrongHeader !== undefined) return { tip: before, fault: faultAt(1, wrongHeader) };
  let tip = before;
  for (const [index, line] of lines.slice(1).entries()) {
    const wrong = lineFault(line, tip);
    if (wrong !== undefined) return { tip, fault: faultAt(index + 2, wrong) };
    tip = { seq: tip.seq + 1, hash: line.slice(0, 64) };
    if (tip.seq === noted?.seq && tip.hash !== noted.hash)
      return { tip, fault: faultAt(index + 2, 'everything up to it was written anew') };
  }
  return { tip, fault: rest === '' ? null : faultAt(lines.length + 1, 'it is cut') };
};

/** What the end that was written down beside the audit says of the one that is there. */
const endFault = (tip: AuditTip, noted: AuditTip | undefined, last: string): AuditFault | null => {
  if (!noted)
    return tip.seq === 0 ? null : { file: 'tip', line: 1, what: 'the end of the audit is not written down there' };
  if (noted.seq <= tip.seq) return null;
  // Its name tells the first record of a file, and the first line of it is a header.
  const line = tip.seq - Number.parseInt(last, 10) + 3;
  return { file: last, line, what: `at the end ${missingText(tip.seq + 1, noted.seq)}` };
};

/** Goes through an audit from its first line to its end; the first fault ends it. */
export const verifyAudit = async (folder: string): Promise<Checked> => {
  // First, because the audit may grow meanwhile.
  const noted = await readTip(folder);
  const files = await auditFiles(folder);
  let tip = BEGINNING;
  for (const file of files) {
    const checked = checkFile(file, (await readAuditFile(file)).toString('utf8'), tip, noted);
    if (checked.fault) return checked;
    tip = checked.tip;
  }
  return { tip, fault: endFault(tip, noted, basename(files.at(-1) ?? fileNameFor(1))) };
};

/** The records as they stand there, whether or not somebody changed them. */
export const readAudit = async function* (folder: string): AsyncGenerator<AuditRecord, void, void> {
  for (const file of await auditFiles(folder))
    for (const line of (await readAuditFile(file)).toString('utf8').split('\n')) {
      const found = recordIn(line);
      if (found) yield found.record;
    }
};
