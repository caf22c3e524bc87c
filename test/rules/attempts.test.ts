// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what stands here is for a shell.
import { expect, test } from 'vitest';
import { rulingOn } from '../../src/rules/ruling.ts';
import { ALLOWED, ATTEMPTS } from './attempts.ts';

const decisionOn = (subject: string, allow: readonly string[] = ALLOWED): string =>
  rulingOn(
    [{ place: 'permissions', rules: { allow: [...allow] } }],
    { tool: 'Bash', subject, whole: true },
    {
      worktree: '/wt',
      real: null,
    },
  ).decision;

test('[SEC-10] there are at least 200 attempts to get past the rules', () => {
  expect(new Set(ATTEMPTS).size).toBeGreaterThanOrEqual(200);
});

test.each(ATTEMPTS)('[SEC-10] no rule allows %j', (attempt) => {
  expect(decisionOn(attempt)).toBe('ask');
});

test.each([
  'npm test',
  'npm test -- --run test/a.test.ts',
  'npm test # runs them all',
  '# the tests\nnpm test',
  'npm test 2>&1 | tail -n 20',
  'npm test >/dev/null 2>&1 && echo ok || echo failed',
  'npm test && git status',
  'npm test \\\n  -- --run',
  '(npm test)',
  '{ npm test; git status; }',
  'if npm test; then echo ok; else echo failed; fi',
  'for f in a b c; do echo "$f"; done',
  'while npm test; do sleep 1; done',
  'CI=1 npm test',
  'NO_COLOR=1 CI=true npm test',
  'FOO=1 npm ci --silent',
  'time npm test',
  'timeout 60 npm test',
  'timeout 2m npm run test:unit',
  'nohup npm test &',
  'nice -n 10 npm test',
  'npm run test:unit',
  'npm run lint',
  'git log --oneline -5 HEAD~3..HEAD',
  'git log --format="%h %s" -- src/*.ts',
  'git diff HEAD^ -- "src/a b.ts"',
  'git commit -m "fix: it\'s done; really && truly!"',
  'git commit -m "$(cat <<\'EOF\'\nfeat: a title\n\nIts body, with `code` and $(no command).\nEOF\n)"',
  "git commit -F - <<'EOF'\na title\nEOF",
  'git commit -am "größer"',
  'git push origin HEAD:main',
  'git push upstream --dry-run',
  'git push -u origin main',
  'git status; git diff --stat main',
  'git show HEAD:src/a.ts | head -n 40',
  'echo "$HOME ${USER} $?"',
  'echo "today: $(date +%F)"',
  'ls -la src/*.ts [ab]?.md',
  'find . -name "*.ts" -not -path "./node_modules/*" | wc -l',
  'grep -rn "a|b" src | sort -u | head',
  'rg -n --type ts "function (\\w+)\\(" src',
  'sed -n 1,40p src/a.ts',
  "sed -n '10,20p' src/a.ts",
  "sed 's/a/b/g' src/a.ts",
  "awk '{print $1, $NF}' a.txt",
  'cat a.txt | sort -rn',
  'cd packages/a && npm test',
  'bash scripts/check.sh --fast',
  'python3 tools/gen.py --out',
  'node --version',
  'tar -tzf a.tgz',
  'jq -r .name package.json',
  'test -f a.txt && echo there',
  '[ -d src ] || echo none',
  'printf "%s\\n" a b',
  'make build',
  'go test ./... -run TestX -count=1',
  'cargo test --all -- --nocapture',
  'pytest -q tests/test_a.py -k "a and not b"',
  'git log --oneline -5',
  'git diff HEAD~1',
  'git diff --stat HEAD~1 -- *',
  'git log -p -- "$X"',
  'git add -A && git commit --amend --no-edit',
  'git rebase --onto main HEAD~2',
  'git fetch --all --prune',
  'git grep -n "a b" src',
  'git checkout -b topic',
  'git stash push -m "half done"',
  'git worktree list --porcelain',
  'npm run build',
  'npm ls --depth=0',
  'npm install --save-dev vitest',
  'tar tzf a.tgz',
  'tar xzf a.tgz',
  'go build ./...',
  'go vet ./...',
  'cargo clippy --all-targets -- -D warnings',
  'pytest -q',
  'docker ps -a',
  'docker logs --tail 20 a',
  'curl -sS -H "Accept: text/plain" https://example.org',
  'cat src/a.ts src/*.ts',
  "printf '%d\\n' 12",
])('[SEC-10] rules as people write them allow %j', (command) => {
  expect(decisionOn(command)).toBe('allow');
});

test.each([
  ['Bash(ls *)', 'ls'],
  ['Bash(ls *)', 'ls -la'],
  ['Bash(sudo apt-get update)', 'sudo apt-get update'],
  ['Bash(sudo systemctl status:*)', 'sudo systemctl status nginx'],
  ['Bash(xargs wc -l:*)', 'xargs wc -l a'],
  ['Bash(env NODE_ENV=test npm test:*)', 'env NODE_ENV=test npm test a'],
  ['Bash(bash -c "npm test")', 'bash -c "npm test"'],
  ['Bash(python3 -m pytest:*)', 'python3 -m pytest -q'],
  ['Bash(git -c color.ui=false log:*)', 'git -c color.ui=false log -3'],
  ['Bash(source .venv/bin/activate)', 'source .venv/bin/activate'],
  ['Bash(git commit -m "fix: *")', 'git commit -m "fix: a b"'],
  ['Bash(npm run *:*)', 'npm run build x'],
  ['Bash(uv run pytest:*)', 'uv run pytest -q'],
  ['Bash(poetry install)', 'poetry install'],
  ['Bash(npm exec vitest:*)', 'npm exec vitest --run'],
  ['Bash(git submodule update:*)', 'git submodule update --init'],
  ['Bash(git bisect run npm test:*)', 'git bisect run npm test'],
  ['Bash(git config user.name:*)', 'git config user.name me'],
])('[SEC-10] the rule %s, which names it itself, allows %j', (rule, command) => {
  expect(decisionOn(command, [rule])).toBe('allow');
});

test.each([
  ['Bash(ls *)', 'lsof'],
  ['Bash(git bisect:*)', 'git bisect run evil'],
  ['Bash(git bisect run:*)', 'git bisect run evil'],
  ['Bash(git submodule foreach:*)', 'git submodule foreach evil'],
  ['Bash(git merge-index:*)', 'git merge-index evil -a'],
  ['Bash(git rebase:*)', 'git rebase -fx evil HEAD~1'],
  ['Bash(npm exec:*)', 'npm exec evil'],
  ['Bash(uv run:*)', 'uv run evil'],
  ['Bash(poetry:*)', 'poetry run evil'],
  ['Bash(docker run:*)', 'docker run evil'],
  ['Bash(npm test:*)', 'npm t\u0435st'],
  ['Bash(npm test:*)', 'npm testing'],
  ['Bash(npm run lint)', 'npm run lint --silent'],
  ['Bash(git push * --dry-run)', 'git push "evil --dry-run"x --mirror'],
  ['Bash(ls *)', 'ls; evil'],
  ['Bash(* --version)', 'bash -c evil --version'],
  ['Bash(* test)', 'evil test'],
  ['Bash(find . -exec:*)', 'find . -exec evil ";"'],
  ['Bash(git -c:*)', 'git -c core.pager=evil log'],
  ['Bash(bash -c:*)', 'bash -c evil'],
  ['Bash(xargs -n 1:*)', 'xargs -n 1 evil'],
  ['Bash(env FOO=1:*)', 'env FOO=1 evil'],
  ['Bash(git push * --dry-run)', 'git push origin "x --dry-run"'],
  ['Bash(git push * --dry-run *)', 'git push origin "a --dry-run b" c'],
  ['Bash(git commit -m "fix: *")', 'git commit -m "fix: $(evil)"'],
])('[SEC-10] the rule %s does not allow %j', (rule, command) => {
  expect(decisionOn(command, [rule])).toBe('ask');
});
