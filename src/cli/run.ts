import { main } from './main.ts';

// Whoever reads us may stop reading: `drover logs x | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { env, stdin, stdout, stderr } = process;
process.exitCode = await main(process.argv.slice(2), { env, cwd: process.cwd(), stdin, stdout, stderr });
