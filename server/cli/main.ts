// `signalbox`: what can be done with rules without a running box.
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  folder: process.cwd(),
  examples: join(import.meta.dirname, '../../examples'),
  stdin: process.stdin,
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
});
