import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPlace, openStage } from './stage.ts';

const mode = (name: string, autonomy: string): readonly string[] => ['--mode', name, '--autonomy', autonomy];

test('it shows the mode that it was started in, and nothing of modes without one', async () => {
  using place = openPlace();
  await using stage = openStage(place, {}, mode('tdd', 'edit'));
  await stage.see('tdd mode · autonomy edit');
  await using plain = openStage(place);
  await plain.see('new conversation');
  expect(plain.shown()).not.toContain('autonomy');
});

test('where it may do nothing alone it asks before it writes, and takes no for an answer', async () => {
  using place = openPlace();
  await using stage = openStage(place, {}, mode('safe', 'ask'));
  stage.type(`${place.task('1', '')}\r`);
  await stage.see('? May I write rehearsal/1.md?');
  expect(existsSync(join(place.work, 'rehearsal/1.md'))).toBe(false);
  stage.type('yes\r');
  await stage.see('Task 1 is done');
  stage.type(`${place.task('2', '')}\r`);
  await stage.see('? May I write rehearsal/2.md?');
  stage.type('No, wait\r');
  await stage.see('was told not to write: No, wait');
  expect(place.git('log', '--format=%s')).toBe('Task 1\nstart');
  expect(place.signals().at(-1)).toMatchObject({ kind: 'failed' });
});

test('where it may do everything it asks nothing', async () => {
  using place = openPlace();
  await using stage = openStage(place, {}, mode('beast', 'full'));
  stage.type(`${place.task('1', 'rehearse: ask Which colour?')}\r`);
  await stage.see('decides alone: Which colour?');
  await stage.see('Task 1 is done');
});

test('where it may only read it reports and changes nothing, unless it is told to misbehave', async () => {
  using place = openPlace();
  await using stage = openStage(place, {}, mode('review', 'read'));
  stage.type(`${place.task('1', '')}\r`);
  await stage.see('Review of task 1: no findings. Seen up to');
  expect(place.git('status', '--porcelain')).toBe('');
  stage.type(`${place.task('2', 'rehearse: write a.txt; dirty')}\r`);
  await stage.see('Review of task 2: no findings.');
  expect(place.git('log', '-1', '--format=%s')).toBe('Task 2');
  expect(place.git('status', '--porcelain')).not.toBe('');
  stage.type(`${place.task('3', 'rehearse: lie')}\r`);
  await stage.see('❯ Task 3');
});

test('a review in a folder that is no repository reports all the same', async () => {
  using place = openPlace();
  await using stage = openStage({ ...place, work: place.path }, {}, mode('review', 'read'));
  stage.type(`${place.task('1', '')}\r`);
  await stage.see('Review of task 1: no findings.');
});
