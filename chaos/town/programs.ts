// A program that a run starts, kills, freezes and starts again, with its output in a file.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

import { spawnGuarded } from '../../server/launcher/lifeline.ts';

/** How a program is started, each time alike. */
export interface ProgramOptions {
  name: string;
  command: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
  /** Where its output goes, earlier output kept. */
  logFile: string;
}

/** One program; it ends with this process, however that ends. */
export class Program {
  readonly name: string;
  readonly #options: ProgramOptions;
  readonly #log: WriteStream;
  #listeners: { line: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  #child: ChildProcess | undefined;

  constructor(options: ProgramOptions) {
    this.name = options.name;
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
  }

  /** Starts it; the caller finds out by itself when it is ready. Throws when it runs already. */
  start(): void {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    const { command, args, env } = this.#options;
    const child = spawnGuarded(command, args, { env, output: 'pipe' });
    child.stdout?.pipe(this.#log, { end: false });
    child.stdout?.on('data', (chunk: Buffer) => this.#tell(chunk.toString()));
    child.once('exit', () => {
      for (const { reject } of this.#listeners.splice(0)) reject(new Error(`${this.name} ended before it was ready`));
    });
    child.stderr?.pipe(this.#log, { end: false });
    this.#child = child;
  }

  /** Starts it and resolves when it has printed `line`; rejects when it ends before. */
  async startAndSay(line: string): Promise<void> {
    this.start();
    await new Promise<void>((resolve, reject) => this.#listeners.push({ line, resolve, reject }));
  }

  /** True between `start` and its end, frozen or not. */
  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The process id while it runs. */
  get pid(): number | undefined {
    return this.isRunning ? this.#child?.pid : undefined;
  }

  /** Sends a signal without waiting; nothing when it does not run. */
  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#child?.kill(signal);
  }

  /** Resolves when it has ended. */
  async ended(): Promise<void> {
    if (this.#child && this.isRunning) await once(this.#child, 'exit');
  }

  /** Kills it without a warning and resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end and resolves when it has. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  #tell(text: string): void {
    const lines = text.split('\n');
    for (const { resolve } of this.#listeners.filter(({ line }) => lines.includes(line))) resolve();
    this.#listeners = this.#listeners.filter(({ line }) => !lines.includes(line));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || !this.isRunning) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // A frozen program takes no SIGTERM before it goes on.
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    await ended;
  }
}
