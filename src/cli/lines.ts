/** The lines of a stream as they come; a line ends with a line feed, with or without a carriage return before it. */
export async function* linesOf(stream: NodeJS.ReadStream): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield line.replace(/\r$/u, '');
  }
  if (rest !== '') yield rest;
}
