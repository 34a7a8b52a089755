// What of its files a traced program had brought to the disk when it was killed: all that a power cut would leave.

/** Bytes per file, by path. */
export type Lengths = Map<string, number>;

/** `1234 write(8</path>, ""..., 27) = 27`, whole or begun and resumed while another thread came between. */
const CALL = /^(\d+) +(write|fdatasync|fsync)\(\d+<([^>]+)>(?:.*\) += (-?\d+))?/;
const RESUMED = /^(\d+) +<\.\.\. (write|fdatasync|fsync) resumed>.*\) += (-?\d+)/;

/**
 * Reads a trace of `strace -f -y -e trace=write,fdatasync,fsync`.
 *
 * @param before the files' lengths when the program was started; those it made itself begin at 0
 * @returns for each file that it wrote to, the length that its last finished sync covers
 */
export function syncedLengths(trace: string, before: ReadonlyMap<string, number> = new Map()): Lengths {
  const written = new Map(before);
  const synced: Lengths = new Map();
  /** By thread: the call that has begun, and the length that a sync will cover. */
  const begun = new Map<string, { path: string; length: number }>();
  const lengthOf = (path: string): number => written.get(path) ?? 0;
  const finish = ({ call, path, length, result }: { call: string; path: string; length: number; result: number }) => {
    if (result < 0) return;
    if (call === 'write') written.set(path, lengthOf(path) + result);
    else synced.set(path, Math.max(length, synced.get(path) ?? 0));
    if (call === 'write' && !synced.has(path)) synced.set(path, before.get(path) ?? 0);
  };
  for (const line of trace.split('\n')) {
    const [, thread = '', call = '', path = '', result] = CALL.exec(line) ?? [];
    if (call !== '' && result === undefined) begun.set(thread, { path, length: lengthOf(path) });
    else if (call !== '') finish({ call, path, length: lengthOf(path), result: Number(result) });
    const [, resumer = '', resumed = '', outcome] = RESUMED.exec(line) ?? [];
    const known = begun.get(resumer);
    if (known && resumed !== '') finish({ call: resumed, ...known, result: Number(outcome) });
  }
  return synced;
}
