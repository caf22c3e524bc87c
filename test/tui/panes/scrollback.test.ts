import { expect, test, vi } from 'vitest';
import { created } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';

test('a pane is read back line by line and page by page while it stands still, and End shows it live again', async () => {
  const text = Array.from({ length: 200 }, (_, i) => `old ${i + 1}`).join('\r\n');
  const printed = async function* () {
    yield new TextEncoder().encode(`\u001B]0;evil\u0007${text}`);
    yield new TextEncoder().encode('\r\n\u001B[?1049h\u001B[2Jfull screen');
  };
  const view = openView([created(1)], { printed }, { columns: 80, rows: 24 });
  await view.see('rehearsal-1');
  view.logs.print('rehearsal-1', 'live 1');
  await view.see('live 1');
  await view.panes();
  view.type('\u001B[5~');
  await view.see(/‖ reading line \d+ of 200/);
  const before = /reading line (?<line>\d+)/u.exec(view.screen())?.groups?.['line'];
  view.logs.print('rehearsal-1', '\r\nlive 2');
  view.type('\u001B[5~');
  await vi.waitUntil(() => /reading line (?<line>\d+)/u.exec(view.screen())?.groups?.['line'] !== before);
  expect(view.screen()).not.toContain('live 2');
  view.type('\u001B[1~');
  await view.see('reading line 1 of 200');
  await view.see('old 1');
  await view.see('line 1 of 200');
  view.type('\u001B[6~');
  await view.gone('line 1 of 200');
  view.type('\u001B[4~');
  await view.see('live 2');
  expect(view.tty.written.join('')).not.toContain('evil');
  view.type('\u001B[5;2~');
  await view.see('reading line');
  view.type('\u001B');
  await view.see('live 2');
});
