// A service writes its log into a file by itself (a pipe would break with us); we read along and show warnings and errors. Bounded: the file is moved
// to `.1` at LOG_BYTES_MAX, the terminal gets at most LINES_MAX lines of one service per reading.
import { closeSync, copyFileSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync, truncateSync } from 'node:fs';

const LOG_BYTES_MAX = 50 * 1024 * 1024;
const READ_BYTES_MAX = 256 * 1024;
const READ_EVERY_MS = 200;
const LINES_MAX = 10;
/** What a service may call its level, and how it is shown. */
const SHOWN = { warn: 'warn', error: 'ERROR', fatal: 'ERROR' };

/** @returns {string | null} what to show of a log line; a line that is no JSON is a crash speaking */
export function noteworthy(line) {
  if (line.trim() === '') return null;
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  if (typeof entry !== 'object' || entry === null || !(entry.level in SHOWN)) return null;
  const { level, time: _time, pid: _pid, hostname: _hostname, app: _app, msg, event, err, ...rest } = entry;
  const words = [SHOWN[level], event, msg, err?.message, Object.keys(rest).length > 0 ? JSON.stringify(rest) : null];
  return words.filter(Boolean).join(' ').slice(0, 500);
}

/** A file descriptor to append to, after moving a large file away. */
export function openLog(file) {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** Calls `show(line)` for what is noteworthy in what is appended from now on. @returns {() => void} reads the rest and stops */
export function follow(file, show) {
  const fd = openSync(file, 'r');
  let offset = fstatSync(fd).size;
  let rest = '';
  const buffer = Buffer.alloc(READ_BYTES_MAX);

  const read = () => {
    const { size } = fstatSync(fd);
    if (size < offset) offset = 0;
    const bytes = readSync(fd, buffer, 0, READ_BYTES_MAX, offset);
    offset += bytes;
    const lines = (rest + buffer.toString('utf8', 0, bytes)).split('\n');
    rest = lines.pop();
    const shown = lines.map(noteworthy).filter((line) => line !== null);
    for (const line of shown.slice(0, LINES_MAX)) show(line);
    if (shown.length > LINES_MAX) show(`... and ${shown.length - LINES_MAX} more lines, see ${file}`);
    if (size > LOG_BYTES_MAX) {
      copyFileSync(file, `${file}.1`);
      truncateSync(file); // the service appends, so it goes on at the beginning
      offset = 0;
    }
  };

  const timer = setInterval(read, READ_EVERY_MS);
  return () => {
    clearInterval(timer);
    read();
    closeSync(fd);
  };
}

/** The end of a log, for a service that did not come up. */
export function lastLines(file, count = 15) {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const bytes = Math.min(size, READ_BYTES_MAX);
    const buffer = Buffer.alloc(bytes);
    readSync(fd, buffer, 0, bytes, size - bytes);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
  } finally {
    closeSync(fd);
  }
}
