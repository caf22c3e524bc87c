// A program that only echoes what is typed: what a key takes there and back on a machine as busy as it is just then.
process.stdin.setRawMode(true);
process.stdin.on('data', (typed) => {
  // Ctrl-U empties the line, as in the prompt of the screen.
  process.stdout.write(String(typed).replaceAll('\u0015', '\r\u001B[K'));
});
