import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';

export type Logger = pino.Logger;

/**
 * The one root logger of a process. `pretty` is for a person at a terminal; machines read JSON.
 * Fields that could hold a secret are cut out whatever their value is.
 */
export function createLogger(options: {
  readonly service: string;
  readonly level?: string;
  readonly pretty?: boolean;
  readonly file?: string;
  /** Hears that the file cannot be written, once until it can be again. The lines are lost then, and nothing else is. */
  readonly onFileTrouble?: (error: Error) => void;
}): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level ?? 'info',
    base: { service: options.service },
    redact: {
      paths: [
        'token',
        '*.token',
        'apiKey',
        '*.apiKey',
        'authorization',
        '*.authorization',
        '*.headers.authorization',
      ],
      censor: '[cut]',
    },
  };
  if (options.file) return pino(settings, fileDestination(options.file, options.onFileTrouble));
  if (!options.pretty) return pino(settings);
  return pino({
    ...settings,
    transport: { target: 'pino-pretty', options: { colorize: true, ignore: 'pid,hostname,service' } },
  });
}

/** What a full disk may keep waiting in memory, in bytes. */
const BACKLOG_MAX = 1_000_000;

/**
 * Throws when the file cannot be opened: a logger without one would throw at its first line. A disk that is full later
 * must not end the process, as an error without a listener would.
 */
function fileDestination(path: string, onTrouble: (error: Error) => void = () => undefined) {
  mkdirSync(dirname(path), { recursive: true });
  const destination = pino.destination({ dest: openSync(path, 'a'), sync: false, maxLength: BACKLOG_MAX });
  let isTroubled = false;
  destination.on('error', (error) => {
    if (!isTroubled) onTrouble(error);
    isTroubled = true;
  });
  destination.on('write', () => {
    isTroubled = false;
  });
  return destination;
}
